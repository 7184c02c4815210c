//! Records made by hand, for tests of what is derived from records.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use uuid::Uuid;

#[cfg(feature = "sqlite")]
use crate::change::{Actor, ChangeSet, Write};
#[cfg(feature = "sqlite")]
use crate::community::Community;
use crate::id::MemberId;
#[cfg(feature = "sqlite")]
use crate::model::record::{AnyRecord, Header, Record};
use crate::model::{
    Admission, Attendance, AttendanceRole, AttendanceStatus, CommunityRole, ConsentState, Contact, Convening,
    ConveningKind, ConveningState, Cycle, CycleKind, Direction, Goal, GoalKind, GoalStatus, Language, Measure,
    MeasureRole, Member, MemberEvent, MemberFact, MemberState, Mode, Resource, ResourceKind, ResourceState, Story,
    StoryKind, Team, TeamKind, TeamState, TimeZone, Unit, Visibility,
};

/// The moment that `text` names.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// The day that `text` names.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Writes records as they are, made at a moment by somebody.
#[cfg(feature = "sqlite")]
pub(crate) fn plant(cop: &Community, at: &str, actor: Actor, records: Vec<AnyRecord>) {
    for record in records {
        let time = self::at(at);
        let header = Header { created_by: actor.member(), created_at: time, revised_at: time, ..record.header() };
        let record = AnyRecord::from_values(record.kind(), header, &record.values()).expect("its own values");
        write(cop, time, actor, Write::created(record));
    }
}

/// Changes a record at a moment.
#[cfg(feature = "sqlite")]
pub(crate) fn change<R: Record>(cop: &Community, at: &str, actor: Actor, id: R::Id, change: impl FnOnce(&mut R))
where
    Uuid: From<R::Id>,
{
    let before: R = {
        let snapshot = cop.0.store.read().expect("a snapshot");
        snapshot.reads().one::<R>(id).expect("a store").expect("a record")
    };
    let mut after = before.clone();
    change(&mut after);
    write(cop, self::at(at), actor, Write::revised(before, after));
}

#[cfg(feature = "sqlite")]
fn write(cop: &Community, time: DateTime<Utc>, actor: Actor, write: Write) {
    let subject = write.after.clone();
    let tx = cop.0.store.write().expect("a transaction");
    tx.apply(ChangeSet { op: "add_member", writes: vec![write], subject, undoes: Vec::new() }, actor, time)
        .expect("written");
    tx.commit().expect("committed");
}

/// The how-manieth id.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A record that the host made at the beginning of 2021.
macro_rules! made {
    ($record:ident $number:ident { $($body:tt)* }) => {
        $record {
            id: id($number).into(),
            created_by: None,
            created_at: at("2021-01-01T00:00:00Z"),
            revised_at: at("2021-01-01T00:00:00Z"),
            revision: 0,
            $($body)*
        }
    };
}

/// A held convening of the whole community, in California.
pub(crate) fn convening(number: u128, starts: &str, minutes: i64) -> Convening {
    let starts: NaiveDateTime = starts.parse().expect("a civil time");
    let ends = starts + TimeDelta::minutes(minutes);
    let time_zone: TimeZone = "America/Los_Angeles".parse().expect("a zone");
    made!(Convening number {
        kind: ConveningKind::Workshop,
        title: format!("Convening {number}"),
        body: String::new(),
        teams: BTreeSet::new(),
        parent: None,
        cycle: None,
        starts,
        ends,
        time_zone,
        starts_at: time_zone.instant(starts),
        ends_at: time_zone.instant(ends),
        mode: Mode::Virtual,
        place: None,
        join_url: None,
        capacity: None,
        protocol: None,
        series: None,
        topics: BTreeSet::new(),
        sequence: 0,
        visibility: Visibility::Community,
        facts: BTreeSet::new(),
        state: ConveningState::Held,
        cancelled_because: None,
    })
}

/// The convening, as a session of `whole`.
pub(crate) fn part_of(whole: &Convening, session: Convening) -> Convening {
    Convening { parent: Some(whole.id), ..session }
}

/// Somebody who attended all the time.
pub(crate) fn attendance(convening: &Convening, member: u128) -> Attendance {
    let member = MemberId::new(id(member));
    Attendance {
        id: Attendance::id_of(convening.id, member),
        created_by: None,
        created_at: convening.ends_at,
        revised_at: convening.ends_at,
        revision: 0,
        convening: convening.id,
        member: Some(member),
        walk_in: None,
        role: AttendanceRole::Attendee,
        status: AttendanceStatus::Attended,
        check_in: None,
        check_out: None,
        minutes: None,
        source: String::new(),
    }
}

