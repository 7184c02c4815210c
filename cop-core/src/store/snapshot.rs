//! One consistent state of the store, as readers and the search index see it.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::engine::{Row, Tx};
use super::remembered::Remembered;
use super::rows::{Listing, Rows, Stored, held, read_change, read_named, read_row};
use super::schema::{Position, scope};
use super::sql;
use crate::access::Viewer;
use crate::change::{Actor, Change};
use crate::clock::Stamp;
use crate::error::Result;
use crate::model::{
    AnyRecord, Association, AssociationKind, Record, RecordKind, RecordRef, Standard, StandardCode, Value,
};
use crate::ops::Reads;
use crate::search::{Document, SEARCHED, SearchSource, SourceDoc};

/// One consistent state of the store.
pub(crate) struct Snapshot<'a> {
    rows: Rows<'a>,
    /// Where the log stands, once somebody asked.
    at: OnceCell<Position>,
    remembered: &'a Remembered,
}

/// A snapshot that knows where in the log it stands: what an index follows.
pub(crate) struct Source<'a> {
    snapshot: Snapshot<'a>,
    at: Position,
}

impl<'a> Source<'a> {
    pub(super) fn begin(tx: Box<dyn Tx + 'a>, remembered: &'a Remembered) -> Result<Self> {
        let snapshot = Snapshot::begin(tx, remembered);
        Ok(Self { at: snapshot.position()?, snapshot })
    }
}

impl<'a> Deref for Source<'a> {
    type Target = Snapshot<'a>;

    fn deref(&self) -> &Self::Target {
        &self.snapshot
    }
}

impl<'a> Snapshot<'a> {
    pub(super) fn begin(tx: Box<dyn Tx + 'a>, remembered: &'a Remembered) -> Self {
        Self { rows: Rows::new(tx), at: OnceCell::new(), remembered }
    }

    fn position(&self) -> Result<Position> {
        if let Some(at) = self.at.get() {
            return Ok(*at);
        }
        let at = scope(&*self.rows.tx)?.at;
        Ok(*self.at.get_or_init(|| at))
    }

    /// What `actor` holds.
    pub fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Arc<Viewer>> {
        let look_up = || self.rows.viewer(actor, now).map(Arc::new);
        match actor {
            Actor::Member(id) => self.remembered.viewers.get(self.position()?, (id, now.date_naive()), look_up),
            Actor::System => look_up(),
        }
    }

    /// The record, if `viewer` may read it.
    pub fn visible_record(&self, viewer: &Viewer, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>> {
        self.reads().visible(viewer, kind, id)
    }

    /// The ids of the records with this key that `viewer` may read.
    pub fn find_visible(&self, viewer: &Viewer, kind: RecordKind, key: &str) -> Result<Vec<AnyRecord>> {
        let mut found = Vec::new();
        for id in self.rows.find(kind, key)? {
            found.extend(self.visible_record(viewer, kind, id)?);
        }
        Ok(found)
    }

    /// The records of a kind that `viewer` may read, one by one, with the positions at which they were made.
    pub fn each(
        &self,
        kind: RecordKind,
        viewer: &Viewer,
        listing: &Listing,
        each: &mut dyn FnMut(i64, AnyRecord) -> Result<()>,
    ) -> Result<()> {
        self.rows.list(kind, Some(viewer), listing, &mut |stored| each(stored.seq, stored.record))
    }

    /// All the records of a kind that `viewer` may read.
    pub fn all(&self, kind: RecordKind, viewer: &Viewer) -> Result<Vec<AnyRecord>> {
        let mut found = Vec::new();
        self.each(kind, viewer, &Listing { limit: usize::MAX, ..Listing::default() }, &mut |_, record| {
            found.push(record);
            Ok(())
        })?;
        Ok(found)
    }

    /// Columns of the records of a kind that `viewer` may read, row by row: as the store has them, nothing redacted.
    pub fn scan(
        &self,
        kind: RecordKind,
        viewer: &Viewer,
        listing: &Listing,
        columns: &[&str],
        each: &mut dyn FnMut(&dyn Row) -> Result<()>,
    ) -> Result<()> {
        self.rows.scan(kind, viewer, listing, columns, each)
    }

    /// What rules and views read.
    pub fn reads(&self) -> &dyn Reads {
        &self.rows
    }

    /// The log after `seq`, at most `limit` entries.
    pub fn changes(&self, seq: i64, limit: usize) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows.tx.each(sql::CHANGES, &[Value::Int(seq), Value::Int(limit)], &mut |row| {
            changes.push(read_change(row)?);
            Ok(())
        })?;
        Ok(changes)
    }
}

