//! Random conditions of lists.

use cop_core::{
    AssociationFilter, AttendanceFilter, AttendanceStatus, ConsentState, Convening, ConveningFilter, ConveningKind,
    ConveningState, Cycle, CycleFilter, CycleKind, EntryFilter, EntryKind, FindingFilter, FindingKind, FindingState,
    FrameworkFilter, Goal, GoalFilter, GoalKind, GoalStatus, ListFilter, Measure, MeasureFilter, MeasureRole,
    MemberFilter, MemberState, MembershipFilter, MembershipState, MentorshipFilter, MentorshipState, ObservationFilter,
    OrganizationFilter, Phase, RecordKind, ResourceFilter, ResourceKind, ResourceState, SchoolYear, StandardFilter,
    StoryFilter, StoryKind, TeamFilter, TeamKind, TeamState,
};

use super::dice::Dice;

pub(super) fn filters(dice: &mut Dice<'_>) -> Vec<ListFilter> {
    let mut filters = of_people(dice);
    filters.extend(of_library(dice));
    filters.extend(of_inquiry(dice));
    filters.extend(of_gatherings(dice));
    filters
}

fn school_year(dice: &mut Dice<'_>) -> Option<SchoolYear> {
    dice.one(&["2021-22", "2022-23"]).parse().ok().filter(|_| dice.random.one_in(4))
}

fn of_people(dice: &mut Dice<'_>) -> Vec<ListFilter> {
    vec![
        OrganizationFilter { parent: dice.maybe(Dice::organization), ..OrganizationFilter::new() }.into(),
        OrganizationFilter { external_id: dice.maybe(Dice::external_id), ..OrganizationFilter::new() }.into(),
        MemberFilter { organization: dice.maybe(Dice::organization), ..MemberFilter::new() }.into(),
        MemberFilter {
            state: dice.maybe(|d| d.one(&[MemberState::Active, MemberState::Ended, MemberState::Merged])),
            ..MemberFilter::new()
        }
        .into(),
        TeamFilter {
            kind: dice.maybe(|d| d.one(&[TeamKind::Project, TeamKind::Site])),
            state: dice.maybe(|d| d.one(&[TeamState::Forming, TeamState::Active])),
            parent: None,
        }
        .into(),
        MembershipFilter {
            member: dice.maybe(Dice::member),
            team: dice.maybe(Dice::team),
            state: dice.maybe(|d| d.one(&[MembershipState::Active, MembershipState::Ended])),
        }
        .into(),
    ]
}

fn of_library(dice: &mut Dice<'_>) -> Vec<ListFilter> {
    vec![
        FrameworkFilter::new().into(),
        StandardFilter { code: dice.maybe(|d| d.one(&["3NFA1", "3.NF.A.2"]).to_owned()), ..StandardFilter::new() }
            .into(),
        AssociationFilter::new().into(),
        ResourceFilter {
            kind: dice.maybe(|d| d.one(&[ResourceKind::Task, ResourceKind::Video])),
            state: dice.maybe(|d| d.one(&[ResourceState::Draft, ResourceState::Published, ResourceState::Retired])),
            team: dice.maybe(Dice::team),
            created_by: dice.maybe(Dice::member),
            external_id: dice.rarely(Dice::external_id),
            convening: dice.rarely(|d| d.id::<Convening>()),
            cycle: dice.rarely(|d| d.id::<Cycle>()),
            ..ResourceFilter::new()
        }
        .into(),
    ]
}

fn of_inquiry(dice: &mut Dice<'_>) -> Vec<ListFilter> {
    vec![
        GoalFilter {
            kind: dice.rarely(|d| d.one(&[GoalKind::Goal, GoalKind::Aim, GoalKind::ChangeIdea])),
            team: dice.rarely(Dice::team),
            status: dice.maybe(|d| d.one(&[GoalStatus::Open, GoalStatus::Met])),
            school_year: school_year(dice),
            parent: dice.rarely(|d| d.id::<Goal>()),
        }
        .into(),
        CycleFilter {
            team: dice.rarely(Dice::team),
            kind: dice.rarely(|d| d.one(&[CycleKind::Custom, CycleKind::Pdsa])),
            phase: dice.rarely(|d| d.one(&[Phase::Plan, Phase::Closed])),
            school_year: school_year(dice),
            parent: dice.rarely(|d| d.id::<Cycle>()),
            member: dice.rarely(Dice::member),
        }
        .into(),
        MeasureFilter {
            team: dice.rarely(Dice::team),
            role: dice.maybe(|d| d.one(&[MeasureRole::Outcome, MeasureRole::Process])),
        }
        .into(),
        ObservationFilter { measure: dice.maybe(|d| d.id::<Measure>()), organization: dice.rarely(Dice::organization) }
            .into(),
    ]
}

fn of_gatherings(dice: &mut Dice<'_>) -> Vec<ListFilter> {
    let subjects = [RecordKind::Team, RecordKind::Resource, RecordKind::Goal, RecordKind::Member];
    vec![
        ConveningFilter {
            kind: dice.rarely(|d| d.one(&[ConveningKind::Workshop, ConveningKind::TeamMeeting])),
            state: dice.maybe(|d| d.one(&[ConveningState::Draft, ConveningState::Scheduled, ConveningState::Held])),
            team: dice.maybe(Dice::team),
            parent: dice.rarely(|d| d.id::<Convening>()),
            cycle: dice.rarely(|d| d.id::<Cycle>()),
        }
        .into(),
        AttendanceFilter {
            convening: dice.maybe(|d| d.id::<Convening>()),
            member: dice.rarely(Dice::member),
            status: dice.rarely(|d| d.one(&[AttendanceStatus::Attended, AttendanceStatus::Registered])),
        }
        .into(),
        StoryFilter {
            kind: dice.rarely(|d| d.one(&[StoryKind::Testimonial, StoryKind::ValueCreation])),
            team: dice.rarely(Dice::team),
            about: dice.rarely(|d| d.record_of(&subjects)),
            consent: dice.maybe(|d| d.one(&[ConsentState::None, ConsentState::Granted, ConsentState::Withdrawn])),
        }
        .into(),
        MentorshipFilter {
            mentor: dice.rarely(Dice::member),
            mentee: dice.rarely(Dice::member),
            team: dice.rarely(Dice::team),
            state: dice.maybe(|d| d.one(&[MentorshipState::Proposed, MentorshipState::Active])),
        }
        .into(),
        EntryFilter {
            subject: dice.maybe(|d| d.record_of(&subjects)),
            kind: dice.rarely(|d| d.one(&[EntryKind::Plan, EntryKind::Note])),
            phase: dice.rarely(|d| d.one(&[Phase::Plan, Phase::Do])),
        }
        .into(),
        FindingFilter {
            kind: dice.rarely(|d| d.one(&[FindingKind::DuplicateEmail, FindingKind::NoLead])),
            state: dice.maybe(|d| d.one(&[FindingState::Open, FindingState::Resolved])),
            about: dice.maybe(|d| d.record_of(&subjects)),
            team: dice.rarely(Dice::team),
        }
        .into(),
    ]
}
