//! What is derived from the records: hours, participation, diagrams, checklists, pages.

use crate::record::{AimStatement, HoursPolicy, Link, Member, Mentorship, ParticipationPolicy, Story};
use crate::value::{
    ConveningId, CycleId, Day, GoalId, MeasureId, MemberId, MembershipId, ResourceId, StoryId, TeamId, Timestamp,
    conversion, records,
};
use crate::vocabulary::{
    AttendanceRole, CycleKind, DecisionKind, GoalKind, GoalStatus, MeasureRole, ParticipationLevel, TeamRole,
};

records! {
    /// What a member's attendance in a school year counts, by the community's rules.
    ///
    /// What counts is being there (`attended`), in one of the credited roles, at a session that was held, or that was
    /// announced, is over and was not cancelled. A session belongs to the school year in which it starts, on the
    /// calendar of its own time zone. The minutes of all sessions of one convening are added up, each at most as long
    /// as it was scheduled; the cap, the minimum and the rounding apply to that sum, once, and the total is the sum of
    /// what the convenings count. Where a convening lies in two school years, its parts count by themselves.
    HoursStatement from cop_core::HoursStatement {
        /// Whose.
        member: MemberId,
        /// Of which school year.
        school_year: String,
        /// The school year's first day.
        starts_on: Day,
        /// Its last day.
        ends_on: Day,
        /// By which rules.
        policy: HoursPolicy,
        /// The convenings, in the order of their days. Also those that count nothing.
        convenings: Vec<HoursOfConvening>,
        /// The minutes of attendance, all together.
        minutes: i64,
        /// The minutes that count, all together.
        credited_minutes: i64,
    }

    /// A convening in a statement of hours, with all its sessions that were attended.
    HoursOfConvening from cop_core::HoursOfConvening {
        /// Which.
        convening: ConveningId,
        /// Its title: who was there knows it, whoever may read the record now.
        title: String,
        /// What it is.
        kind: String,
        /// Its day, in its own time zone.
        date: Day,
        /// The sessions that were attended, in their order; the convening itself where it has none.
        sessions: Vec<HoursOfSession>,
        /// The minutes of attendance.
        minutes: i64,
        /// The minutes that count.
        credited_minutes: i64,
    }

    /// A session in a statement of hours.
    HoursOfSession from cop_core::HoursOfSession {
        /// Which.
        convening: ConveningId,
        /// Its title.
        title: String,
        /// What it is.
        kind: String,
        /// Its day, in its own time zone.
        date: Day,
        /// As what they were there.
        role: AttendanceRole,
        /// The minutes of attendance, at most as many as were scheduled.
        minutes: i64,
    }

    /// How much a member takes part in the community, on a day.
    Participation from cop_core::Participation {
        /// Who: the record that stands for the person.
        member: MemberId,
        /// The last day that counts.
        on: Day,
        /// The day before the first that counts: the window is (`from`, `on`].
        from: Day,
        /// The level; none for somebody who did not belong to the community on that day and did nothing in the window.
        level: Option<ParticipationLevel>,
        /// Whether they took part in the community as a member at the end of that day (UTC), as the log has it.
        live: bool,
        /// What the level rests on.
        numbers: ParticipationNumbers,
        /// By which rules.
        policy: ParticipationPolicy,
    }

    /// What a member did in a window of days.
    ///
    /// Counted are sessions that were held, as far as is known now: convenings, or where they have sessions the
    /// sessions, on their days in their own time zones. What somebody contributed counts on the day it was made (UTC), as those who facilitate
    /// the community see it now: neither drafts nor what is private, sealed or told anonymously. So everybody who may
    /// ask gets the same numbers, and nobody learns from them what is kept from them.
    ParticipationNumbers from cop_core::ParticipationNumbers {
        /// The sessions that were open to them: of teams of which they were active members when the session began
        /// (since always, where the host recorded a membership that existed already), and of the whole community from
        /// when it knew them (always, where the host recorded them as active already).
        open: u32,
        /// Those of them at which they were.
        attended: u32,
        /// Other sessions at which they were. They do not count towards the share, but where one is enough.
        attended_elsewhere: u32,
        /// What they contributed.
        contributions: Contributions,
        /// How they led.
        leadership: Leadership,
    }

    /// What a member contributed, by kind.
    Contributions from cop_core::Contributions {
        /// Resources they added that are no drafts.
        resources: u32,
        /// Notes they wrote.
        entries: u32,
        /// Stories they told under their name.
        stories: u32,
        /// Observations they recorded.
        observations: u32,
        /// Predictions they made.
        predictions: u32,
        /// Sessions at which they presented or facilitated.
        sessions: u32,
    }

    /// How a member led.
    Leadership from cop_core::Leadership {
        /// Sessions at which they presented or facilitated.
        sessions: u32,
        /// Sessions of teams at work that they led or facilitated when the session began.
        team_sessions: u32,
        /// Steps of cycles that they lead now.
        cycle_steps: u32,
    }

    /// An aim with everything below it that the viewer may read.
    DriverDiagram from cop_core::DriverDiagram {
        /// The aim.
        aim: GoalId,
        /// Its title.
        title: String,
        /// What, how much, for whom, by when.
        statement: Option<AimStatement>,
        /// Where it stands.
        status: GoalStatus,
        /// The measures that tell whether it is met.
        measures: Vec<DiagramMeasure>,
        /// What is directly below it: primary drivers, and change ideas that need no driver.
        below: Vec<DiagramNode>,
        /// Whether something was left out because the diagram is too large: deeper than 6 levels, or of more than 2,000
        /// nodes.
        truncated: bool,
    }

    /// A driver or a change idea. What is below several others appears below each of them.
    DiagramNode from cop_core::DiagramNode {
        /// Which.
        goal: GoalId,
        /// What it is.
        kind: GoalKind,
        /// How far below the aim, from 1: a driver at 1 is a primary driver, at 2 a secondary one.
        level: u32,
        /// Its title.
        title: String,
        /// Where it stands.
        status: GoalStatus,
        /// The measures that tell whether it is reached.
        measures: Vec<DiagramMeasure>,
        /// The cycles that test it.
        tests: Vec<IdeaTest>,
        /// What is directly below it.
        below: Vec<DiagramNode>,
    }

    /// A measure in a driver diagram.
    DiagramMeasure from cop_core::DiagramMeasure {
        /// Which.
        measure: MeasureId,
        /// Its name.
        name: String,
        /// What it is for.
        role: MeasureRole,
    }

    /// A cycle that tests a change idea.
    IdeaTest from cop_core::IdeaTest {
        /// Which.
        cycle: CycleId,
        /// Its title.
        title: String,
        /// What it turns through.
        kind: CycleKind,
        /// The phase it is in.
        phase: String,
        /// What was decided about the idea.
        decision: Option<DecisionKind>,
    }

    /// A school year of the archive.
    ArchiveYear from cop_core::ArchiveYear {
        /// The year.
        school_year: String,
        /// The convenings that were held, in the order of their days; of those with sessions, the sessions too.
        convenings: Vec<ArchiveConvening>,
        /// Published resources of that school year that come from none of the convenings shown.
        resources: Vec<ArchiveResource>,
    }

    /// A convening in the archive.
    ArchiveConvening from cop_core::ArchiveConvening {
        /// Which.
        convening: ConveningId,
        /// Its title.
        title: String,
        /// What it was.
        kind: String,
        /// Its day, in its own time zone.
        date: Day,
        /// The teams that convened; none for the whole community.
        teams: Vec<TeamId>,
        /// The published resources that come from it: the video, the slides, …
        resources: Vec<ArchiveResource>,
        /// Its sessions that were held.
        sessions: Vec<ArchiveConvening>,
    }

    /// A resource in the archive.
    ArchiveResource from cop_core::ArchiveResource {
        /// Which.
        resource: ResourceId,
        /// What it is.
        kind: String,
        /// Its title.
        title: String,
        /// Where it is found.
        links: Vec<Link>,
    }

    /// Something that is to be done.
    ChecklistItem from cop_core::ChecklistItem {
        /// Which: `area.what`, the same for ever.
        code: String,
        /// Whether it cannot be left out.
        required: bool,
        /// Whether it is done.
        done: bool,
        /// How many there must be, where that is counted.
        needed: Option<u32>,
        /// How many there are.
        found: Option<u32>,
        /// In words.
        detail: String,
    }

    /// What a team needs to be launched: people who lead it and fit together, a charter, members who have found their
    /// way in and committed to the year, and a first cycle.
    ///
    /// The items, in this order: `team.lead`; `formation.members`, `.roles`, `.districts`, `.counties` and
    /// `.same_district`, as far as the team's formation rule asks for them; `team.term` (required of working groups,
    /// courses and cohorts); `team.charter`; `onboarding.<step>` for each step of the community's onboarding;
    /// `convening.orientation`: one was held in this school year, by the team, one above it, or for the whole
    /// community; `commitment.year`; `cycle.started`. Of members, only how many.
    LaunchChecklist from cop_core::LaunchChecklist {
        /// Which team.
        team: TeamId,
        /// As of which day (UTC).
        on: Day,
        /// The school year of that day, to which members commit.
        school_year: Option<String>,
        /// What is to be done.
        items: Vec<ChecklistItem>,
        /// Whether everything is done that cannot be left out.
        ready: bool,
    }

    /// What a newcomer has yet to do.
    ///
    /// The items, in this order: `member.agreed`: both sides did; `onboarding.<step>` for each step of the community's
    /// onboarding; `commitment.year`; `member.affiliation`: one is in force.
    OnboardingChecklist from cop_core::OnboardingChecklist {
        /// Whose: the record that stands for the person.
        member: MemberId,
        /// As of which day (UTC).
        on: Day,
        /// The school year of that day, to which members commit.
        school_year: Option<String>,
        /// What is to be done.
        items: Vec<ChecklistItem>,
        /// Whether everything is done that cannot be left out.
        ready: bool,
    }

    /// Which stories a value matrix is about.
    ValueFilter from cop_core::ValueFilter {
        /// Of this school year.
        school_year: Option<String>,
        /// From this team.
        team: Option<TeamId>,
    }

    /// Stories by the value they tell of, as far as they may be read. A story counts for every value it names.
    ValueMatrix from cop_core::ValueMatrix {
        /// Which stories these are.
        filter: ValueFilter,
        /// How many stories, all together.
        stories: u32,
        /// All stories by value: the five cycles of value, in their order, also where there is no story; then the
        /// community's own codes.
        values: Vec<ValueCell>,
        /// The same team by team, with the same values: first the stories that come from no team, then the teams in the
        /// order of their ids.
        teams: Vec<TeamValues>,
        /// The stories that do not say what they were worth.
        without_value: Vec<StoryId>,
    }

    /// A row of the matrix.
    TeamValues from cop_core::TeamValues {
        /// The team; none for stories that come from no team.
        team: Option<TeamId>,
        /// How many stories come from it.
        stories: u32,
        /// Its stories by value.
        values: Vec<ValueCell>,
    }

    /// The stories that tell of one value.
    ValueCell from cop_core::ValueCell {
        /// The value.
        value: String,
        /// How many stories.
        stories: u32,
        /// Which, in the order of their ids.
        ids: Vec<StoryId>,
    }

    /// What there is to know of a member. Records that were merged into this one count as the same person's.
    MemberOverview from cop_core::MemberPage {
        /// The profile, with the affiliations, the steps of onboarding and the commitments.
        profile: Member,
        /// The teams of which they are an active member, in the order of their ids.
        teams: Vec<TeamOfMember>,
        /// The cycles that they lead or take part in, in the order of their ids.
        cycles: Vec<CycleOfMember>,
        /// The stories that they tell under their name.
        stories: Vec<Story>,
        /// The mentorships that tie them to others.
        mentorships: Vec<Mentorship>,
        /// The present school year.
        school_year: Option<String>,
        /// Whether they committed to it.
        committed: bool,
        /// The hours of the present school year; none for whom these are not meant.
        hours: Option<HoursStatement>,
    }

    /// A team on a member's page.
    TeamOfMember from cop_core::TeamOfMember {
        /// Which.
        team: TeamId,
        /// Its name.
        name: String,
        /// What it is for.
        kind: String,
        /// The membership.
        membership: MembershipId,
        /// What they may do in it.
        roles: Vec<TeamRole>,
    }

    /// A cycle on a member's page.
    CycleOfMember from cop_core::CycleOfMember {
        /// Which.
        cycle: CycleId,
        /// Its title.
        title: String,
        /// What it turns through.
        kind: CycleKind,
        /// The team that runs it.
        team: TeamId,
        /// The phase it is in.
        phase: String,
        /// Whether they lead it.
        leads: bool,
    }

    /// What a look at the file and at what is derived from its records found.
    Health from cop_core::Health {
        /// What is wrong with the file as such, in the database's words; nobody repairs that. Put a copy in its place.
        damage: Vec<String>,
        /// How many keys and audiences are not what the records amount to; `repair` makes them so.
        derived: i64,
    }

    /// One step of a record's history, in words.
    AuditLine from cop_core::AuditLine {
        /// The position in the change log.
        seq: i64,
        /// When (UTC, to the millisecond).
        at: Timestamp,
        /// Who; nobody for the system itself.
        actor: Option<MemberId>,
        /// The operation's name.
        op: String,
        /// What they did, in words: `published the resource: state`.
        words: String,
        /// The fields that changed.
        fields: Vec<String>,
    }
}
