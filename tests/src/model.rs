//! A community in a map: the store's oracle. No tables, no keys, no classes, no pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cop_core::change::{Actor, Change, Forget, Patch, UNDOES};
use cop_core::{
    AnyRecord, AssociationFilter, Context, Error, FrameworkFilter, IdSource, Life, ListFilter, Member, MemberFilter,
    MemberId, Membership, MembershipFilter, NewCommunity, Op, Organization, OrganizationFilter, OrganizationId, Reads,
    RecordKind, RecordRef, Resource, ResourceFilter, Result, ScriptedIds, Stamp, StandardCode, StandardFilter,
    TeamFilter, Value, decide,
};
use uuid::Uuid;

use crate::access::{Relations, Who};

/// A record with the position at which it was made.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The position of its first change.
    pub made: i64,
    /// Whether it is gone.
    pub deleted: bool,
    /// As it is now.
    pub record: AnyRecord,
}

/// One entry of the log, without its patch.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its position.
    pub seq: i64,
    /// Its stamp.
    pub stamp: Stamp,
    /// The position of the operation's first entry.
    pub op_seq: i64,
    /// The operation.
    pub op: &'static str,
    /// Who acted.
    pub actor: Option<MemberId>,
    /// Which record.
    pub record: RecordRef,
    /// What happened to it.
    pub life: Life,
    /// The position of the record's previous entry.
    pub previous: i64,
    /// The record before it; none where it was made.
    before: Option<AnyRecord>,
    /// The record after it.
    after: AnyRecord,
    /// The operations that it takes back.
    undoes: Vec<i64>,
}

impl Entry {
    /// The entry as the library's log has it.
    fn change(&self) -> Change {
        let fields = self.record.kind.fields();
        let before = self.before.as_ref().map(AnyRecord::values);
        let mut patch = Patch::between(fields, before.as_deref(), &self.after.values());
        if !self.undoes.is_empty() {
            let undoes = serde_json::json!({ UNDOES: self.undoes }).to_string();
            let fields = serde_json::json!(patch.into_fields());
            let mut all: serde_json::Map<_, _> = serde_json::from_str(&undoes).unwrap_or_default();
            all.extend(fields.as_object().cloned().unwrap_or_default());
            patch = Patch::from_text(&serde_json::Value::Object(all).to_string()).unwrap_or_default();
        }
        Change {
            seq: self.seq,
            stamp: self.stamp,
            op_seq: self.op_seq,
            op: self.op.to_owned(),
            actor: self.actor,
            kind: self.record.kind,
            id: self.record.id,
            life: self.life,
            previous: self.previous,
            patch,
        }
    }
}

/// A community in a map.
#[derive(Clone)]
pub struct Model {
    records: BTreeMap<RecordRef, Kept>,
    log: Vec<Entry>,
    stamp: Stamp,
    ids: Arc<ScriptedIds>,
}

impl Model {
    /// A new community, with the ids that a store with the same seed gives.
    ///
    /// # Errors
    /// Whatever the rules refuse.
    pub fn found(new: NewCommunity, seed: u16, clock: DateTime<Utc>) -> Result<Self> {
        let ids = Arc::new(ScriptedIds::new(seed));
        let mut model = Self { records: BTreeMap::new(), log: Vec::new(), stamp: Stamp::default(), ids };
        model.apply(Who::Host, &Op::FoundCommunity(new), clock)?;
        Ok(model)
    }

    /// Runs one operation; answers with the record it is about, as the actor sees it.
    ///
    /// # Errors
    /// Whatever the rules refuse.
    pub fn apply(&mut self, who: Who, op: &Op, clock: DateTime<Utc>) -> Result<AnyRecord> {
        let actor = match who {
            Who::Guest => return Err(Error::NotPermitted { op: "write" }),
            Who::Host => Actor::System,
            Who::Member(id) => Actor::Member(id),
        };
        let now = self.stamp.tick(clock.timestamp_millis()).at();
        let relations = Relations::of(self, who, now.date_naive());
        let viewer = relations.viewer();
        let before = self.clone();
        let ids: &dyn IdSource = &*self.ids;
        let changes = decide(&Context { reads: &before, ids, actor, viewer: &viewer, now }, op)?;
        let op_seq = self.head() + 1;
        let mut subject = changes.subject;
        for write in changes.writes {
            let same = write.before.as_ref().is_some_and(|old| old.values() == write.after.values());
            if write.life == Life::Revised && same {
                continue;
            }
            let (seq, mut record) = (self.head() + 1, write.after);
            self.stamp = self.stamp.tick(now.timestamp_millis());
            record.stamp(self.stamp.at(), seq);
            let reference = record.reference();
            let old = self.records.get(&reference);
            self.log.push(Entry {
                seq,
                stamp: self.stamp,
                op_seq,
                op: op.name(),
                actor: actor.member(),
                record: reference,
                life: write.life,
                previous: old.map_or(0, |old| old.record.header().revision),
                before: write.before,
                after: record.clone(),
                undoes: changes.undoes.clone(),
            });
            let made = old.map_or(seq, |old| old.made);
            if reference == subject.reference() {
                subject = record.clone();
            }
            self.forget(reference, write.forget);
            let deleted = write.life == Life::Deleted;
            self.records.insert(reference, Kept { made, deleted, record });
        }
        Ok(relations.shown(subject))
    }