/// A member whom the host recorded as active.
pub(crate) fn member(number: u128) -> Member {
    made!(Member number {
        given: "Given".to_owned(),
        family: "Family".to_owned(),
        display: format!("Member {number}"),
        emails: BTreeSet::new(),
        contact: Contact::Private,
        affiliations: BTreeSet::new(),
        external_ids: BTreeSet::new(),
        roles: [CommunityRole::Member].into(),
        state: MemberState::Active,
        facts: [MemberFact::new(MemberEvent::Activated)].into(),
        pronouns: None,
        bio: None,
        steps: BTreeSet::new(),
        commitments: BTreeSet::new(),
        decision: None,
        same_as: BTreeSet::new(),
        merged_into: None,
    })
}

/// A team that gathers its people.
pub(crate) fn team(number: u128) -> Team {
    made!(Team number {
        kind: TeamKind::Project,
        name: format!("Team {number}"),
        charter: String::new(),
        parent: None,
        organizations: BTreeSet::new(),
        region: None,
        term: None,
        admission: Admission::InviteOnly,
        default_visibility: Visibility::Community,
        maximum_visibility: Visibility::Public,
        state: TeamState::Forming,
        facts: BTreeSet::new(),
        hub: None,
        stage: None,
        formation: None,
        questions: Vec::new(),
    })
}

/// A goal of the whole community, below these.
pub(crate) fn goal(number: u128, kind: GoalKind, title: &str, parents: &[u128]) -> Goal {
    made!(Goal number {
        kind,
        team: None,
        title: title.to_owned(),
        body: String::new(),
        parents: parents.iter().map(|parent| id(*parent).into()).collect(),
        school_year: None,
        aim: None,
        measures: BTreeSet::new(),
        visibility: Visibility::Community,
        status: GoalStatus::Open,
        superseded_by: None,
    })
}

/// A PDSA cycle that has just begun.
pub(crate) fn cycle(number: u128, title: &str) -> Cycle {
    made!(Cycle number {
        team: id(0).into(),
        kind: CycleKind::Pdsa,
        phases: CycleKind::Pdsa.phases().to_vec(),
        title: title.to_owned(),
        question: String::new(),
        lenses: BTreeSet::new(),
        school_year: None,
        starts_on: None,
        ends_on: None,
        parent: None,
        previous: None,
        problem: None,
        tests: BTreeSet::new(),
        measures: BTreeSet::new(),
        lead: None,
        participants: BTreeSet::new(),
        predictions: BTreeSet::new(),
        steps: BTreeSet::new(),
        phase: CycleKind::Pdsa.phases()[0].clone(),
        decision: None,
        visibility: Visibility::Community,
    })
}

/// An outcome measure.
pub(crate) fn measure(number: u128, name: &str) -> Measure {
    made!(Measure number {
        team: id(0).into(),
        name: name.to_owned(),
        role: MeasureRole::Outcome,
        operational_definition: "As counted".to_owned(),
        unit: Unit::Count,
        direction: Direction::Increase,
        target: None,
        cadence: None,
        chart: None,
        rule_set: None,
        screening: false,
        phases: BTreeSet::new(),
        exclusions: BTreeSet::new(),
        student_counts: false,
        visibility: Visibility::Community,
    })
}

/// A published video.
pub(crate) fn resource(number: u128) -> Resource {
    made!(Resource number {
        kind: ResourceKind::Video,
        title: format!("Resource {number}"),
        description: String::new(),
        body: String::new(),
        creators: BTreeSet::new(),
        links: BTreeSet::new(),
        language: Language::english(),
        grades: BTreeSet::new(),
        subjects: BTreeSet::new(),
        alignments: BTreeSet::new(),
        tags: BTreeSet::new(),
        licence: None,
        published_on: None,
        school_year: None,
        team: None,
        part_of: None,
        external_ids: BTreeSet::new(),
        visibility: Visibility::Community,
        grants: BTreeSet::new(),
        sealed: false,
        state: ResourceState::Published,
        files: BTreeSet::new(),
        convening: None,
        cycle: None,
        supersedes: None,
        embargo: None,
        reviews: BTreeSet::new(),
    })
}

/// A story without a known teller, that tells of these values.
pub(crate) fn story(number: u128, team: Option<u128>, worth: &[&str]) -> Story {
    made!(Story number {
        kind: StoryKind::ValueCreation,
        title: format!("Story {number}"),
        body: "It helped.".to_owned(),
        language: Language::english(),
        about: BTreeSet::new(),
        team: team.map(|team| id(team).into()),
        teller: None,
        worth: worth.iter().map(|value| value.parse().expect("a value")).collect(),
        facts: BTreeSet::new(),
        consent: ConsentState::None,
    })
}
