//! The community: where everything starts.

use std::sync::Arc;
use std::time::Duration;

use cop_core::{CommunityOptions, ManualClock, ScriptedIds};

use crate::error::CopError;
use crate::input::NewCommunity;
use crate::open::{File, Shared, with_index_in_memory};
use crate::record::CommunityRecord;
use crate::session::Session;
use crate::value::{Cross, MemberId, Timestamp, Uuid};
use crate::view::Health;
use crate::watch::{Watch, Watcher};

/// An open community. Safe to share between threads.
///
/// Everything is read and written through a session, which speaks for someone. A session keeps the community
/// open: the file is closed when the community and all its sessions are.
#[derive(uniffi::Object)]
pub struct Community(Arc<Shared>);

impl Community {
    fn new(community: cop_core::Community) -> Arc<Self> {
        Arc::new(Self(Arc::new(Shared::new(community))))
    }

    fn session(&self, session: cop_core::Session) -> Arc<Session> {
        Arc::new(Session { shared: Arc::clone(&self.0), session })
    }
}

#[uniffi::export]
impl Community {
    /// Founds a community in a new file, conventionally `*.cop`, with its search index beside it.
    ///
    /// With `low_memory`, as `open` says.
    #[uniffi::constructor(default(low_memory = false))]
    pub fn create(path: String, community: NewCommunity, low_memory: bool) -> Result<Arc<Self>, CopError> {
        let file = File { path: path.into(), low_memory };
        Ok(Self::new(file.create(community.cross())?))
    }

    /// Opens a community's file, with its search index beside it.
    ///
    /// With `low_memory` it takes less, for a phone that has little: 2 MiB of pages for every thread that reads or
    /// writes at the same time, an eighth of what searches remember, and a log of at most 4 MiB beside the file.
    #[uniffi::constructor(default(low_memory = false))]
    pub fn open(path: String, low_memory: bool) -> Result<Arc<Self>, CopError> {
        let file = File { path: path.into(), low_memory };
        Ok(Self::new(file.open()?))
    }

    /// Founds a community in memory; it is gone with the last session.
    #[uniffi::constructor]
    pub fn in_memory(community: NewCommunity) -> Result<Arc<Self>, CopError> {
        let options = with_index_in_memory(CommunityOptions::new());
        Ok(Self::new(options.in_memory(community.cross())?))
    }

    /// Founds a community in memory whose clock stands still and whose ids repeat: for tests.
    #[uniffi::constructor]
    pub fn scripted(name: String, clock: Timestamp, id_seed: u16) -> Result<Arc<Self>, CopError> {
        let options = CommunityOptions::new().with_clock(ManualClock::new(clock)).with_ids(ScriptedIds::new(id_seed));
        let options = with_index_in_memory(options);
        Ok(Self::new(options.in_memory(cop_core::NewCommunity::new(name))?))
    }

    /// A session of a member, whom the app has authenticated.
    pub fn as_member(&self, id: MemberId) -> Result<Arc<Session>, CopError> {
        Ok(self.session(self.0.community.as_member(id)?))
    }

    /// A session of somebody who is not signed in: sees what is public.
    pub fn as_guest(&self) -> Arc<Session> {
        self.session(self.0.community.as_guest())
    }

    /// The host's own session: looks after the community, imports, and needs no authorisation. Sealed
    /// resources do not exist for it either.
    pub fn steward(&self) -> Arc<Session> {
        self.session(self.0.community.steward())
    }

    /// What the community is.
    pub fn about(&self) -> Result<CommunityRecord, CopError> {
        Ok(self.0.community.about()?.cross())
    }

    /// The position of the last change; grows with every write.
    pub fn head(&self) -> Result<i64, CopError> {
        Ok(self.0.community.head()?)
    }

    /// Brings the search index up to date now, instead of at a search that finds much changed; answers with the
    /// number of records it took in. Searches do not wait for it, and `interrupt` stops it.
    pub fn catch_up(&self) -> Result<i64, CopError> {
        let mut goes_on = self.0.unless_interrupted();
        Ok(self.0.community.catch_up_with(&mut |_| goes_on())?.cross())
    }

    /// Tells `watcher` of everything that is written from now on through this handle and its sessions.
    pub fn watch(&self, watcher: Arc<dyn Watcher>) -> Arc<Watch> {
        Watch::begin(&self.0, watcher)
    }

    /// Stops what is being done in many steps at this moment, from any thread: `apply_all_json`, of which nothing is
    /// written then, and `catch_up`. They throw `Interrupted`. Everything else is soon done by itself.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }

    /// Gives back every lock and every open file, of the search index also, for an app that goes to the background.
    /// What is under way is interrupted and leaves nothing; what was acknowledged is in the file. Throws `Busy` when
    /// something has not ended after `patience_ms` milliseconds: what it holds is given back as soon as it does.
    ///
    /// Calls are refused with `Interrupted`, `store.suspended`, until `resume`. A community in memory stays.
    #[uniffi::method(default(patience_ms = 2000))]
    pub fn stand_by(&self, patience_ms: i32) -> Result<(), CopError> {
        Ok(self.0.community.suspend(milliseconds(patience_ms))?)
    }

    /// Lets calls in again after `stand_by`; sessions go on where they were. The file is opened when it is next needed:
    /// at once where somebody watches, who is told, as others may have written meanwhile.
    pub fn resume(&self) {
        if self.0.community.is_suspended() {
            self.0.community.resume();
            self.0.tell();
        }
    }

    /// Whether it is open, and does not stand by.
    pub fn is_open(&self) -> bool {
        !self.0.community.is_suspended()
    }

    /// Waits for changes after position `seq`, whoever makes them, at most so many milliseconds; answers with the position
    /// of the last change, which is `seq` or less when there were none. Not on a thread that draws.
    pub fn wait_for_changes(&self, seq: i64, timeout_ms: i32) -> Result<i64, CopError> {
        Ok(self.0.community.wait_for_changes(seq, milliseconds(timeout_ms))?)
    }

    /// Copies the community into a new file, as it is now, while others go on writing: a backup. The copy is compared
    /// with what was copied before it is there. Answers with the `checksum` of both.
    pub fn copy_to(&self, path: String) -> Result<Uuid, CopError> {
        Ok(self.0.community.copy_to(path)?)
    }

    /// A checksum of everything that is in the community: equal for equal states, and for a copy.
    pub fn checksum(&self) -> Result<Uuid, CopError> {
        Ok(self.0.community.checksum()?)
    }

    /// Looks whether the file is whole, and what is derived from the records. Writes nothing. The search index looks
    /// after itself.
    pub fn check(&self) -> Result<Health, CopError> {
        Ok(self.0.community.check()?.cross())
    }

    /// Makes what is derived from the records anew, where it is not what it must be; answers with how much that was.
    pub fn repair(&self) -> Result<i64, CopError> {
        Ok(self.0.community.repair()?.cross())
    }
}

/// Moves a damaged file aside, with what lies beside it: `math.cop` becomes `math.cop.damaged-1`, and its place is free for
/// a copy. Nothing is deleted. Answers with where it is now. Nobody may have it open.
#[uniffi::export]
pub fn set_aside(path: String) -> Result<String, CopError> {
    Ok(cop_core::Community::set_aside(path)?.to_string_lossy().into_owned())
}

/// So many milliseconds; less than none is none.
fn milliseconds(number: i32) -> Duration {
    Duration::from_millis(u64::try_from(number).unwrap_or(0))
}
