//! The work of teams: lists of it, what follows another record's audience, what comes back and what is forgotten.

use chrono::{Days, NaiveDateTime, TimeDelta};
use uuid::Uuid;

use super::lists::ids;
use super::{Check, EngineUnderTest, World, start, verify};
use crate::change::Life;
use crate::error::{ErrorKind, Result};
use crate::id::{ConveningId, GoalId, MeasureId};
use crate::model::{
    AnyRecord, AttendanceStatus, ConsentState, ConveningKind, ConveningState, CycleKind, EntryKind, FindingKind,
    FindingState, GoalKind, GoalStatus, MeasureRole, MentorshipState, Period, Phase, StoryKind, Visibility,
};
use crate::ops::{
    ConsentOf, EmbargoOf, MeasureEdit, MemberRef, NewAttendance, NewConvening, NewCycle, NewEntry, NewGoal, NewMeasure,
    NewMember, NewMentorship, NewObservation, NewResource, NewStory, Op, UndoOf,
};
use crate::session::{
    AttendanceFilter, ConveningFilter, CycleFilter, EntryFilter, FindingFilter, GoalFilter, ListFilter, MeasureFilter,
    MentorshipFilter, ObservationFilter, PageRequest, Session, StoryFilter,
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("lists of a team's work keep every filter", filters),
    ("what depends on a record follows its audience at once", children),
    ("an embargo ends on its day", embargo),
    ("what was taken back is as before, and what was deleted is there again", taken_back),
    ("the log forgets a person, and keeps that there was one", forgotten),
];

fn goal(world: &World, kind: &str, title: &str, parent: Option<GoalId>) -> GoalId {
    let mut new = NewGoal::new(kind, title).with_team(world.team).with_school_year("2021-22");
    new.parents.extend(parent);
    world.as_member(world.lead).add_goal(new).expect("adds a goal").id
}

fn measure(world: &World) -> MeasureId {
    let new = NewMeasure::new(world.team, "Explained", "Students who explain.", "proportion").with_role("process");
    world.as_member(world.lead).define_measure(new).expect("defines a measure").id
}

/// A convening of the team that goes on when the suite begins.
fn convening(world: &World) -> ConveningId {
    let noon: NaiveDateTime = start().date_naive().and_hms_opt(12, 0, 0).expect("a time of day");
    let new = NewConvening::new("workshop", "Strips", noon, noon + TimeDelta::hours(2), "UTC");
    let lead = world.as_member(world.lead);
    let id = lead.plan_convening(new.with_team(world.team).online("https://example.org")).expect("plans").id;
    lead.schedule_convening(id).expect("announces");
    id
}

