//! The store: records in typed columns, the change log beside them, and one way to write both.
//!
//! Invariants: a row is what its log entries amount to; positions in the log have no gaps; one writer at a
//! time per community, and the first statement of every write locks the `scope` row. Engines sit behind a
//! private seam; may import everything below `community`.

#[cfg(any(test, feature = "testing"))]
pub mod contract;
pub(crate) mod engine;
mod keys;
#[cfg(all(test, feature = "sqlite"))]
mod lint;
pub(crate) mod schema;
pub(crate) mod sql;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

pub use keys::{external_key, keys, system_key};

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::access::{Token, Viewer, audience, audience_of_kind};
use crate::change::{Actor, CREATED_BY, Change, ChangeSet, Life, Patch};
use crate::clock::Stamp;
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::record::{ColumnType, Header};
use crate::model::{AnyRecord, Member, Membership, Organization, Record, RecordKind, Resource, Value};
use crate::ops::Reads;
use crate::search::{SearchSource, SourceDoc};
use engine::{Engine, Row, Tx};

/// One community's database.
pub(crate) struct Store {
    engine: Box<dyn Engine>,
}

impl Store {
    /// A store in a new, empty database, with what `found` writes first; all or nothing.
    pub fn create(
        engine: Box<dyn Engine>,
        store: Uuid,
        found: impl FnOnce(&WriteTx<'_>) -> Result<()>,
    ) -> Result<Self> {
        let tx = engine.write()?;
        schema::migrate(&*tx, engine.dialect(), 0, store)?;
        let write = WriteTx::begin(tx)?;
        found(&write)?;
        write.commit()?;
        Ok(Self { engine })
    }

    /// The store in an existing database, brought to this library's schema.
    pub fn open(engine: Box<dyn Engine>) -> Result<Self> {
        let (schema, compat) = {
            let tx = engine.read()?;
            let mut found = None;
            tx.each(sql::HEAD, &[], &mut |row| {
                found = Some((row.int(3)?, row.int(4)?));
                Ok(())
            })?;
            found.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))?
        };
        schema::check_compat(schema, compat)?;
        if schema < schema::SCHEMA {
            let tx = engine.write()?;
            schema::migrate(&*tx, engine.dialect(), schema, Uuid::nil())?;
            tx.commit()?;
        }
        Ok(Self { engine })
    }

    /// A consistent snapshot.
    pub fn read(&self) -> Result<Snapshot<'_>> {
        Snapshot::begin(self.engine.read()?)
    }

    /// The one write transaction.
    pub fn write(&self) -> Result<WriteTx<'_>> {
        WriteTx::begin(self.engine.write()?)
    }
}

/// What to list: conditions on columns, a key, and where to go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    /// Columns that must have these values.
    pub equal: Vec<(&'static str, Value)>,
    /// Keys that the record must have.
    pub keys: Vec<String>,
    /// Only records that were made after this position.
    pub after: i64,
    /// At most so many.
    pub limit: usize,
}

/// Typed reads over a transaction.
struct Rows<'a>(Box<dyn Tx + 'a>);

/// A stored record with what the store knows beside it.
struct Stored {
    seq: i64,
    deleted: bool,
    class: i64,
    record: AnyRecord,
}