    /// Takes out of the log what is to be forgotten of a record.
    fn forget(&mut self, _: RecordRef, _: Forget) {}

    /// The position of the last entry.
    pub fn head(&self) -> i64 {
        self.log.len() as i64
    }

    /// The log.
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// All records, the deleted ones too.
    pub fn records(&self) -> impl Iterator<Item = &Kept> {
        self.records.values()
    }

    /// The ids of the live records of a kind, in the order they were made.
    pub fn ids(&self, kind: RecordKind) -> Vec<Uuid> {
        self.live(kind).into_iter().map(|kept| kept.record.header().id).collect()
    }

    fn live(&self, kind: RecordKind) -> Vec<&Kept> {
        let mut all: Vec<&Kept> = self.records().filter(|k| !k.deleted && k.record.kind() == kind).collect();
        all.sort_by_key(|kept| kept.made);
        all
    }

    /// What they read.
    pub fn read(&self, who: &Relations, record: RecordRef) -> Option<AnyRecord> {
        let kept = self.records.get(&record).filter(|kept| !kept.deleted && who.may_read(&kept.record))?;
        Some(who.shown(kept.record.clone()))
    }

    /// What they find in a list.
    pub fn list(&self, who: &Relations, filter: &ListFilter) -> Vec<AnyRecord> {
        let all = self.live(kind_of(filter)).into_iter().map(|kept| &kept.record);
        let found = all.filter(|record| matches(filter, record) && who.may_read(record));
        found.map(|record| who.shown(record.clone())).collect()
    }

    /// The member, where there is one.
    pub fn member(&self, id: MemberId) -> Option<Member> {
        match self.any(RecordKind::Member, id.uuid()) {
            Some(AnyRecord::Member(member)) => Some(member),
            _ => None,
        }
    }

    /// The organization, where there is one.
    pub fn organization(&self, id: OrganizationId) -> Option<Organization> {
        match self.any(RecordKind::Organization, id.uuid()) {
            Some(AnyRecord::Organization(organization)) => Some(organization),
            _ => None,
        }
    }

    /// The resource, where there is one.
    pub fn resource(&self, id: Uuid) -> Option<Resource> {
        match self.any(RecordKind::Resource, id) {
            Some(AnyRecord::Resource(resource)) => Some(resource),
            _ => None,
        }
    }

    /// The memberships of which something holds, in the order they were made.
    pub fn memberships_where(&self, holds: impl Fn(&Membership) -> bool) -> Vec<Membership> {
        let all = self.live(RecordKind::Membership).into_iter().filter_map(|kept| match &kept.record {
            AnyRecord::Membership(membership) => Some(membership.clone()),
            _ => None,
        });
        all.filter(|membership| holds(membership)).collect()
    }

    fn any(&self, kind: RecordKind, id: Uuid) -> Option<AnyRecord> {
        self.records.get(&RecordRef { kind, id }).filter(|kept| !kept.deleted).map(|kept| kept.record.clone())
    }
}

impl Reads for Model {
    fn kept(&self, kind: RecordKind, id: Uuid) -> Result<Option<cop_core::Kept>> {
        let kept = self.records.get(&RecordRef { kind, id });
        Ok(kept.map(|kept| cop_core::Kept { record: kept.record.clone(), deleted: kept.deleted }))
    }

    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        let mut found = self.ids(kind);
        found.retain(|&id| self.any(kind, id).is_some_and(|record| has_key(&record, key)));
        found.sort();
        Ok(found)
    }

    fn related(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<AnyRecord>> {
        let at = kind.fields().iter().position(|field| field.name == column);
        let named = |record: &AnyRecord| match at {
            Some(at) => record.values()[at] == Value::Id(id),
            None => column == "created_by" && record.header().created_by.map(MemberId::uuid) == Some(id),
        };
        Ok(self.live(kind).into_iter().map(|kept| kept.record.clone()).filter(named).collect())
    }

    fn each(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        self.live(kind).into_iter().try_for_each(|kept| each(kept.record.clone()))
    }

    fn each_deleted(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        let all = self.records.iter().filter(|(record, kept)| record.kind == kind && kept.deleted);
        all.map(|(_, kept)| kept.record.clone()).try_for_each(each)
    }

    fn history(&self, kind: RecordKind, id: Uuid) -> Result<Vec<Change>> {
        let of = |entry: &&Entry| entry.record == RecordRef { kind, id };
        Ok(self.log.iter().filter(of).map(Entry::change).collect())
    }

    fn recent(&self, before: i64, limit: usize) -> Result<Vec<Change>> {
        Ok(self.log.iter().rev().filter(|entry| entry.seq < before).take(limit).map(Entry::change).collect())
    }
}

