//! A community in a map: the store's oracle. No tables, no keys, no classes, no pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cop_core::change::{Actor, Change, Forget, Patch, Write};
use cop_core::{
    AnyRecord, AssociationFilter, AttendanceFilter, Context, ConveningFilter, CycleFilter, EntryFilter, Error,
    ExternalId, FindingFilter, FindingState, FrameworkFilter, GoalFilter, IdSource, Life, ListFilter, MeasureFilter,
    Member, MemberFilter, MemberId, MemberState, Membership, MembershipFilter, MentorshipFilter, Merge, NewCommunity,
    ObservationFilter, Op, Organization, OrganizationFilter, OrganizationId, Reads, Record, RecordKind, RecordRef,
    ResourceFilter, Result, Revision, ScriptedIds, Stamp, StandardCode, StandardFilter, StoryFilter, TeamFilter, Value,
    decide,
};
use serde_json::{Map, Value as Json, json};
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

/// One entry of the log.
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
    /// What changed, as far as it is not forgotten.
    pub patch: Map<String, Json>,
}

impl Entry {
    /// The entry as the library's log has it.
    pub fn change(&self) -> Change {
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
            patch: Patch::from_text(&Json::Object(self.patch.clone()).to_string()).expect("an object"),
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
        let now = self.stamp.tick(clock.timestamp_millis()).at();
        let relations = Relations::of(self, who, now.date_naive());
        let viewer = relations.viewer();
        let actor = match (who, viewer.member) {
            (Who::Guest, _) => return Err(Error::NotPermitted { op: "write" }),
            (Who::Host, _) => Actor::System,
            // Whoever was merged into another record acts as that.
            (Who::Member(_), Some(root)) => Actor::Member(root),
            (Who::Member(id), None) => return Err(Error::NotFound { kind: "member", id: id.to_string() }),
        };
        let ids: &dyn IdSource = &*self.ids;
        let changes = decide(&Context { reads: &*self, ids, actor, viewer: &viewer, now }, op)?;
        let op_seq = self.head() + 1;
        let mut subject = changes.subject;
        for write in changes.writes {
            let mut patch = patch(&write, !changes.undoes.is_empty());
            let says_more = write.forget != Forget::Nothing || !changes.undoes.is_empty();
            if patch.is_empty() && write.life == Life::Revised && !says_more {
                continue;
            }
            match &write.forget {
                Forget::Nothing | Forget::Everything => {}
                Forget::Fields(names) => {
                    let fields = write.after.kind().fields().iter().zip(write.after.values());
                    for (field, value) in fields.filter(|(field, _)| names.contains(&field.name)) {
                        patch.insert(field.name.to_owned(), value.to_json());
                    }
                }
                Forget::Creators(members) => drop_creators(&mut patch, members),
            }
            let maker = write.after.header().created_by;
            if write.life == Life::Created && maker != actor.member() {
                patch.insert("created_by".to_owned(), json!(maker));
            }
            if !changes.undoes.is_empty() {
                patch.insert("undoes".to_owned(), json!(changes.undoes));
            }
            let (seq, mut record) = (self.head() + 1, write.after);
            self.stamp = self.stamp.tick(now.timestamp_millis());
            record.stamp(self.stamp.at(), seq);
            let reference = record.reference();
            self.forget(reference, &write.forget);
            let old = self.records.get(&reference);
            let made = old.map_or(seq, |old| old.made);
            self.log.push(Entry {
                seq,
                stamp: self.stamp,
                op_seq,
                op: op.name(),
                actor: actor.member(),
                record: reference,
                life: write.life,
                previous: old.map_or(0, |old| old.record.header().revision),
                patch,
            });
            if reference == subject.reference() {
                subject = record.clone();
            }
            self.records.insert(reference, Kept { made, deleted: write.life == Life::Deleted, record });
        }
        Ok(relations.shown(subject))
    }