fn filters(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    world.host().activate_team(world.team).expect("activates");
    let (lead, ana) = (world.as_member(world.lead), world.as_member(world.ana));
    let keeps = |session: &Session, filter: ListFilter, expected: &[Uuid]| {
        assert_eq!(ids(session, filter.clone()), expected, "{filter:?}");
    };
    let problem = goal(&world, "problem", "Fractions are hard", None);
    let aim = goal(&world, "aim", "More explain", Some(problem));
    let of = || GoalFilter::new().with_team(world.team);
    keeps(&ana, of().into(), &[problem.uuid(), aim.uuid()]);
    keeps(&ana, of().with_kind(GoalKind::Aim).with_status(GoalStatus::Open).into(), &[aim.uuid()]);
    keeps(&ana, of().with_parent(problem).into(), &[aim.uuid()]);
    keeps(&ana, of().with_parent(aim).into(), &[]);

    let inquiry = lead.start_cycle(NewCycle::new(world.team, "inquiry", "A year")).expect("starts").id;
    let new = NewCycle::new(world.team, "pdsa", "Strips").within(inquiry).with_participant(world.ana);
    let cycle = lead.start_cycle(new).expect("starts").id;
    let of = || CycleFilter::new().with_team(world.team);
    keeps(&ana, of().with_parent(inquiry).into(), &[cycle.uuid()]);
    keeps(&ana, of().with_kind(CycleKind::Pdsa).with_phase(Phase::Plan).into(), &[cycle.uuid()]);
    keeps(&ana, of().with_member(world.ana).into(), &[cycle.uuid()]);
    keeps(&ana, of().with_member(world.lead).into(), &[inquiry.uuid(), cycle.uuid()]);

    let measure = measure(&world);
    let period = Period { starts_on: start().date_naive() - Days::new(6), ends_on: start().date_naive() };
    let mut new = NewObservation::new(measure, period).with_ratio(12.0, 20.0);
    new.organization = Some(world.school);
    let observation = lead.record_observation(new).expect("records").id;
    keeps(&ana, MeasureFilter::new().with_role(MeasureRole::Process).with_team(world.team).into(), &[measure.uuid()]);
    keeps(&ana, MeasureFilter::new().with_role(MeasureRole::Outcome).into(), &[]);
    let of = || ObservationFilter::new().with_measure(measure);
    keeps(&ana, of().with_organization(world.school).into(), &[observation.uuid()]);
    keeps(&ana, of().with_organization(world.county).into(), &[]);

    let workshop = convening(&world);
    let of = || ConveningFilter::new().with_team(world.team).with_kind(ConveningKind::Workshop);
    keeps(&ana, of().with_state(ConveningState::Scheduled).into(), &[workshop.uuid()]);
    keeps(&ana, of().with_state(ConveningState::Held).into(), &[]);
    let there = lead.record_attendance(NewAttendance::new(workshop, world.ana)).expect("records").id;
    let of = || AttendanceFilter::new().with_convening(workshop).with_member(world.ana);
    keeps(&ana, of().with_status(AttendanceStatus::Attended).into(), &[there.uuid()]);
    keeps(&ana, of().with_status(AttendanceStatus::Excused).into(), &[]);

    let story = ana.tell_story(NewStory::new("testimonial", "Strips", "It helped.").about(cycle)).expect("tells").id;
    let of = || StoryFilter::new().with_about(crate::model::RecordRef::from(cycle)).with_kind(StoryKind::Testimonial);
    keeps(&ana, of().with_consent(ConsentState::None).into(), &[story.uuid()]);
    keeps(&ana, of().with_consent(ConsentState::Granted).into(), &[]);
    let tie = lead.propose_mentorship(NewMentorship::new("coaching", world.lead, world.ana)).expect("proposes").id;
    let of = || MentorshipFilter::new().with_mentor(world.lead).with_mentee(world.ana);
    keeps(&ana, of().with_state(MentorshipState::Proposed).into(), &[tie.uuid()]);
    keeps(&ana, of().with_team(world.team).into(), &[]);
    let note = ana.add_entry(NewEntry::new(cycle, "plan", "Fold first.")).expect("adds").id;
    let of = || EntryFilter::new().with_subject(crate::model::RecordRef::from(cycle));
    keeps(&ana, of().with_kind(EntryKind::Plan).with_phase(Phase::Plan).into(), &[note.uuid()]);
    keeps(&ana, of().with_phase(Phase::Do).into(), &[]);
    let twins = ["Una", "Uno"].map(|name| NewMember::new(name, "Test").with_email("u@example.org"));
    twins.into_iter().for_each(|twin| drop(world.host().add_member(twin).expect("adds a member")));
    let of = || FindingFilter::new().with_kind(FindingKind::DuplicateEmail);
    assert_eq!(ids(&world.host(), of().with_state(FindingState::Open)).len(), 1);
    keeps(&world.host(), of().with_state(FindingState::Resolved).into(), &[]);
    keeps(&ana, of().into(), &[]);
    verify(&world.cop);
}

