//! Who wants to know that the community has changed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::error::CopError;
use crate::open::Shared;

/// Is told whenever something was written through this library, and after a `resume`.
#[uniffi::export(foreign)]
pub trait Watcher: Send + Sync {
    /// Something was written; `head` is the position of the last change. Called on the thread that wrote, after it
    /// wrote: be quick, and write nothing here.
    fn changed(&self, head: i64) -> Result<(), CopError>;
}

impl From<uniffi::UnexpectedUniFFICallbackError> for CopError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        cop_core::Error::Internal(format!("a watcher failed: {}", error.reason)).into()
    }
}

/// Somebody watches, until this is closed.
#[derive(uniffi::Object)]
pub struct Watch {
    shared: Weak<Shared>,
    number: u64,
}

impl Watch {
    pub(crate) fn begin(shared: &Arc<Shared>, watcher: Arc<dyn Watcher>) -> Arc<Self> {
        let number = shared.watchers.add(watcher);
        Arc::new(Self { shared: Arc::downgrade(shared), number })
    }
}

#[uniffi::export]
impl Watch {
    /// The watcher is told nothing more. Closing does the same.
    pub fn stop(&self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.watchers.remove(self.number);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}

/// All who watch a community.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<List>);

#[derive(Default)]
struct List {
    last: u64,
    all: Vec<(u64, Arc<dyn Watcher>)>,
}

impl Watchers {
    fn add(&self, watcher: Arc<dyn Watcher>) -> u64 {
        let mut list = self.list();
        list.last += 1;
        let number = list.last;
        list.all.push((number, watcher));
        number
    }

    fn remove(&self, number: u64) {
        // What another language does when it loses its watcher is not done with the list in hand.
        let gone = {
            let mut list = self.list();
            let place = list.all.iter().position(|(it, _)| *it == number);
            place.map(|place| list.all.swap_remove(place))
        };
        drop(gone);
    }

    /// Everybody who watches at this moment.
    pub fn all(&self) -> Vec<Arc<dyn Watcher>> {
        self.list().all.iter().map(|(_, watcher)| Arc::clone(watcher)).collect()
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
