//! Typed reads over a transaction: rows become records.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::engine::{Row, Tx};
use super::{THE_COMMUNITY, sql};
use crate::access::{Viewer, audience_of_kind, own_column};
use crate::change::{Actor, Change, Life, Patch};
use crate::clock::Stamp;
use crate::error::{Error, Result};
use crate::id::MemberId;
use crate::model::record::{Column, ColumnType, Header};
use crate::model::{AnyRecord, RecordKind, RecordRef, Value};
use crate::ops::{Kept, Reads};
use crate::search::Document;

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
pub(super) struct Rows<'a> {
    pub(super) tx: Box<dyn Tx + 'a>,
    /// Records that many operations of one transaction read: where people work, what they attend.
    cache: RefCell<HashMap<RecordRef, Kept>>,
    /// The community's own record, once found: there is one, for ever.
    community: Cell<Option<Uuid>>,
}

/// How many records are looked up by one statement.
const TOGETHER: usize = 64;
/// Most records that a transaction remembers.
const REMEMBERED: usize = 4_096;

fn is_remembered(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Community | RecordKind::Organization | RecordKind::Team)
}

/// A stored record with what the store knows beside it.
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) deleted: bool,
    pub(super) class: i64,
    pub(super) record: AnyRecord,
}

impl<'a> Rows<'a> {
    pub(super) fn new(tx: Box<dyn Tx + 'a>) -> Self {
        Self { tx, cache: RefCell::default(), community: Cell::new(None) }
    }

    /// Forgets a record that is being written.
    pub(super) fn changed(&self, record: RecordRef) {
        self.cache.borrow_mut().remove(&record);
    }
}

