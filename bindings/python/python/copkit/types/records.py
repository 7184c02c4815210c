"""The records of a community."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from .._frozen import dataclass
from .codes import (
    Admission,
    AssociationKind,
    AttendanceRole,
    AttendanceStatus,
    Cadence,
    ChartKind,
    CommunityRole,
    ConsentState,
    Contact,
    ConveningFact,
    ConveningKind,
    ConveningState,
    CycleKind,
    DevelopmentStage,
    Direction,
    EntryKind,
    FindingKind,
    FindingState,
    GoalKind,
    GoalStatus,
    MeasureRole,
    MembershipFact,
    MembershipState,
    MemberState,
    MentorshipFact,
    MentorshipKind,
    MentorshipState,
    MissingReason,
    Mode,
    OrganizationKind,
    OrganizationStatus,
    Phase,
    RecordKind,
    ResourceKind,
    ResourceState,
    RuleSet,
    StoryKind,
    StoryValue,
    TeamFact,
    TeamKind,
    TeamRole,
    TeamState,
    Unit,
)
from .header import Record, RecordRef
from .texts import Grantee, MemberFact, Visibility
from .values import (
    AdmissionDecision,
    Affiliation,
    AimStatement,
    Alignment,
    Answer,
    Charter,
    Commitment,
    ConsentFact,
    Creator,
    CycleDecision,
    Exclusion,
    ExternalId,
    FileRef,
    FindingFact,
    FormationRule,
    Link,
    MeasurePhase,
    NodeRef,
    PartOf,
    Period,
    PhaseStep,
    Policies,
    Prediction,
    Region,
    Resolution,
    Review,
    Series,
    StudentGroup,
    Term,
    WalkIn,
)

__all__ = [
    "Association",
    "AssociationRef",
    "Attendance",
    "AttendanceRef",
    "CommunityRecord",
    "Convening",
    "ConveningRef",
    "Cycle",
    "CycleRef",
    "Entry",
    "EntryRef",
    "Finding",
    "FindingRef",
    "Framework",
    "FrameworkRef",
    "Goal",
    "GoalRef",
    "Measure",
    "MeasureRef",
    "Member",
    "MemberRef",
    "Membership",
    "MembershipRef",
    "Mentorship",
    "MentorshipRef",
    "Observation",
    "ObservationRef",
    "Organization",
    "OrganizationRef",
    "Resource",
    "ResourceRef",
    "Standard",
    "StandardRef",
    "Story",
    "StoryRef",
    "Team",
    "TeamRef",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRecord(Record):
    """The community itself."""

    record_kind: ClassVar[str] = "community"

    name: str
    language: str
    charter: Charter
    #: The organization that carries it.
    hub: UUID | None
    #: Its own rules.
    policies: Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Record):
    """A state agency, county office, district, school, university, partner or network."""

    record_kind: ClassVar[str] = "organization"

    kind: OrganizationKind | str
    name: str
    parent: UUID | None
    #: Its California code, 14 digits.
    cds: str | None
    external_ids: tuple[ExternalId, ...]
    status: OrganizationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """A person known to the community."""

    record_kind: ClassVar[str] = "member"

    given: str
    family: str
    #: The name to show.
    display: str
    #: Empty for those whom ``contact`` keeps out.
    emails: tuple[str, ...]
    contact: Contact
    affiliations: tuple[Affiliation, ...]
    external_ids: tuple[ExternalId, ...]
    roles: tuple[CommunityRole, ...]
    facts: tuple[MemberFact, ...]
    state: MemberState
    pronouns: str | None
    #: A few words about themselves.
    bio: str | None
    #: The steps of onboarding they have taken.
    steps: tuple[str, ...]
    #: The school years they committed to.
    commitments: tuple[Commitment, ...]
    #: What was decided about their request to take part; for the member and stewards only.
    decision: AdmissionDecision | None
    #: The records that are the same person's.
    same_as: tuple[UUID, ...]
    #: The record that stands for the person, unless it is this one.
    merged_into: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Record):
    """A group inside the community."""

    record_kind: ClassVar[str] = "team"

    kind: TeamKind | str
    name: str
    charter: str
    parent: UUID | None
    organizations: tuple[UUID, ...]
    region: Region | None
    term: Term | None
    admission: Admission
    #: The visibility its resources get unless they say otherwise.
    default_visibility: Visibility
    #: The widest visibility its published resources may have.
    maximum_visibility: Visibility
    state: TeamState
    facts: tuple[TeamFact, ...]
    #: The organization that carries it.
    hub: UUID | None
    #: How mature it is, for information.
    stage: DevelopmentStage | None
    #: What its members must be, together.
    formation: FormationRule | None
    #: What an application must answer.
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    """One episode of a member in a team."""

    record_kind: ClassVar[str] = "membership"

    member: UUID
    team: UUID
    #: The how-manieth time, from 1.
    episode: int
    roles: tuple[TeamRole, ...]
    facts: tuple[MembershipFact, ...]
    state: MembershipState
    #: Whether the community outside the team may see it.
    public: bool
    #: What the application answered; for the member and those who lead.
    answers: tuple[Answer, ...]
    #: What was decided about the request.
    decision: AdmissionDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Record):
    """A set of standards (CASE CFDocument)."""

    record_kind: ClassVar[str] = "framework"

    identifier: str
    title: str
    creator: str
    version: str | None
    language: str | None
    #: Everything else it came with.
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Record):
    """One item of a framework (CASE CFItem)."""

    record_kind: ClassVar[str] = "standard"

    framework: UUID
    identifier: str
    #: Its code as the publisher writes it.
    code: str | None
    #: The code's normal form, which any spelling of it finds.
    code_key: str | None
    statement: str
    kind: str | None
    education_levels: tuple[str, ...]
    parent: UUID | None
    position: int | None
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Association(Record):
    """A directed tie between two standards (CASE CFAssociation)."""

    record_kind: ClassVar[str] = "association"

    framework: UUID
    identifier: str
    kind: AssociationKind | str
    origin: NodeRef
    destination: NodeRef
    sequence: int | None
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Record):
    """Anything shared: a task, a tool, a rubric, a case study, a video, slides, …"""

    record_kind: ClassVar[str] = "resource"

    kind: ResourceKind | str
    title: str
    description: str
    body: str
    creators: tuple[Creator, ...]
    links: tuple[Link, ...]
    language: str
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    tags: tuple[str, ...]
    #: SPDX identifier or URL.
    licence: str | None
    published_on: date | None
    school_year: str | None
    team: UUID | None
    part_of: PartOf | None
    external_ids: tuple[ExternalId, ...]
    #: Who it is meant for once published.
    visibility: Visibility
    #: Who else it is shared with by name.
    grants: tuple[Grantee, ...]
    #: Facilitators and stewards have no extra right to it.
    sealed: bool
    state: ResourceState
    #: The files that belong to it; the host keeps their bytes.
    files: tuple[FileRef, ...]
    #: The convening it comes from.
    convening: UUID | None
    #: The cycle it comes from.
    cycle: UUID | None
    #: The resource it takes the place of.
    supersedes: UUID | None
    #: Published, it is for its audience from this day on; until then it is seen as a draft is.
    embargo: date | None
    #: What reviewers found.
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Record):
    """A node of the theory of improvement."""

    record_kind: ClassVar[str] = "goal"

    kind: GoalKind
    #: The team whose goal it is; ``None`` for the whole community's.
    team: UUID | None
    title: str
    body: str
    #: The goals above it.
    parents: tuple[UUID, ...]
    #: The school year, required of objectives.
    school_year: str | None
    #: What, how much, for whom, by when; of aims.
    aim: AimStatement | None
    #: The measures that tell whether it is reached.
    measures: tuple[UUID, ...]
    visibility: Visibility
    status: GoalStatus
    #: The goal that has taken its place.
    superseded_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle(Record):
    """One turn of inquiry of a team."""

    record_kind: ClassVar[str] = "cycle"

    team: UUID
    kind: CycleKind
    #: Its phases, in order.
    phases: tuple[Phase | str, ...]
    title: str
    #: The question, or the research theme of a lesson study.
    question: str
    #: What one looks through: ``UDL``, ``equity``, …
    lenses: tuple[str, ...]
    school_year: str | None
    starts_on: date | None
    ends_on: date | None
    #: The year-long inquiry it is a part of.
    parent: UUID | None
    #: The cycle that it continues: together they are a ramp.
    previous: UUID | None
    #: The problem of practice.
    problem: UUID | None
    #: The change ideas it tests.
    tests: tuple[UUID, ...]
    #: The measures it looks at.
    measures: tuple[UUID, ...]
    lead: UUID | None
    participants: tuple[UUID, ...]
    predictions: tuple[Prediction, ...]
    #: The steps it took.
    steps: tuple[PhaseStep, ...]
    #: The phase it is in.
    phase: Phase | str
    decision: CycleDecision | None
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """Something that a team tracks."""

    record_kind: ClassVar[str] = "measure"

    team: UUID
    name: str
    role: MeasureRole
    #: What exactly is counted, how, by whom.
    operational_definition: str
    #: What one observation is.
    unit: Unit
    #: Which way is better.
    direction: Direction
    #: What shall be reached, in the measure's own unit (a proportion: 0 to 1).
    target: float | None
    #: How often it is observed.
    cadence: Cadence | str | None
    #: How it is charted.
    chart: ChartKind | str | None
    #: The rules by which the chart signals.
    rule_set: RuleSet | str | None
    #: Whether moving ranges beyond their limit are left out once (Nelson 1982).
    screening: bool
    #: The stretches of its chart.
    phases: tuple[MeasurePhase, ...]
    #: The observations that do not count.
    exclusions: tuple[Exclusion, ...]
    #: Whether it counts students, so that small numbers are kept back.
    student_counts: bool
    #: Who may read it, and its observations.
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation(Record):
    """One aggregate data point of a measure, never a student's record."""

    record_kind: ClassVar[str] = "observation"

    measure: UUID
    #: The days it stands for.
    period: Period
    #: Of which organization; ``None`` for the whole team's.
    organization: UUID | None
    #: Of which student group; ``None`` for all.
    student_group: StudentGroup | None
    #: Of proportions and rates.
    numerator: float | None
    #: Of proportions and rates.
    denominator: float | None
    #: Of all other units.
    value: float | None
    #: Why there is no number.
    missing_reason: MissingReason | str | None
    #: How many people stand behind it.
    n: int | None
    #: Where it comes from.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Convening(Record):
    """A gathering: a convening, workshop, course session, consultancy, team meeting, …

    A convening with sessions is attended session by session.
    """

    record_kind: ClassVar[str] = "convening"

    kind: ConveningKind | str
    title: str
    body: str
    #: The teams that convene; none for the whole community.
    teams: tuple[UUID, ...]
    #: The convening it is a session of.
    parent: UUID | None
    #: The cycle it belongs to.
    cycle: UUID | None
    #: When it begins, on the clocks of its time zone: a naive time.
    starts: datetime
    #: When it ends, on the clocks of its time zone: a naive time.
    ends: datetime
    #: Its time zone (IANA), such as ``America/Los_Angeles``.
    time_zone: str
    #: When it begins (UTC), by its time zone.
    starts_at: datetime
    #: When it ends (UTC), by its time zone.
    ends_at: datetime
    mode: Mode
    #: Where.
    place: str | None
    #: Where, online.
    join_url: str | None
    #: How many seats there are; ``None`` for as many as come.
    capacity: int | None
    #: The protocol it follows, a resource.
    protocol: UUID | None
    #: Its place in a series.
    series: Series | None
    #: What it is about, as keywords.
    topics: tuple[str, ...]
    #: How often its announcement has changed: for calendars.
    sequence: int
    #: Who may read it once it is announced, beside the teams that convene.
    visibility: Visibility
    facts: tuple[ConveningFact, ...]
    state: ConveningState
    cancelled_because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance(Record):
    """A member, or a walk-in, at a convening."""

    record_kind: ClassVar[str] = "attendance"

    convening: UUID
    #: Who; ``None`` for a walk-in.
    member: UUID | None
    #: Who, where it is no member.
    walk_in: WalkIn | None
    role: AttendanceRole
    status: AttendanceStatus
    #: When they came.
    check_in: datetime | None
    #: When they went.
    check_out: datetime | None
    #: How long they were there, in minutes.
    minutes: int | None
    #: Where this is known from: ``sign-in sheet``, ``zoom``, …
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Record):
    """A value-creation story, a testimonial or a report."""

    record_kind: ClassVar[str] = "story"

    kind: StoryKind | str
    title: str
    body: str
    language: str
    #: What it is about.
    about: tuple[RecordRef, ...]
    #: The team it comes from.
    team: UUID | None
    #: Whose story it is, where they are a member and want to be known as its teller.
    teller: UUID | None
    #: What it was worth.
    worth: tuple[StoryValue | str, ...]
    #: What the teller said about consent.
    facts: tuple[ConsentFact, ...]
    #: Where consent stands.
    consent: ConsentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentorship(Record):
    """A tie between two members, which becomes active by the other's own act."""

    record_kind: ClassVar[str] = "mentorship"

    kind: MentorshipKind | str
    #: Who gives: the mentor, the coach.
    mentor: UUID
    #: Who receives.
    mentee: UUID
    #: Who proposed it; the other accepts.
    proposed_by: UUID
    #: The team in which it is lived.
    team: UUID | None
    #: What the two want to reach.
    goals: str
    since: date | None
    until: date | None
    facts: tuple[MentorshipFact, ...]
    state: MentorshipState


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Record):
    """A dated note on a record. Never deleted; what it said before is in its history."""

    record_kind: ClassVar[str] = "entry"

    #: The kind of record it is about.
    about: RecordKind
    #: The record it is about.
    subject: UUID
    kind: EntryKind | str
    #: The phase of the cycle it belongs to.
    phase: Phase | str | None
    #: The day it is about.
    on_date: date
    body: str
    #: For its author alone.
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record):
    """A soft problem that the library noticed. It repairs nothing itself."""

    record_kind: ClassVar[str] = "finding"

    kind: FindingKind | str
    #: About which records.
    about: tuple[RecordRef, ...]
    #: The team whose leads see it too.
    team: UUID | None
    #: What exactly, without names.
    detail: str
    facts: tuple[FindingFact, ...]
    state: FindingState
    #: How it was settled last.
    resolution: Resolution | None


OrganizationRef: TypeAlias = Organization | UUID | str
MemberRef: TypeAlias = Member | UUID | str
TeamRef: TypeAlias = Team | UUID | str
MembershipRef: TypeAlias = Membership | UUID | str
FrameworkRef: TypeAlias = Framework | UUID | str
StandardRef: TypeAlias = Standard | UUID | str
AssociationRef: TypeAlias = Association | UUID | str
ResourceRef: TypeAlias = Resource | UUID | str
GoalRef: TypeAlias = Goal | UUID | str
CycleRef: TypeAlias = Cycle | UUID | str
MeasureRef: TypeAlias = Measure | UUID | str
ObservationRef: TypeAlias = Observation | UUID | str
ConveningRef: TypeAlias = Convening | UUID | str
AttendanceRef: TypeAlias = Attendance | UUID | str
StoryRef: TypeAlias = Story | UUID | str
MentorshipRef: TypeAlias = Mentorship | UUID | str
EntryRef: TypeAlias = Entry | UUID | str
FindingRef: TypeAlias = Finding | UUID | str