impl Rows<'_> {
    fn stored(&self, kind: RecordKind, id: Uuid) -> Result<Option<Stored>> {
        let mut found = None;
        self.0.each(&sql::table(kind).get, &[Value::Id(id)], &mut |row| {
            found = Some(read_row(kind, row)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn list(
        &self,
        kind: RecordKind,
        viewer: Option<&Viewer>,
        listing: &Listing,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let mut sql = format!("{} WHERE deleted = 0 AND seq > $1", sql::table(kind).select);
        let mut values = vec![Value::Int(listing.after)];
        for (column, value) in &listing.equal {
            values.push(value.clone());
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
        for key in &listing.keys {
            let first = values.len() + 1;
            sql.push_str(&format!(
                " AND id IN (SELECT record FROM lookup WHERE kind = ${first} AND key = ${})",
                first + 1
            ));
            values.extend([Value::Text(kind.name().to_owned()), Value::Text(key.clone())]);
        }
        if let Some(viewer) = viewer {
            let shared = audience_of_kind(kind);
            if shared.is_empty() {
                let classes = sql::classes_of(viewer.tokens.len(), values.len() + 1);
                sql.push_str(&format!(" AND audience IN ({classes})"));
                values.extend(viewer.tokens.iter().map(|token| Value::Text(token.to_string())));
            } else if !viewer.may_read(&shared) {
                // Members also see themselves; of the other kinds nothing is left.
                let Some(member) = viewer.member.filter(|_| kind == RecordKind::Member) else { return Ok(()) };
                values.push(Value::Id(member.uuid()));
                sql.push_str(&format!(" AND id = ${}", values.len()));
            }
        }
        values.push(Value::Int(i64::try_from(listing.limit).unwrap_or(i64::MAX)));
        sql.push_str(&format!(" ORDER BY seq LIMIT ${}", values.len()));
        self.0.each(&sql, &values, &mut |row| each(read_row(kind, row)?))
    }

    fn memberships(&self, member: Option<MemberId>, team: Option<TeamId>) -> Result<Vec<Membership>> {
        let (condition, values) = match (member, team) {
            (Some(member), Some(team)) => {
                (sql::MEMBERSHIPS_OF_BOTH, vec![Value::Id(member.uuid()), Value::Id(team.uuid())])
            }
            (Some(member), None) => (sql::MEMBERSHIPS_OF_MEMBER, vec![Value::Id(member.uuid())]),
            (None, Some(team)) => (sql::MEMBERSHIPS_IN_TEAM, vec![Value::Id(team.uuid())]),
            (None, None) => return Ok(Vec::new()),
        };
        let sql =
            format!("{} WHERE {condition} AND deleted = 0 ORDER BY seq", sql::table(RecordKind::Membership).select);
        let mut found = Vec::new();
        self.0.each(&sql, &values, &mut |row| {
            found.extend(Membership::from_any(read_row(RecordKind::Membership, row)?.record));
            Ok(())
        })?;
        Ok(found)
    }

    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        let mut found = Vec::new();
        let values = [Value::Text(kind.name().to_owned()), Value::Text(key.to_owned())];
        self.0.each(sql::FIND, &values, &mut |row| {
            found.extend(row.id(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    fn change(&self, seq: i64) -> Result<Option<Change>> {
        let mut found = None;
        self.0.each(sql::CHANGE, &[Value::Int(seq)], &mut |row| {
            found = Some(read_change(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// What a member holds: their tokens, from their memberships, affiliations and the tree above these.
    fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Viewer> {
        let Actor::Member(id) = actor else { return Ok(Viewer::host()) };
        let missing = || Error::NotFound { kind: "member", id: id.to_string() };
        let stored =
            self.stored(RecordKind::Member, id.uuid())?.filter(|stored| !stored.deleted).ok_or_else(missing)?;
        let member = Member::from_any(stored.record).ok_or_else(missing)?;
        let memberships = self.memberships(Some(id), None)?;
        let today = now.date_naive();
        let mut organizations = BTreeSet::new();
        for affiliation in member.affiliations.iter().filter(|affiliation| affiliation.in_force(today)) {
            let mut next = Some(affiliation.organization);
            while let Some(at) = next.filter(|at| organizations.insert(*at)) {
                next = self.organization(at)?.and_then(|organization| organization.parent);
            }
        }
        Ok(Viewer::member(&member, &memberships, organizations))
    }

    fn organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
        let stored = self.stored(RecordKind::Organization, id.uuid())?;
        Ok(stored.filter(|stored| !stored.deleted).and_then(|stored| Organization::from_any(stored.record)))
    }
}

impl Reads for Rows<'_> {
    fn get(&self, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>> {
        Ok(self.stored(kind, id)?.filter(|stored| !stored.deleted).map(|stored| stored.record))
    }

    fn exists(&self, kind: RecordKind, id: Uuid) -> Result<bool> {
        Ok(self.stored(kind, id)?.is_some())
    }

    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        Rows::find(self, kind, key)
    }

    fn memberships(&self, member: Option<MemberId>, team: Option<TeamId>) -> Result<Vec<Membership>> {
        Rows::memberships(self, member, team)
    }
}

/// One consistent state of the store.
pub(crate) struct Snapshot<'a> {
    rows: Rows<'a>,
    store: Uuid,
    head: i64,
}

impl<'a> Snapshot<'a> {
    fn begin(tx: Box<dyn Tx + 'a>) -> Result<Self> {
        let mut position = None;
        tx.each(sql::HEAD, &[], &mut |row| {
            position = Some((row.id(0)?.unwrap_or_default(), row.int(1)?));
            Ok(())
        })?;
        let (store, head) = position.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))?;
        Ok(Self { rows: Rows(tx), store, head })
    }

    /// What `actor` holds.
    pub fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Viewer> {
        self.rows.viewer(actor, now)
    }

    /// The record, if `viewer` may read it.
    pub fn visible_record(&self, viewer: &Viewer, kind: RecordKind, id: Uuid) -> Result<Option<AnyRecord>> {
        let record = Reads::get(&self.rows, kind, id)?;
        Ok(record.filter(|record| viewer.may_read(&audience(record))))
    }

    /// The ids of the records with this key that `viewer` may read.
    pub fn find_visible(&self, viewer: &Viewer, kind: RecordKind, key: &str) -> Result<Vec<AnyRecord>> {
        let mut found = Vec::new();
        for id in self.rows.find(kind, key)? {
            found.extend(self.visible_record(viewer, kind, id)?);
        }
        Ok(found)
    }

    /// The records of a kind that `viewer` may read, with the positions at which they were made.
    pub fn list(&self, kind: RecordKind, viewer: &Viewer, listing: &Listing) -> Result<Vec<(i64, AnyRecord)>> {
        let mut found = Vec::new();
        self.rows.list(kind, Some(viewer), listing, &mut |stored| {
            found.push((stored.seq, stored.record));
            Ok(())
        })?;
        Ok(found)
    }

    /// A record's changes, oldest first.
    pub fn history(&self, kind: RecordKind, id: Uuid) -> Result<Vec<Change>> {
        let mut next = self.rows.stored(kind, id)?.map_or(0, |stored| stored.record.header().revision);
        let mut changes = Vec::new();
        while next > 0 {
            let Some(change) = self.rows.change(next)? else {
                return Err(Error::Corrupt(format!("change {next} is missing from the log")));
            };
            if change.previous >= next {
                return Err(Error::Corrupt(format!("change {next} points forward")));
            }
            next = change.previous;
            changes.push(change);
        }
        changes.reverse();
        Ok(changes)
    }

    /// The log after `seq`, at most `limit` entries.
    pub fn changes(&self, seq: i64, limit: usize) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows.0.each(sql::CHANGES, &[Value::Int(seq), Value::Int(limit)], &mut |row| {
            changes.push(read_change(row)?);
            Ok(())
        })?;
        Ok(changes)
    }
}

impl SearchSource for Snapshot<'_> {
    fn store_id(&self) -> Uuid {
        self.store
    }

    fn head(&self) -> i64 {
        self.head
    }

    fn stamp_at(&self, seq: i64) -> Result<Option<Stamp>> {
        let mut found = None;
        self.rows.0.each(sql::STAMP, &[Value::Int(seq)], &mut |row| {
            found = Some(Stamp::from_bits(row.int(0)?));
            Ok(())
        })?;
        Ok(found)
    }

    fn changed_since(&self, seq: i64, each: &mut dyn FnMut(SourceDoc) -> Result<()>) -> Result<()> {
        let document = |stored: Stored| SourceDoc {
            ordinal: stored.seq,
            class: stored.class,
            resource: Resource::from_any(stored.record).filter(|_| !stored.deleted),
        };
        if seq <= 0 {
            let listing = Listing { limit: usize::MAX, ..Listing::default() };
            return self.rows.list(RecordKind::Resource, None, &listing, &mut |stored| each(document(stored)));
        }
        let mut ids = Vec::new();
        let kind = Value::Text(RecordKind::Resource.name().to_owned());
        self.rows.0.each(sql::CHANGED, &[Value::Int(seq), kind], &mut |row| {
            ids.extend(row.id(0)?);
            Ok(())
        })?;
        let mut changed = Vec::with_capacity(ids.len());
        for id in ids {
            changed.extend(self.rows.stored(RecordKind::Resource, id)?.map(document));
        }
        changed.sort_by_key(|doc: &SourceDoc| doc.ordinal);
        changed.into_iter().try_for_each(each)
    }

    fn classes(&self, viewer: &Viewer) -> Result<Vec<i64>> {
        let values: Vec<Value> = viewer.tokens.iter().map(|token| Value::Text(token.to_string())).collect();
        let mut classes = Vec::new();
        self.rows.0.each(&sql::classes_of(values.len(), 1), &values, &mut |row| {
            classes.push(row.int(0)?);
            Ok(())
        })?;
        classes.sort_unstable();
        classes.dedup();
        Ok(classes)
    }

    fn visible(&self, viewer: &Viewer, ordinal: i64) -> Result<Option<Resource>> {
        let mut found = None;
        self.rows.0.each(&sql::table(RecordKind::Resource).at, &[Value::Int(ordinal)], &mut |row| {
            found = Some(read_row(RecordKind::Resource, row)?);
            Ok(())
        })?;
        let found = found.filter(|stored| !stored.deleted && viewer.may_read(&audience(&stored.record)));
        Ok(found.and_then(|stored| Resource::from_any(stored.record)))
    }
}

/// The one write transaction: decides see what it wrote already.
pub(crate) struct WriteTx<'a> {
    rows: Rows<'a>,
    head: Cell<i64>,
    stamp: Cell<Stamp>,
    classes: RefCell<HashMap<BTreeSet<Token>, i64>>,
}

impl<'a> WriteTx<'a> {
    fn begin(tx: Box<dyn Tx + 'a>) -> Result<Self> {
        let mut position = None;
        tx.each(sql::LOCK, &[], &mut |row| {
            position = Some((row.int(0)?, row.int(1)?));
            Ok(())
        })?;
        let (head, stamp) = position.ok_or_else(|| Error::Corrupt("the scope row is missing".to_owned()))?;
        Ok(Self {
            rows: Rows(tx),
            head: Cell::new(head),
            stamp: Cell::new(Stamp::from_bits(stamp)),
            classes: RefCell::default(),
        })
    }

    /// What rules read.
    pub fn reads(&self) -> &dyn Reads {
        &self.rows
    }

    /// What `actor` holds.
    pub fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Viewer> {
        self.rows.viewer(actor, now)
    }

    /// The position of the last change so far.
    #[cfg(feature = "interop")]
    pub fn head(&self) -> i64 {
        self.head.get()
    }

    /// The time of the next change: the clock's, but never before the last change's.
    pub fn time(&self, clock: DateTime<Utc>) -> DateTime<Utc> {
        self.stamp.get().tick(clock.timestamp_millis()).at()
    }

    /// Writes rows, log entries, keys and audiences of one decision. Answers with the record it is about,
    /// as it is now.
    pub fn apply(&self, mut changes: ChangeSet, actor: Actor, clock: DateTime<Utc>) -> Result<AnyRecord> {
        let op_seq = self.head.get() + 1;
        for (index, write) in changes.writes.iter_mut().enumerate() {
            let kind = write.after.kind();
            let fields = kind.fields();
            let before = write.before.as_ref().map(AnyRecord::values);
            let after = write.after.values();
            let mut patch = Patch::between(fields, before.as_deref(), &after);
            if before.is_none() && write.after.header().created_by != actor.member() {
                // The host may make a record that is somebody's: the log must say whose.
                patch.set(CREATED_BY, write.after.header().created_by);
            }
            if patch.is_empty() && !write.deleted && before.is_some() {
                continue;
            }
            let seq = self.head.get() + 1;
            let stamp = self.stamp.get().tick(clock.timestamp_millis());
            self.head.set(seq);
            self.stamp.set(stamp);
            let previous = write.before.as_ref().map_or(0, |record| record.header().revision);
            write.after.stamp(stamp.at(), seq);
            let life = match (&write.before, write.deleted) {
                (_, true) => Life::Deleted,
                (None, _) => Life::Created,
                _ => Life::Revised,
            };
            let header = write.after.header();
            self.rows.0.exec(
                sql::APPEND,
                &[
                    Value::Int(seq),
                    Value::Int(stamp.bits()),
                    Value::Int(op_seq),
                    Value::Text(changes.op.to_owned()),
                    actor.member().map_or(Value::Null, |member| Value::Id(member.uuid())),
                    Value::Text(kind.name().to_owned()),
                    Value::Id(header.id),
                    Value::Text(life.name().to_owned()),
                    Value::Int(previous),
                    Value::Text(patch.to_text()),
                ],
            )?;
            self.write_row(&write.after, &header, after, life, seq)?;
            self.write_keys(write.before.as_ref(), (!write.deleted).then_some(&write.after))?;
            if index == 0 {
                changes.subject = write.after.clone();
            }
        }
        Ok(changes.subject)
    }

    /// Commits; answers with the position of the last change.
    pub fn commit(self) -> Result<i64> {
        let head = self.head.get();
        self.rows.0.exec(sql::ADVANCE, &[Value::Int(head), Value::Int(self.stamp.get().bits())])?;
        self.rows.0.commit()?;
        Ok(head)
    }

    fn write_row(&self, record: &AnyRecord, header: &Header, fields: Vec<Value>, life: Life, seq: i64) -> Result<()> {
        let class = match audience_of_kind(record.kind()).is_empty() {
            true => self.class_of(audience(record))?,
            false => 0,
        };
        let micros = |at: DateTime<Utc>| Value::Int(at.timestamp_micros());
        let mut values = Vec::with_capacity(sql::HEADER_COLUMNS + fields.len());
        let table = sql::table(record.kind());
        if life == Life::Created {
            values.extend([
                Value::Int(seq),
                Value::Id(header.id),
                header.created_by.map_or(Value::Null, |member| Value::Id(member.uuid())),
                micros(header.created_at),
            ]);
        }
        values.extend([
            micros(header.revised_at),
            Value::Int(header.revision),
            Value::Int(i64::from(life == Life::Deleted)),
            Value::Int(class),
        ]);
        values.extend(fields);
        if life == Life::Created {
            self.rows.0.exec(&table.insert, &values)?;
        } else {
            values.push(Value::Id(header.id));
            self.rows.0.exec(&table.update, &values)?;
        }
        Ok(())
    }

    fn write_keys(&self, before: Option<&AnyRecord>, after: Option<&AnyRecord>) -> Result<()> {
        let old = before.map(keys).unwrap_or_default();
        let new = after.map(keys).unwrap_or_default();
        let Some(record) = after.or(before) else { return Ok(()) };
        let row = |key: &String| {
            [Value::Text(record.kind().name().to_owned()), Value::Text(key.clone()), Value::Id(record.header().id)]
        };
        old.difference(&new).try_for_each(|key| self.rows.0.exec(sql::DROP_KEY, &row(key)).map(drop))?;
        new.difference(&old).try_for_each(|key| self.rows.0.exec(sql::ADD_KEY, &row(key)).map(drop))
    }

    /// The class of this audience; a new one where it is the first of its kind.
    fn class_of(&self, audience: BTreeSet<Token>) -> Result<i64> {
        if let Some(&class) = self.classes.borrow().get(&audience) {
            return Ok(class);
        }
        let tokens: Vec<String> = audience.iter().map(Token::to_string).collect();
        let text = Value::Text(tokens.join(" "));
        let one = |sql: &str, values: &[Value]| -> Result<Option<i64>> {
            let mut found = None;
            self.rows.0.each(sql, values, &mut |row| {
                found = Some(row.int(0)?);
                Ok(())
            })?;
            Ok(found)
        };
        let class = match one(sql::CLASS, std::slice::from_ref(&text))? {
            Some(class) => class,
            None => {
                let class = one(sql::LAST_CLASS, &[])?.unwrap_or(0) + 1;
                self.rows.0.exec(sql::ADD_CLASS, &[Value::Int(class), text])?;
                for token in tokens {
                    self.rows.0.exec(sql::ADD_CLASS_TOKEN, &[Value::Text(token), Value::Int(class)])?;
                }
                class
            }
        };
        self.classes.borrow_mut().insert(audience, class);
        Ok(class)
    }
}

fn read_row(kind: RecordKind, row: &dyn Row) -> Result<Stored> {
    let time = |index| {
        let micros = row.int(index)?;
        DateTime::from_timestamp_micros(micros).ok_or_else(|| Error::Corrupt("a time out of range".to_owned()))
    };
    let header = Header {
        id: row.id(1)?.ok_or_else(|| Error::Corrupt("a row without id".to_owned()))?,
        created_by: row.id(2)?.map(MemberId::new),
        created_at: time(3)?,
        revised_at: time(4)?,
        revision: row.int(5)?,
    };
    let fields = kind.fields().iter().enumerate();
    let values: Result<Vec<Value>> =
        fields.map(|(index, field)| row.value(sql::HEADER_COLUMNS + index, field.column)).collect();
    Ok(Stored {
        seq: row.int(0)?,
        deleted: row.int(6)? != 0,
        class: row.int(7)?,
        record: AnyRecord::from_values(kind, header, values?)?,
    })
}

fn read_change(row: &dyn Row) -> Result<Change> {
    let unknown = || Error::Corrupt("an unknown word in the change log".to_owned());
    Ok(Change {
        seq: row.int(0)?,
        stamp: Stamp::from_bits(row.int(1)?),
        op_seq: row.int(2)?,
        op: row.text(3)?,
        actor: row.id(4)?.map(MemberId::new),
        kind: RecordKind::parse(&row.text(5)?).ok_or_else(unknown)?,
        id: row.id(6)?.ok_or_else(unknown)?,
        life: Life::parse(&row.text(7)?).ok_or_else(unknown)?,
        previous: row.int(8)?,
        patch: match row.value(9, ColumnType::Text)? {
            Value::Text(text) => Patch::from_text(&text)?,
            _ => return Err(unknown()),
        },
    })
}