impl Rows<'_> {
    pub(super) fn stored(&self, kind: RecordKind, id: Uuid) -> Result<Option<Stored>> {
        let mut found = None;
        self.tx.each(&sql::table(kind).get, &[Value::Id(id)], &mut |row| {
            found = Some(read_row(kind, row)?);
            Ok(())
        })?;
        Ok(found)
    }

    pub(super) fn list(
        &self,
        kind: RecordKind,
        viewer: Option<&Viewer>,
        listing: &Listing,
        each: &mut dyn FnMut(Stored) -> Result<()>,
    ) -> Result<()> {
        let Some((which, values)) = conditions(kind, viewer, listing) else { return Ok(()) };
        let sql = format!("{}{which}", sql::table(kind).select);
        self.tx.each(&sql, &values, &mut |row| each(read_row(kind, row)?))
    }

    /// Every record of a kind, audience by audience, and then in the order they were added.
    pub(super) fn by_audience(&self, kind: RecordKind, each: &mut dyn FnMut(Stored) -> Result<()>) -> Result<()> {
        let mut all = Vec::new();
        self.tx.each(&sql::table(kind).by_audience, &[], &mut |row| {
            all.push(row.int(0)?);
            Ok(())
        })?;
        // Some at a time, so that no engine has to put whole tables in order.
        let sql =
            format!("{} WHERE seq IN ({}) ORDER BY audience, seq", sql::table(kind).select, sql::places(TOGETHER, 1));
        for chunk in all.chunks(TOGETHER) {
            let values: Vec<Value> = padded(chunk).map(|&seq| Value::Int(seq)).collect();
            self.tx.each(&sql, &values, &mut |row| each(read_row(kind, row)?))?;
        }
        Ok(())
    }

    /// Columns of the records that [`Self::list`] would give, row by row.
    pub(super) fn scan(
        &self,
        kind: RecordKind,
        viewer: &Viewer,
        listing: &Listing,
        columns: &[&str],
        each: &mut dyn FnMut(&dyn Row) -> Result<()>,
    ) -> Result<()> {
        let Some((which, values)) = conditions(kind, Some(viewer), listing) else { return Ok(()) };
        self.tx.each(&format!("SELECT {} FROM {}{which}", columns.join(", "), kind.name()), &values, each)
    }

    pub(super) fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        let is_community = kind == RecordKind::Community && key == THE_COMMUNITY;
        if let Some(community) = self.community.get().filter(|_| is_community) {
            return Ok(vec![community]);
        }
        let mut found = Vec::new();
        let values = [Value::Text(kind.name().to_owned()), Value::Text(key.to_owned())];
        self.tx.each(sql::FIND, &values, &mut |row| {
            found.extend(row.id(0)?);
            Ok(())
        })?;
        if is_community {
            self.community.set(found.first().copied());
        }
        Ok(found)
    }

    pub(super) fn change(&self, seq: i64) -> Result<Option<Change>> {
        let mut found = None;
        self.tx.each(sql::CHANGE, &[Value::Int(seq)], &mut |row| {
            found = Some(read_change(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// What a member holds: their tokens, from their memberships, affiliations and the tree above these.
    pub(super) fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Viewer> {
        let Actor::Member(id) = actor else { return Ok(Viewer::host(now.date_naive())) };
        let missing = || Error::NotFound { kind: "member", id: id.to_string() };
        let reads: &dyn Reads = self;
        let member = reads.person(id)?.ok_or_else(missing)?;
        let id = member.id;
        let people = reads.people(id)?;
        let mut memberships = Vec::new();
        for &person in &people {
            memberships.extend(reads.memberships(Some(person), None)?);
        }
        let today = now.date_naive();
        let mut organizations = BTreeSet::new();
        for affiliation in member.affiliations.iter().filter(|affiliation| affiliation.in_force(today)) {
            reads.add_with_all_above(affiliation.organization, &mut organizations)?;
        }
        Ok(Viewer::member(&member, people, &memberships, organizations, today))
    }
}

impl Reads for Rows<'_> {
    fn kept(&self, kind: RecordKind, id: Uuid) -> Result<Option<Kept>> {
        let reference = RecordRef { kind, id };
        if let Some(kept) = self.cache.borrow().get(&reference) {
            return Ok(Some(kept.clone()));
        }
        let kept = self.stored(kind, id)?.map(|stored| Kept { record: stored.record, deleted: stored.deleted });
        if let Some(kept) = kept.as_ref().filter(|_| is_remembered(kind)) {
            let mut cache = self.cache.borrow_mut();
            if cache.len() < REMEMBERED {
                cache.insert(reference, kept.clone());
            }
        }
        Ok(kept)
    }

    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        Rows::find(self, kind, key)
    }

    fn related(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<AnyRecord>> {
        debug_assert!(super::schema::is_indexed(kind, column), "{kind}.{column} is asked for and has no index");
        let sql = format!("{} WHERE {column} = $1 AND deleted = 0 ORDER BY seq", sql::table(kind).select);
        let mut found = Vec::new();
        self.tx.each(&sql, &[Value::Id(id)], &mut |row| {
            found.push(read_row(kind, row)?.record);
            Ok(())
        })?;
        Ok(found)
    }

    fn kept_with(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<Kept>> {
        debug_assert!(super::schema::is_indexed(kind, column), "{kind}.{column} is asked for and has no index");
        let sql = format!("{} WHERE {column} = $1 ORDER BY seq", sql::table(kind).select);
        let mut found = Vec::new();
        self.tx.each(&sql, &[Value::Id(id)], &mut |row| {
            let stored = read_row(kind, row)?;
            found.push(Kept { record: stored.record, deleted: stored.deleted });
            Ok(())
        })?;
        Ok(found)
    }

    fn roots(&self, ids: &[MemberId]) -> Result<HashMap<MemberId, MemberId>> {
        let mut roots = HashMap::with_capacity(ids.len());
        let sql = format!("{} ({}) AND deleted = 0", sql::ROOTS, sql::places(TOGETHER, 1));
        for chunk in ids.chunks(TOGETHER) {
            let values: Vec<Value> = padded(chunk).map(|id| Value::Id(id.uuid())).collect();
            self.tx.each(&sql, &values, &mut |row| {
                if let Some(id) = row.id(0)?.map(MemberId::new) {
                    roots.insert(id, row.id(1)?.map_or(id, MemberId::new));
                }
                Ok(())
            })?;
        }
        Ok(roots)
    }

    fn each(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        let listing = Listing { limit: usize::MAX, ..Listing::default() };
        self.list(kind, None, &listing, &mut |stored| each(stored.record))
    }

    fn each_deleted(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        let sql = format!("{} WHERE deleted = 1 ORDER BY seq", sql::table(kind).select);
        self.tx.each(&sql, &[], &mut |row| each(read_row(kind, row)?.record))
    }

    fn history(&self, kind: RecordKind, id: Uuid) -> Result<Vec<Change>> {
        let mut next = self.stored(kind, id)?.map_or(0, |stored| stored.record.header().revision);
        let mut changes = Vec::new();
        while next > 0 {
            let Some(change) = self.change(next)? else {
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

    fn recent(&self, before: i64, limit: usize) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.tx.each(sql::RECENT, &[Value::Int(before), Value::Int(limit)], &mut |row| {
            changes.push(read_change(row)?);
            Ok(())
        })?;
        Ok(changes)
    }
}

/// Always [`TOGETHER`] values, so that it is one statement.
fn padded<T>(chunk: &[T]) -> impl Iterator<Item = &T> {
    chunk.iter().chain(std::iter::repeat_n(&chunk[0], TOGETHER - chunk.len()))
}

/// What follows a `SELECT` for the records of a kind that are asked for and may be read, with its values; nothing
/// where none can be.
fn conditions(kind: RecordKind, viewer: Option<&Viewer>, listing: &Listing) -> Option<(String, Vec<Value>)> {
    let mut sql = " WHERE deleted = 0 AND seq > $1".to_owned();
    let mut values = vec![Value::Int(listing.after)];
    for (column, value) in &listing.equal {
        values.push(value.clone());
        sql.push_str(&format!(" AND {column} = ${}", values.len()));
    }
    for key in &listing.keys {
        let first = values.len() + 1;
        sql.push_str(&format!(" AND id IN (SELECT record FROM lookup WHERE kind = ${first} AND key = ${})", first + 1));
        values.extend([Value::Text(kind.name().to_owned()), Value::Text(key.clone())]);
    }
    if let Some(viewer) = viewer {
        let shared = audience_of_kind(kind);
        if !shared.as_ref().is_some_and(|shared| viewer.may_read(shared)) {
            let mut ways = Vec::new();
            if shared.is_none() {
                ways.push(format!("audience IN ({})", sql::classes_of(viewer.tokens.len(), values.len() + 1)));
                values.extend(held(viewer));
            }
            if let Some(own) = own_column(kind).filter(|_| !viewer.people.is_empty()) {
                ways.push(format!("{own} IN ({})", sql::places(viewer.people.len(), values.len() + 1)));
                values.extend(viewer.people.iter().map(|member| Value::Id(member.uuid())));
            }
            if ways.is_empty() {
                return None;
            }
            sql.push_str(&format!(" AND ({})", ways.join(" OR ")));
        }
    }
    values.push(Value::Int(i64::try_from(listing.limit).unwrap_or(i64::MAX)));
    sql.push_str(&format!(" ORDER BY seq LIMIT ${}", values.len()));
    Some((sql, values))
}

/// What a viewer holds, for [`sql::classes_of`].
pub(super) fn held(viewer: &Viewer) -> impl Iterator<Item = Value> + '_ {
    let day = Value::Text(viewer.today.format("%Y-%m-%d").to_string());
    viewer.tokens.iter().map(|token| Value::Text(token.to_string())).chain([day])
}

pub(super) fn read_row(kind: RecordKind, row: &dyn Row) -> Result<Stored> {
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
    let mut columns = sql::HEADER_COLUMNS..;
    Ok(Stored {
        seq: row.int(0)?,
        deleted: row.int(6)? != 0,
        class: row.int(7)?,
        record: AnyRecord::from_cells(kind, header, &mut |column| {
            row.cell(columns.next().unwrap_or_default(), column)
        })?,
    })
}

/// The audience class of a resource, and what it is called.
pub(super) fn read_named(row: &dyn Row) -> Result<(i64, Document)> {
    let id = row.id(0)?.ok_or_else(|| Error::Corrupt("a row without id".to_owned()))?;
    let cell = |index| row.cell(index, ColumnType::Text);
    let (kind, title) = (Column::from_cell(cell(2)?)?, Column::from_cell(cell(3)?)?);
    let language = Column::from_cell(cell(4)?)?;
    let record = RecordRef { kind: RecordKind::Resource, id };
    Ok((row.int(1)?, Document { kind, language, ..Document::new(record, title, Vec::new()) }))
}

pub(super) fn read_change(row: &dyn Row) -> Result<Change> {
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