fn children(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (lead, ben) = (world.as_member(world.lead), world.as_member(world.ben));
    let measure = measure(&world);
    let period = Period { starts_on: start().date_naive() - Days::new(6), ends_on: start().date_naive() };
    let new = NewObservation::new(measure, period).with_ratio(12.0, 20.0);
    let observation = lead.record_observation(new).expect("records").id;
    let note = lead.add_entry(NewEntry::new(measure, "note", "Nine were ill.")).expect("adds").id;
    let own = lead.add_entry(NewEntry::new(measure, "note", "I doubt it.").private()).expect("adds").id;
    let sees = |session: &Session| {
        let seen = [session.measure(measure).is_ok(), session.observation(observation).is_ok()];
        let listed = ids(session, ObservationFilter::new()) == [observation.uuid()];
        assert_eq!((seen[0], listed), (seen[1], seen[1]), "an observation is seen as its measure is");
        let notes = ids(session, EntryFilter::new());
        assert_eq!((session.entry(note).is_ok(), notes.contains(&note.uuid())), (seen[0], seen[0]), "and a note of it");
        assert_eq!(session.entry(own).is_ok(), notes.contains(&own.uuid()));
        (seen[0], session.entry(own).is_ok())
    };
    let set = |visibility: Visibility| {
        lead.revise_measure(MeasureEdit { visibility: Some(visibility.to_string()), ..MeasureEdit::new(measure) })
            .expect("revises");
    };
    for (visibility, expected) in [
        (Visibility::Team(world.team), false),
        (Visibility::Community, true),
        (Visibility::Private, false),
        (Visibility::Organization(world.district), true),
    ] {
        set(visibility);
        assert_eq!(sees(&ben), (expected, false), "{visibility}");
        assert_eq!(sees(&lead), (true, true), "{visibility}");
        assert_eq!(sees(&world.host()), (true, false), "{visibility}");
    }
    verify(&world.cop);
}

fn embargo(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let (ana, ben) = (world.as_member(world.ana), world.as_member(world.ben));
    let task = NewResource::new("task", "T").with_body("fraction strips").with_visibility(Visibility::Community);
    let task = ana.add_resource(task.published()).expect("adds").id;
    let until = Some(start().date_naive() + Days::new(2));
    ana.set_embargo(EmbargoOf { resource: task, until }).expect("sets");
    for (days, expected) in [(0, false), (1, false), (2, true), (1, false), (9, true)] {
        world.clock.set(start() + chrono::Duration::days(days));
        let listed = ben.resources(Default::default(), PageRequest::default()).expect("lists").items.len();
        let found = ben.search("fraction").expect("searches").total;
        assert_eq!((listed, found), (usize::from(expected), u64::from(expected)), "after {days} days");
        assert_eq!(ben.resource(task).is_ok(), expected, "after {days} days");
        assert!(ana.resource(task).is_ok());
    }
}

fn taken_back(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let ana = world.as_member(world.ana);
    let undo = |operations: u32| -> Result<AnyRecord> { ana.apply(Op::Undo(UndoOf { operations })) };
    let task = ana.add_resource(NewResource::new("task", "T").with_tag("a").with_body("strips")).expect("adds");
    ana.delete_resource(task.id).expect("deletes");
    assert!(ana.resource(task.id).is_err());
    undo(1).expect("takes the deletion back");
    let back = ana.resource(task.id).expect("is there again");
    assert_eq!((back.title.as_str(), &back.tags), ("T", &task.tags));
    let lives: Vec<Life> = ana.history(task.id).expect("its history").iter().map(|revision| revision.life).collect();
    assert_eq!(lives, [Life::Created, Life::Deleted, Life::Restored]);
    assert_eq!(ana.search("strips").expect("searches").total, 1);
    undo(1).expect("takes the addition back");
    assert!(ana.resource(task.id).is_err());
    world.refused("there is nothing left", || undo(1));
    verify(&world.cop);
}

fn forgotten(engine: &dyn EngineUnderTest) {
    let world = World::new(engine);
    let host = world.host();
    let new = NewMember::new("Zerlinde", "Quarzfeld").with_email("zerlinde@example.org");
    let gone = host.add_member(new).expect("adds").id;
    let me = world.as_member(gone);
    let story = me.tell_story(NewStory::new("testimonial", "Quarzfeld tells", "It helped.")).expect("tells").id;
    let scope = "community".to_owned();
    me.grant_consent(ConsentOf { story, scope, attribution: None }).expect("consents");
    me.erase_member(MemberRef { member: gone }).expect("erases");
    let said = world.cop.changes(0, usize::MAX).expect("reads the log");
    let said: String = said.iter().map(|change| change.patch.to_text()).collect();
    for word in ["Zerlinde", "Quarzfeld", "zerlinde@example.org"] {
        assert!(!said.contains(word), "the log still says {word}");
    }
    assert_eq!(world.cop.as_member(gone).err().map(|error| error.kind()), Some(ErrorKind::NotFound));
    assert!(host.story(story).is_err(), "consent ends with the person");
    verify(&world.cop);
}