impl SearchSource for Source<'_> {
    fn store_id(&self) -> Uuid {
        self.at.store
    }

    fn head(&self) -> i64 {
        self.at.head
    }

    fn stamp_at(&self, seq: i64) -> Result<Option<Stamp>> {
        let mut found = None;
        self.rows.tx.each(sql::STAMP, &[Value::Int(seq)], &mut |row| {
            found = Some(Stamp::from_bits(row.int(0)?));
            Ok(())
        })?;
        Ok(found)
    }

    fn changed_since(&self, seq: i64, each: &mut dyn FnMut(SourceDoc) -> Result<()>) -> Result<()> {
        let document = |stored: Stored| SourceDoc {
            ordinal: stored.seq,
            class: stored.class,
            document: Some(stored.record).filter(|_| !stored.deleted).and_then(Document::of),
        };
        if seq <= 0 {
            let mut all = SEARCHED.into_iter();
            return all.try_for_each(|kind| self.rows.by_audience(kind, &mut |stored| each(document(stored))));
        }
        for kind in SEARCHED {
            let mut ids = Vec::new();
            let name = Value::Text(kind.name().to_owned());
            self.rows.tx.each(sql::CHANGED, &[Value::Int(seq), name], &mut |row| {
                ids.extend(row.id(0)?);
                Ok(())
            })?;
            let mut changed = Vec::with_capacity(ids.len());
            for id in ids {
                changed.extend(self.rows.stored(kind, id)?.map(document));
            }
            changed.sort_by_key(|doc: &SourceDoc| (doc.class, doc.ordinal));
            changed.into_iter().try_for_each(&mut *each)?;
        }
        Ok(())
    }

    fn count_changed(&self, seq: i64) -> Result<u64> {
        let mut count = 0;
        for kind in SEARCHED {
            let name = Value::Text(kind.name().to_owned());
            self.rows.tx.each(sql::COUNT_CHANGED, &[Value::Int(seq), name], &mut |row| {
                count += row.int(0)? as u64;
                Ok(())
            })?;
        }
        Ok(count)
    }

    fn erased_since(&self, seq: i64) -> Result<bool> {
        let mut erased = false;
        self.rows.tx.each(sql::ERASED, &[Value::Int(seq)], &mut |_| {
            erased = true;
            Ok(())
        })?;
        Ok(erased)
    }

    fn classes(&self, viewer: &Viewer) -> Result<Arc<[i64]>> {
        self.remembered.classes.get(self.at, (viewer.tokens.clone(), viewer.today), || {
            let values: Vec<Value> = held(viewer).collect();
            let mut classes = BTreeSet::new();
            self.rows.tx.each(&sql::classes_of(viewer.tokens.len(), 1), &values, &mut |row| {
                classes.insert(row.int(0)?);
                Ok(())
            })?;
            Ok(classes.into_iter().collect())
        })
    }

    fn document(&self, viewer: &Viewer, record: RecordRef) -> Result<Option<(i64, Document)>> {
        let stored = self.rows.stored(record.kind, record.id)?;
        Ok(stored.and_then(|stored| Some((stored.seq, read_document(viewer, stored)?))))
    }

    fn synonyms(&self) -> Result<Vec<BTreeSet<String>>> {
        Ok(self.reads().community()?.map(|community| community.policies.synonyms).unwrap_or_default())
    }

    fn related(&self, viewer: &Viewer, codes: &BTreeSet<String>) -> Result<BTreeSet<String>> {
        use AssociationKind as A;
        let standards = self.all(RecordKind::Standard, viewer)?.into_iter();
        // By what associations call them, so that it does not matter which framework has which.
        let known: HashMap<String, String> = standards
            .filter_map(Standard::from_any)
            .filter_map(|standard| Some((standard.identifier.to_lowercase(), standard.code_key?)))
            .collect();
        let asked: BTreeSet<String> =
            codes.iter().filter_map(|code| StandardCode::new(code)).map(|code| code.to_string()).collect();
        // `5.NF.3` means `5.NF.B.3`, and `5.NF` everything below it.
        let meant = |code: &String| {
            StandardCode::new(code).is_some_and(|code| code.keys().iter().any(|key| asked.contains(key)))
        };
        let mut related = BTreeSet::new();
        for record in self.all(RecordKind::Association, viewer)? {
            let Some(association) = Association::from_any(record) else { continue };
            if ![A::Precedes, A::IsRelatedTo, A::ExactMatchOf].contains(&association.kind) {
                continue;
            }
            let ends =
                [association.origin, association.destination].map(|end| known.get(&end.identifier.to_lowercase()));
            if let [Some(origin), Some(destination)] = ends {
                related.extend(meant(origin).then(|| destination.clone()));
                related.extend(meant(destination).then(|| origin.clone()));
            }
        }
        Ok(related)
    }

    fn visible(&self, viewer: &Viewer, ordinal: i64) -> Result<Option<Document>> {
        // A position in the log belongs to one record, whatever its kind.
        for kind in SEARCHED {
            let mut found = None;
            self.rows.tx.each(&sql::table(kind).at, &[Value::Int(ordinal)], &mut |row| {
                found = Some(read_row(kind, row)?);
                Ok(())
            })?;
            if let Some(stored) = found {
                return Ok(read_document(viewer, stored));
            }
        }
        Ok(None)
    }

    fn named(&self, viewer: &Viewer, ordinals: &[i64]) -> Result<Vec<Option<Document>>> {
        let classes = self.classes(viewer)?;
        let named = |&ordinal: &i64| {
            let mut found = None;
            self.rows.tx.each(sql::RESOURCE_NAMED, &[Value::Int(ordinal)], &mut |row| {
                found = Some(read_named(row)?);
                Ok(())
            })?;
            match found {
                Some((class, named)) => Ok(classes.binary_search(&class).is_ok().then_some(named)),
                // Of another kind, or of none that is there.
                None => self.visible(viewer, ordinal),
            }
        };
        ordinals.iter().map(named).collect()
    }
}

/// What is searched of a row, if `viewer` may read it.
fn read_document(viewer: &Viewer, stored: Stored) -> Option<Document> {
    let visible = !stored.deleted && viewer.may_read_record(&stored.record, None);
    Some(stored.record).filter(|_| visible).and_then(Document::of)
}