/// What rules look for by key.
fn has_key(record: &AnyRecord, key: &str) -> bool {
    match record {
        AnyRecord::Community(_) => key == "the",
        AnyRecord::Member(member) => match key.strip_prefix("role:") {
            Some(role) => member.is_live() && member.roles.iter().any(|held| held.code() == role),
            None => cop_core::store::keys(record).contains(key),
        },
        other => cop_core::store::keys(other).contains(key),
    }
}

fn kind_of(filter: &ListFilter) -> RecordKind {
    match filter {
        ListFilter::Organization(_) => RecordKind::Organization,
        ListFilter::Member(_) => RecordKind::Member,
        ListFilter::Team(_) => RecordKind::Team,
        ListFilter::Membership(_) => RecordKind::Membership,
        ListFilter::Framework(_) => RecordKind::Framework,
        ListFilter::Standard(_) => RecordKind::Standard,
        ListFilter::Association(_) => RecordKind::Association,
        ListFilter::Resource(_) => RecordKind::Resource,
        _ => RecordKind::Community,
    }
}

/// Whether the record is what the filter asks for. Every filter is taken apart whole: a new condition does not
/// compile before it is here.
fn matches(filter: &ListFilter, record: &AnyRecord) -> bool {
    fn is<T: PartialEq>(asked: &Option<T>, found: &T) -> bool {
        asked.as_ref().is_none_or(|asked| asked == found)
    }
    fn maybe<T: PartialEq>(asked: &Option<T>, found: &Option<T>) -> bool {
        asked.is_none() || asked == found
    }
    match (filter, record) {
        (ListFilter::Organization(filter), AnyRecord::Organization(found)) => {
            let OrganizationFilter { kind, parent, external_id, cds } = filter;
            is(kind, &found.kind)
                && maybe(parent, &found.parent)
                && maybe(cds, &found.cds)
                && external_id.as_ref().is_none_or(|id| found.external_ids.contains(id))
        }
        (ListFilter::Member(filter), AnyRecord::Member(found)) => {
            let MemberFilter { state, organization } = filter;
            is(state, &found.state)
                && organization.is_none_or(|id| found.affiliations.iter().any(|a| a.organization == id))
        }
        (ListFilter::Team(filter), AnyRecord::Team(found)) => {
            let TeamFilter { kind, state, parent } = filter;
            is(kind, &found.kind) && is(state, &found.state) && maybe(parent, &found.parent)
        }
        (ListFilter::Membership(filter), AnyRecord::Membership(found)) => {
            let MembershipFilter { member, team, state } = filter;
            is(member, &found.member) && is(team, &found.team) && is(state, &found.state)
        }
        (ListFilter::Framework(filter), AnyRecord::Framework(found)) => {
            let FrameworkFilter { identifier } = filter;
            is(identifier, &found.identifier)
        }
        (ListFilter::Standard(filter), AnyRecord::Standard(found)) => {
            let StandardFilter { framework, parent, code } = filter;
            let same_code = |asked: &String| {
                let read = |code: &str| StandardCode::new(code);
                read(asked).is_some() && read(asked) == found.code.as_deref().and_then(read)
            };
            is(framework, &found.framework) && maybe(parent, &found.parent) && code.as_ref().is_none_or(same_code)
        }
        (ListFilter::Association(filter), AnyRecord::Association(found)) => {
            let AssociationFilter { framework } = filter;
            is(framework, &found.framework)
        }
        (ListFilter::Resource(filter), AnyRecord::Resource(found)) => {
            let ResourceFilter { kind, state, language, team, school_year, created_by, external_id, convening, cycle } =
                filter;
            is(kind, &found.kind)
                && is(state, &found.state)
                && is(language, &found.language)
                && maybe(team, &found.team)
                && maybe(school_year, &found.school_year)
                && maybe(created_by, &found.created_by)
                && maybe(convening, &found.convening)
                && maybe(cycle, &found.cycle)
                && external_id.as_ref().is_none_or(|id| found.external_ids.contains(id))
        }
        _ => false,
    }
}
