//! The community: where everything starts.

use std::sync::Arc;

use cop_core::{CommunityOptions, ManualClock, ScriptedIds};

use crate::error::CopError;
use crate::input::NewCommunity;
use crate::open::{File, Shared, Who, with_index_in_memory};
use crate::record::CommunityRecord;
use crate::session::Session;
use crate::value::{Cross, MemberId, Timestamp};
use crate::watch::{Watch, Watcher};

/// An open community. Safe to share between threads.
///
/// Everything is read and written through a session, which speaks for someone. A session keeps the community
/// open: the file is closed when the community and all its sessions are.
#[derive(uniffi::Object)]
pub struct Community(Arc<Shared>);

impl Community {
    fn new(community: cop_core::Community, file: Option<File>) -> Arc<Self> {
        Arc::new(Self(Arc::new(Shared::new(community, file))))
    }

    fn session(&self, who: Who) -> Arc<Session> {
        Arc::new(Session { shared: Arc::clone(&self.0), who })
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
        Ok(Self::new(file.create(community.cross())?, Some(file)))
    }

    /// Opens a community's file, with its search index beside it.
    ///
    /// With `low_memory` it takes less, for a phone that has little: 2 MiB of pages for every thread that reads or
    /// writes at the same time, an eighth of what searches remember, and a log of at most 4 MiB beside the file.
    #[uniffi::constructor(default(low_memory = false))]
    pub fn open(path: String, low_memory: bool) -> Result<Arc<Self>, CopError> {
        let file = File { path: path.into(), low_memory };
        Ok(Self::new(file.open()?, Some(file)))
    }

    /// Founds a community in memory; it is gone with the last session.
    #[uniffi::constructor]
    pub fn in_memory(community: NewCommunity) -> Result<Arc<Self>, CopError> {
        let options = with_index_in_memory(CommunityOptions::new());
        Ok(Self::new(options.in_memory(community.cross())?, None))
    }

    /// Founds a community in memory whose clock stands still and whose ids repeat: for tests.
    #[uniffi::constructor]
    pub fn scripted(name: String, clock: Timestamp, id_seed: u16) -> Result<Arc<Self>, CopError> {
        let options = CommunityOptions::new().with_clock(ManualClock::new(clock)).with_ids(ScriptedIds::new(id_seed));
        let options = with_index_in_memory(options);
        Ok(Self::new(options.in_memory(cop_core::NewCommunity::new(name))?, None))
    }

    /// A session of a member, whom the app has authenticated.
    pub fn as_member(&self, id: MemberId) -> Result<Arc<Session>, CopError> {
        // Of the person behind a record that was merged.
        let person = self.0.session(Who::Member(id), |session| Ok(session.member_id()))?;
        Ok(self.session(Who::Member(person.unwrap_or(id))))
    }

    /// A session of somebody who is not signed in: sees what is public.
    pub fn as_guest(&self) -> Arc<Session> {
        self.session(Who::Guest)
    }

    /// The host's own session: looks after the community, imports, and needs no authorisation. Sealed
    /// resources do not exist for it either.
    pub fn steward(&self) -> Arc<Session> {
        self.session(Who::Host)
    }

    /// What the community is.
    pub fn about(&self) -> Result<CommunityRecord, CopError> {
        self.0.community(|community| Ok(community.about()?.cross()))
    }

    /// The position of the last change; grows with every write.
    pub fn head(&self) -> Result<i64, CopError> {
        self.0.community(|community| Ok(community.head()?))
    }

    /// Brings the search index up to date now, instead of at a search that finds much changed; answers with the
    /// number of records it took in. Searches do not wait for it, and `interrupt` stops it.
    pub fn catch_up(&self) -> Result<i64, CopError> {
        let mut goes_on = self.0.unless_interrupted();
        self.0.community(|community| Ok(community.catch_up_with(&mut |_| goes_on())?.cross()))
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

    /// Gives back every lock and every open file, once the calls that are running have returned, or were interrupted: for
    /// an app that goes to the background. Everything that was acknowledged is in the file then, which alone is a backup.
    ///
    /// Calls are refused with `community.on_standby` until `resume`. A community in memory stays.
    pub fn stand_by(&self) {
        self.0.stand_by();
    }

    /// Opens the file again after `stand_by`; sessions go on where they were.
    pub fn resume(&self) -> Result<(), CopError> {
        self.0.resume()
    }

    /// Whether it is open, and does not stand by.
    pub fn is_open(&self) -> bool {
        self.0.is_open()
    }
}
