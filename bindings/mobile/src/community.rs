//! The community: where everything starts.

use std::sync::Arc;

use cop_core::{CommunityOptions, ManualClock, ScriptedIds};
use cop_search::TantivyIndex;

use crate::error::CopError;
use crate::input::NewCommunity;
use crate::record::CommunityRecord;
use crate::session::Session;
use crate::value::{Cross, MemberId, Timestamp};

/// An open community. Safe to share between threads.
///
/// Everything is read and written through a session, which speaks for someone. A session keeps the community
/// open: the file is closed when the community and all its sessions are.
#[derive(uniffi::Object)]
pub struct Community(cop_core::Community);

#[uniffi::export]
impl Community {
    /// Founds a community in a new file, conventionally `*.cop`, with its search index beside it.
    #[uniffi::constructor]
    pub fn create(path: String, community: NewCommunity) -> Result<Arc<Self>, CopError> {
        Ok(Arc::new(Self(cop_search::create(path, community.cross())?)))
    }

    /// Opens a community's file, with its search index beside it.
    #[uniffi::constructor]
    pub fn open(path: String) -> Result<Arc<Self>, CopError> {
        Ok(Arc::new(Self(cop_search::open(path)?)))
    }

    /// Founds a community in memory; it is gone with the last session.
    #[uniffi::constructor]
    pub fn in_memory(community: NewCommunity) -> Result<Arc<Self>, CopError> {
        Ok(Arc::new(Self(cop_search::in_memory(community.cross())?)))
    }

    /// Founds a community in memory whose clock stands still and whose ids repeat: for tests.
    #[uniffi::constructor]
    pub fn scripted(name: String, clock: Timestamp, id_seed: u16) -> Result<Arc<Self>, CopError> {
        let options = CommunityOptions::new()
            .with_clock(ManualClock::new(clock))
            .with_ids(ScriptedIds::new(id_seed))
            .with_index(TantivyIndex::in_memory());
        Ok(Arc::new(Self(options.in_memory(cop_core::NewCommunity::new(name))?)))
    }

    /// A session of a member, whom the app has authenticated.
    pub fn as_member(&self, id: MemberId) -> Result<Arc<Session>, CopError> {
        Ok(Arc::new(Session(self.0.as_member(id)?)))
    }

    /// A session of somebody who is not signed in: sees what is public.
    pub fn as_guest(&self) -> Arc<Session> {
        Arc::new(Session(self.0.as_guest()))
    }

    /// The host's own session: looks after the community, imports, and needs no authorisation. Sealed
    /// resources do not exist for it either.
    pub fn steward(&self) -> Arc<Session> {
        Arc::new(Session(self.0.steward()))
    }

    /// What the community is.
    pub fn about(&self) -> Result<CommunityRecord, CopError> {
        Ok(self.0.about()?.cross())
    }

    /// The position of the last change; grows with every write.
    pub fn head(&self) -> Result<i64, CopError> {
        Ok(self.0.head()?)
    }
}
