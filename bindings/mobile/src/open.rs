//! The community while it is open: what its handles share, and what it is opened with.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use cop_core::{CommunityOptions, NewCommunity};

use crate::error::CopError;
use crate::watch::Watchers;

/// What a community's handles share.
pub(crate) struct Shared {
    pub community: cop_core::Community,
    pub watchers: Watchers,
    /// How often somebody asked to stop.
    interrupts: AtomicU64,
}

impl Shared {
    pub fn new(community: cop_core::Community) -> Self {
        Self { community, watchers: Watchers::default(), interrupts: AtomicU64::new(0) }
    }

    /// Tells everybody who watches.
    pub fn tell(&self) {
        let watchers = self.watchers.all();
        // What was written is written: a watcher that fails changes nothing about that.
        if !watchers.is_empty()
            && let Ok(head) = self.community.head()
        {
            for watcher in watchers {
                watcher.changed(head).ok();
            }
        }
    }

    /// Stops what is being written in many steps.
    pub fn interrupt(&self) {
        self.interrupts.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether to go on, for something that begins now: until somebody interrupts.
    pub fn unless_interrupted(&self) -> impl FnMut() -> ControlFlow<()> + '_ {
        let began = self.interrupts.load(Ordering::Relaxed);
        move || match self.interrupts.load(Ordering::Relaxed) == began {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// A community's file, and how much memory it may take.
pub(crate) struct File {
    pub path: PathBuf,
    pub low_memory: bool,
}

impl File {
    pub fn create(&self, new: NewCommunity) -> Result<cop_core::Community, CopError> {
        Ok(self.options().create(&self.path, new)?)
    }

    pub fn open(&self) -> Result<cop_core::Community, CopError> {
        Ok(self.options().open(&self.path)?)
    }

    fn options(&self) -> CommunityOptions {
        let options = with_index_beside(CommunityOptions::new(), self);
        if self.low_memory { options.with_low_memory() } else { options }
    }
}

#[cfg(feature = "search")]
fn with_index_beside(options: CommunityOptions, file: &File) -> CommunityOptions {
    let index = cop_search::TantivyIndex::beside(&file.path);
    options.with_index(if file.low_memory { index.with_low_memory() } else { index })
}

#[cfg(feature = "search")]
pub(crate) fn with_index_in_memory(options: CommunityOptions) -> CommunityOptions {
    options.with_index(cop_search::TantivyIndex::in_memory())
}

// Without an index, the core reads everything that is searched.
#[cfg(not(feature = "search"))]
fn with_index_beside(options: CommunityOptions, _: &File) -> CommunityOptions {
    options
}

#[cfg(not(feature = "search"))]
pub(crate) fn with_index_in_memory(options: CommunityOptions) -> CommunityOptions {
    options
}
