//! Typed reads over a transaction: rows become records.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::engine::{Row, Tx};
use super::sql;
use crate::access::{Viewer, audience_of_kind};
use crate::change::{Actor, Change, Life, Patch};
use crate::clock::Stamp;
use crate::error::{Error, Result};
use crate::id::{MemberId, OrganizationId, TeamId};
use crate::model::record::{ColumnType, Header};
use crate::model::{AnyRecord, Member, Membership, Organization, Record, RecordKind, Value};
use crate::ops::Reads;

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
pub(super) struct Rows<'a>(pub(super) Box<dyn Tx + 'a>);

/// A stored record with what the store knows beside it.
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) deleted: bool,
    pub(super) class: i64,
    pub(super) record: AnyRecord,
}

impl Rows<'_> {
    pub(super) fn stored(&self, kind: RecordKind, id: Uuid) -> Result<Option<Stored>> {
        let mut found = None;
        self.0.each(&sql::table(kind).get, &[Value::Id(id)], &mut |row| {
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

    pub(super) fn memberships(&self, member: Option<MemberId>, team: Option<TeamId>) -> Result<Vec<Membership>> {
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

    pub(super) fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        let mut found = Vec::new();
        let values = [Value::Text(kind.name().to_owned()), Value::Text(key.to_owned())];
        self.0.each(sql::FIND, &values, &mut |row| {
            found.extend(row.id(0)?);
            Ok(())
        })?;
        Ok(found)
    }

    pub(super) fn change(&self, seq: i64) -> Result<Option<Change>> {
        let mut found = None;
        self.0.each(sql::CHANGE, &[Value::Int(seq)], &mut |row| {
            found = Some(read_change(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// What a member holds: their tokens, from their memberships, affiliations and the tree above these.
    pub(super) fn viewer(&self, actor: Actor, now: DateTime<Utc>) -> Result<Viewer> {
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

    pub(super) fn organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
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
