//! The community's file while it is open, and while it is not.
//!
//! Every call looks up the open community anew. So standing by is no more than dropping it: whoever still works with it
//! is waited for, then every connection, lock and file is given back, and the next call is told.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use cop_core::{CommunityOptions, MemberId, NewCommunity};

use crate::error::CopError;
use crate::watch::Watchers;

/// A community that is open or stands by; what its handles share.
pub(crate) struct Shared {
    open: RwLock<Option<Open>>,
    /// Where it is opened again; nowhere, where it is in memory.
    file: Option<File>,
    pub watchers: Watchers,
    /// How often somebody asked to stop.
    interrupts: AtomicU64,
}

/// A community's file, and how much memory it may take.
pub(crate) struct File {
    pub path: PathBuf,
    pub low_memory: bool,
}

struct Open {
    community: cop_core::Community,
    /// The members' sessions, so that only the first call looks up who they are.
    members: Mutex<HashMap<MemberId, cop_core::Session>>,
}

/// Whom a session speaks for.
#[derive(Clone, Copy)]
pub(crate) enum Who {
    Host,
    Guest,
    Member(MemberId),
}

impl Shared {
    /// An open community; one in a file can stand by.
    pub fn new(community: cop_core::Community, file: Option<File>) -> Self {
        let open = RwLock::new(Some(Open::new(community)));
        Self { open, file, watchers: Watchers::default(), interrupts: AtomicU64::new(0) }
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

    /// Gives everything back that the file needs, once the calls that are running have returned.
    pub fn stand_by(&self) {
        if self.file.is_some() {
            self.interrupt();
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            *open = None;
        }
    }

    /// Opens the file again, unless it is open.
    pub fn resume(&self) -> Result<(), CopError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let (None, Some(file)) = (&*open, &self.file) {
            *open = Some(Open::new(file.open()?));
        }
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.lock().is_some()
    }

    /// Calls the community.
    pub fn community<T>(&self, call: impl FnOnce(&cop_core::Community) -> Result<T, CopError>) -> Result<T, CopError> {
        match &*self.lock() {
            Some(open) => call(&open.community),
            None => Err(standing_by()),
        }
    }

    /// Calls the community as somebody.
    pub fn session<T>(
        &self,
        who: Who,
        call: impl FnOnce(&cop_core::Session) -> Result<T, CopError>,
    ) -> Result<T, CopError> {
        let open = self.lock();
        let open = open.as_ref().ok_or_else(standing_by)?;
        match who {
            Who::Host => call(&open.community.steward()),
            Who::Guest => call(&open.community.as_guest()),
            Who::Member(id) => call(&open.member(id)?),
        }
    }

    fn lock(&self) -> RwLockReadGuard<'_, Option<Open>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn new(community: cop_core::Community) -> Self {
        Self { community, members: Mutex::default() }
    }

    fn member(&self, id: MemberId) -> Result<cop_core::Session, CopError> {
        if let Some(session) = self.members().get(&id) {
            return Ok(session.clone());
        }
        let session = self.community.as_member(id)?;
        self.members().insert(id, session.clone());
        Ok(session)
    }

    fn members(&self) -> MutexGuard<'_, HashMap<MemberId, cop_core::Session>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

fn standing_by() -> CopError {
    let detail = "it stands by; call resume first";
    cop_core::Error::Precondition(vec![cop_core::Problem::new("community", "community.on_standby", detail)]).into()
}