    /// Takes out of the log what is to be forgotten of a record.
    fn forget(&mut self, record: RecordRef, forget: &Forget) {
        for entry in self.log.iter_mut().filter(|entry| entry.record == record) {
            match forget {
                Forget::Nothing => {}
                Forget::Everything => entry.patch.retain(|name, _| name == "created_by" || name == "undoes"),
                Forget::Fields(names) => entry.patch.retain(|name, _| !names.contains(&name.as_str())),
                Forget::Creators(members) => drop_creators(&mut entry.patch, members),
            }
        }
    }

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
        self.in_order(kind).into_iter().filter(|kept| !kept.deleted).collect()
    }

    /// All records of a kind, in the order they were made.
    fn in_order(&self, kind: RecordKind) -> Vec<&Kept> {
        let mut all: Vec<&Kept> = self.records().filter(|kept| kept.record.kind() == kind).collect();
        all.sort_by_key(|kept| kept.made);
        all
    }

    /// What they read.
    pub fn read(&self, who: &Relations, record: RecordRef) -> Option<AnyRecord> {
        self.get(record).filter(|record| who.may_read(self, record)).map(|record| who.shown(record))
    }

    /// What they read of a record's history: none where they may not read it, or may not change it.
    pub fn history(&self, who: &Relations, record: RecordRef) -> Option<Vec<Revision>> {
        let of = |entry: &&Entry| entry.record == record;
        let revision = |entry: &Entry| Revision {
            seq: entry.seq,
            at: entry.stamp.at(),
            actor: entry.actor,
            op: entry.op.to_owned(),
            life: entry.life,
            fields: entry.patch.clone().into_iter().collect(),
        };
        self.get(record).filter(|record| who.may_read(self, record) && who.may_edit(self, record))?;
        Some(self.log.iter().filter(of).map(revision).collect())
    }

    /// What they find in a list.
    pub fn list(&self, who: &Relations, filter: &ListFilter) -> Vec<AnyRecord> {
        let all = self.live(kind_of(filter)).into_iter().map(|kept| &kept.record);
        let found = all.filter(|record| matches(filter, record) && who.may_read(self, record));
        found.map(|record| who.shown(record.clone())).collect()
    }

    /// The record, where there is one.
    pub fn get(&self, record: RecordRef) -> Option<AnyRecord> {
        self.records.get(&record).filter(|kept| !kept.deleted).map(|kept| kept.record.clone())
    }

    /// The typed record, where there is one.
    pub fn one<R: Record>(&self, id: R::Id) -> Option<R>
    where
        Uuid: From<R::Id>,
    {
        self.get(RecordRef { kind: R::KIND, id: id.into() }).and_then(R::from_any)
    }

    /// The member, where there is one.
    pub fn member(&self, id: MemberId) -> Option<Member> {
        self.one(id)
    }

    /// The organization, where there is one.
    pub fn organization(&self, id: OrganizationId) -> Option<Organization> {
        self.one(id)
    }

    /// All records of the person, from the pairs that are the same: none of who is not there.
    pub fn person(&self, id: MemberId) -> BTreeSet<MemberId> {
        let members: Vec<Member> = self.all(|_| true);
        let mut records: BTreeSet<MemberId> = members.iter().map(|member| member.id).filter(|m| *m == id).collect();
        loop {
            let same = |m: &&Member| records.contains(&m.id) || m.same_as.iter().any(|other| records.contains(other));
            let found: BTreeSet<MemberId> = members.iter().filter(same).map(|member| member.id).collect();
            if found.len() == records.len() {
                return records;
            }
            records = found;
        }
    }

    /// The live records of a kind of which something holds, in the order they were made.
    pub fn all<R: Record>(&self, holds: impl Fn(&R) -> bool) -> Vec<R> {
        let all = self.live(R::KIND).into_iter().filter_map(|kept| R::from_any(kept.record.clone()));
        all.filter(|record| holds(record)).collect()
    }

    /// The memberships of which something holds, in the order they were made.
    pub fn memberships_where(&self, holds: impl Fn(&Membership) -> bool) -> Vec<Membership> {
        self.all(holds)
    }
}

/// What a write changes: of fields that merge element by element the elements, of others the new value. What is
/// made, made again or all that is left is said whole.
fn patch(write: &Write, undoes: bool) -> Map<String, Json> {
    let forgotten = write.life == Life::Created || write.forget == Forget::Everything;
    let whole = forgotten || (write.life == Life::Restored && !undoes);
    let before = write.before.as_ref().filter(|_| !forgotten).map(AnyRecord::values);
    let mut patch = Map::new();
    for (index, (field, value)) in write.after.kind().fields().iter().zip(write.after.values()).enumerate() {
        let elements = matches!(field.merge, Merge::Set | Merge::Append | Merge::Facts);
        let nothing = if elements { json!([]) } else { Json::Null };
        let old = before.as_ref().map_or(nothing.clone(), |values| values[index].to_json());
        let new = value.to_json();
        if whole && (new != nothing || new != old) {
            patch.insert(field.name.to_owned(), new);
        } else if !whole && new != old {
            patch.insert(field.name.to_owned(), if elements { delta(&old, &new) } else { new });
        }
    }
    patch
}

/// What was added to a list, and what was taken from it.
fn delta(old: &Json, new: &Json) -> Json {
    let without = |list: &Json, other: &Json| -> Vec<Json> {
        let other = other.as_array().cloned().unwrap_or_default();
        list.as_array().into_iter().flatten().filter(|element| !other.contains(element)).cloned().collect()
    };
    let mut delta = json!({"+": without(new, old), "-": without(old, new)});
    if let Some(delta) = delta.as_object_mut() {
        delta.retain(|_, elements| elements != &json!([]));
    }
    delta
}

