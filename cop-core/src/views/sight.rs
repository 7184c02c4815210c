//! What somebody sees of the community at a moment.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::access::{Viewer, redact};
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::{AnyRecord, Member, Record, RecordKind};
use crate::ops::Reads;

/// A viewer before one consistent state of the store.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    /// The state.
    pub(crate) reads: &'a dyn Reads,
    /// Who looks.
    pub(crate) viewer: &'a Viewer,
    /// When.
    pub(crate) now: DateTime<Utc>,
}

impl Sight<'_> {
    /// The record, where it exists and they may read it; what is kept from them is taken out.
    pub(crate) fn see<R: Record>(&self, id: R::Id) -> Result<Option<R>>
    where
        Uuid: From<R::Id>,
    {
        let found = self.reads.visible(self.viewer, R::KIND, id.into())?;
        Ok(found.and_then(|record| R::from_any(redact(record, self.viewer))))
    }

    /// The record, or `NotFound`, which does not tell whether it is hidden or missing.
    pub(crate) fn find<R: Record>(&self, id: R::Id) -> Result<R>
    where
        Uuid: From<R::Id>,
    {
        self.see::<R>(id)?.ok_or_else(|| Error::NotFound { kind: R::KIND.name(), id: id.to_string() })
    }

    /// The person, as the record that stands for all of theirs.
    pub(crate) fn person(&self, id: MemberId) -> Result<Member> {
        let member = self.find::<Member>(id)?;
        match member.merged_into {
            Some(root) => self.find::<Member>(root),
            None => Ok(member),
        }
    }

    /// Those of the records that they may read.
    pub(crate) fn only<R: Record>(&self, records: Vec<R>) -> Result<Vec<R>> {
        let mut seen = Vec::new();
        for record in records {
            seen.extend(self.readable(record.into())?.and_then(R::from_any));
        }
        Ok(seen)
    }

    /// The records of a kind with this key that they may read.
    pub(crate) fn with_key<R: Record>(&self, key: &str) -> Result<Vec<R>>
    where
        Uuid: From<R::Id>,
    {
        let mut seen = Vec::new();
        for id in self.reads.find(R::KIND, key)? {
            seen.extend(self.see::<R>(id.into())?);
        }
        Ok(seen)
    }

    /// Every record of a kind that they may read, one after the other. For kinds that depend on no other record.
    pub(crate) fn each(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord)) -> Result<()> {
        self.reads.each(kind, &mut |record| {
            if self.viewer.may_read_record(&record, None) {
                each(redact(record, self.viewer));
            }
            Ok(())
        })
    }

    fn readable(&self, record: AnyRecord) -> Result<Option<AnyRecord>> {
        let parent = self.reads.parent(&record)?;
        let readable = self.viewer.may_read_record(&record, parent.as_ref());
        Ok(Some(record).filter(|_| readable).map(|record| redact(record, self.viewer)))
    }
}