impl Reads for Model {
    fn kept(&self, kind: RecordKind, id: Uuid) -> Result<Option<cop_core::Kept>> {
        let kept = self.records.get(&RecordRef { kind, id });
        Ok(kept.map(|kept| cop_core::Kept { record: kept.record.clone(), deleted: kept.deleted }))
    }

    fn find(&self, kind: RecordKind, key: &str) -> Result<Vec<Uuid>> {
        let mut found = self.ids(kind);
        found.retain(|&id| self.get(RecordRef { kind, id }).is_some_and(|record| has_key(&record, key)));
        found.sort();
        Ok(found)
    }

    fn related(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<AnyRecord>> {
        let kept = self.kept_with(kind, column, id)?.into_iter().filter(|kept| !kept.deleted);
        Ok(kept.map(|kept| kept.record).collect())
    }

    fn kept_with(&self, kind: RecordKind, column: &'static str, id: Uuid) -> Result<Vec<cop_core::Kept>> {
        let at = kind.fields().iter().position(|field| field.name == column);
        let named = |kept: &&Kept| match at {
            Some(at) => kept.record.values()[at] == Value::Id(id),
            None => column == "created_by" && kept.record.header().created_by.map(MemberId::uuid) == Some(id),
        };
        let found = self.in_order(kind).into_iter().filter(named);
        Ok(found.map(|kept| cop_core::Kept { record: kept.record.clone(), deleted: kept.deleted }).collect())
    }

    fn each(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        self.live(kind).into_iter().try_for_each(|kept| each(kept.record.clone()))
    }

    fn each_deleted(&self, kind: RecordKind, each: &mut dyn FnMut(AnyRecord) -> Result<()>) -> Result<()> {
        let mut deleted = self.in_order(kind).into_iter().filter(|kept| kept.deleted);
        deleted.try_for_each(|kept| each(kept.record.clone()))
    }

    fn history(&self, kind: RecordKind, id: Uuid) -> Result<Vec<Change>> {
        let of = |entry: &&Entry| entry.record == RecordRef { kind, id };
        Ok(self.log.iter().filter(of).map(Entry::change).collect())
    }

    fn recent(&self, before: i64, limit: usize) -> Result<Vec<Change>> {
        Ok(self.log.iter().rev().filter(|entry| entry.seq < before).take(limit).map(Entry::change).collect())
    }
}

/// Takes these members out of what a patch says of a resource's creators.
fn drop_creators(patch: &mut serde_json::Map<String, Json>, members: &BTreeSet<MemberId>) {
    let kept = |creator: &Json| members.iter().all(|member| creator["member"] != json!(member));
    let lists = match patch.get_mut("creators") {
        Some(Json::Object(delta)) => delta.values_mut().collect(),
        Some(list) => vec![list],
        None => Vec::new(),
    };
    lists.into_iter().filter_map(Json::as_array_mut).for_each(|list| list.retain(kept));
}

/// What rules look for by key.
fn has_key(record: &AnyRecord, key: &str) -> bool {
    let (of, value) = key.split_once(':').unwrap_or((key, ""));
    let is = |id: Uuid| id.to_string() == value;
    let called = |ids: &BTreeSet<ExternalId>| ids.iter().any(|id| format!("{}\n{}", id.system, id.value) == value);
    let names = |records: &BTreeSet<RecordRef>| records.iter().any(|r| format!("{}:{}", r.kind, r.id) == value);
    match (record, of) {
        (AnyRecord::Community(_), "the") => true,
        (AnyRecord::Organization(found), "cds") => found.cds.is_some_and(|cds| cds.to_string() == value),
        (AnyRecord::Organization(found), "id") => called(&found.external_ids),
        (AnyRecord::Member(found), "id") => called(&found.external_ids),
        (AnyRecord::Member(found), "system") => found.external_ids.iter().any(|id| id.system == value),
        (AnyRecord::Member(found), "email") => found.emails.iter().any(|email| email.code().to_lowercase() == value),
        (AnyRecord::Member(found), "organization") => found.affiliations.iter().any(|a| is(a.organization.uuid())),
        (AnyRecord::Member(found), "requested") => found.state == MemberState::Requested,
        (AnyRecord::Member(found), "merged") => found.merged_into.is_some(),
        (AnyRecord::Member(found), "merged_into") => found.merged_into.is_some_and(|id| is(id.uuid())),
        (AnyRecord::Member(found), "role") => {
            found.state == MemberState::Active && found.roles.iter().any(|role| role.code() == value)
        }
        (AnyRecord::Team(found), "organization") => found.organizations.iter().any(|id| is(id.uuid())),
        (AnyRecord::Resource(found), "id") => called(&found.external_ids),
        (AnyRecord::Resource(found), "creator") => {
            found.creators.iter().any(|c| c.member.is_some_and(|m| is(m.uuid())))
        }
        (AnyRecord::Goal(found), "parent") => found.parents.iter().any(|id| is(id.uuid())),
        (AnyRecord::Cycle(found), "member") => found.participants.iter().chain(&found.lead).any(|id| is(id.uuid())),
        (AnyRecord::Cycle(found), "predictor") => {
            found.predictions.iter().any(|p| p.by.is_some_and(|by| is(by.uuid())))
        }
        (AnyRecord::Cycle(found), "tests") => found.tests.iter().any(|id| is(id.uuid())),
        (AnyRecord::Convening(found), "team") => found.teams.iter().any(|id| is(id.uuid())),
        (AnyRecord::Convening(found), "everybody") => found.teams.is_empty(),
        (AnyRecord::Story(found), "about") => names(&found.about),
        (AnyRecord::Finding(found), "about") => names(&found.about),
        (AnyRecord::Finding(found), "open") => found.state == FindingState::Open,
        (other, _) => panic!("nobody has looked for a {} by {key} so far", other.kind()),
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
        ListFilter::Goal(_) => RecordKind::Goal,
        ListFilter::Cycle(_) => RecordKind::Cycle,
        ListFilter::Measure(_) => RecordKind::Measure,
        ListFilter::Observation(_) => RecordKind::Observation,
        ListFilter::Convening(_) => RecordKind::Convening,
        ListFilter::Attendance(_) => RecordKind::Attendance,
        ListFilter::Story(_) => RecordKind::Story,
        ListFilter::Mentorship(_) => RecordKind::Mentorship,
        ListFilter::Entry(_) => RecordKind::Entry,
        ListFilter::Finding(_) => RecordKind::Finding,
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
        (ListFilter::Goal(filter), AnyRecord::Goal(found)) => {
            let GoalFilter { kind, team, status, school_year, parent } = filter;
            is(kind, &found.kind)
                && maybe(team, &found.team)
                && is(status, &found.status)
                && maybe(school_year, &found.school_year)
                && parent.is_none_or(|id| found.parents.contains(&id))
        }
        (ListFilter::Cycle(filter), AnyRecord::Cycle(found)) => {
            let CycleFilter { team, kind, phase, school_year, parent, member } = filter;
            is(team, &found.team)
                && is(kind, &found.kind)
                && is(phase, &found.phase)
                && maybe(school_year, &found.school_year)
                && maybe(parent, &found.parent)
                && member.is_none_or(|id| found.lead == Some(id) || found.participants.contains(&id))
        }
        (ListFilter::Measure(filter), AnyRecord::Measure(found)) => {
            let MeasureFilter { team, role } = filter;
            is(team, &found.team) && is(role, &found.role)
        }
        (ListFilter::Observation(filter), AnyRecord::Observation(found)) => {
            let ObservationFilter { measure, organization } = filter;
            is(measure, &found.measure) && maybe(organization, &found.organization)
        }
        (ListFilter::Convening(filter), AnyRecord::Convening(found)) => {
            let ConveningFilter { kind, state, team, parent, cycle } = filter;
            is(kind, &found.kind)
                && is(state, &found.state)
                && team.is_none_or(|id| found.teams.contains(&id))
                && maybe(parent, &found.parent)
                && maybe(cycle, &found.cycle)
        }
        (ListFilter::Attendance(filter), AnyRecord::Attendance(found)) => {
            let AttendanceFilter { convening, member, status } = filter;
            is(convening, &found.convening) && maybe(member, &found.member) && is(status, &found.status)
        }
        (ListFilter::Story(filter), AnyRecord::Story(found)) => {
            let StoryFilter { kind, team, about, consent } = filter;
            is(kind, &found.kind)
                && maybe(team, &found.team)
                && about.is_none_or(|record| found.about.contains(&record))
                && is(consent, &found.consent)
        }
        (ListFilter::Mentorship(filter), AnyRecord::Mentorship(found)) => {
            let MentorshipFilter { mentor, mentee, team, state } = filter;
            is(mentor, &found.mentor)
                && is(mentee, &found.mentee)
                && maybe(team, &found.team)
                && is(state, &found.state)
        }
        (ListFilter::Entry(filter), AnyRecord::Entry(found)) => {
            let EntryFilter { subject, kind, phase } = filter;
            subject.is_none_or(|record| found.subject == record.id)
                && is(kind, &found.kind)
                && maybe(phase, &found.phase)
        }
        (ListFilter::Finding(filter), AnyRecord::Finding(found)) => {
            let FindingFilter { kind, state, about, team } = filter;
            is(kind, &found.kind)
                && is(state, &found.state)
                && about.is_none_or(|record| found.about.contains(&record))
                && maybe(team, &found.team)
        }
        _ => false,
    }
}
