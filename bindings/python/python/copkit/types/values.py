"""The values that records are made of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from .._frozen import dataclass
from .codes import (
    AlignmentKind,
    AttendanceRole,
    Attribution,
    DecisionKind,
    Phase,
    PredictionOutcome,
    Role,
    Rounding,
    Verdict,
)
from .texts import Visibility

__all__ = [
    "AdmissionDecision",
    "Affiliation",
    "AimStatement",
    "Alignment",
    "Answer",
    "Charter",
    "Commitment",
    "Consent",
    "ConsentFact",
    "Creator",
    "CycleDecision",
    "Exclusion",
    "ExternalId",
    "FileRef",
    "FindingFact",
    "FormationRule",
    "HoursPolicy",
    "Link",
    "MeasurePhase",
    "NodeRef",
    "OnboardingStep",
    "PartOf",
    "ParticipationPolicy",
    "Period",
    "PhaseStep",
    "Policies",
    "Prediction",
    "PredictionResult",
    "Region",
    "Resolution",
    "Review",
    "Series",
    "StudentGroup",
    "Term",
    "WalkIn",
]


@dataclass(frozen=True, slots=True)
class ExternalId:
    """What another system calls a record."""

    #: The system: ``cds``, ``nces``, ``case``, ``oneroster:<source>``, …
    system: str
    #: The record's id there.
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What a community is about: its domain, its people, its practice."""

    domain: str = ""
    community: str = ""
    practice: str = ""


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """A step of onboarding."""

    #: Its code, such as ``orientation``.
    code: str
    #: What it is.
    label: str
    #: Whether one cannot become active without it.
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPolicy:
    """How professional learning hours are counted: all in minutes."""

    #: The unit that is rounded to, 1 to 600 minutes.
    unit_minutes: int
    #: Less than this counts as nothing.
    minimum_minutes: int
    rounding: Rounding
    #: The most that one convening, with all its sessions, counts.
    cap_minutes: int | None = None
    #: The roles that count.
    credited_roles: tuple[AttendanceRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationPolicy:
    """How participation is graded over a window of days (after Wenger, McDermott & Snyder 2002)."""

    #: Which version of the rules this is: printed with every result.
    version: str
    #: The window, in days, 1 to 3,660.
    window_days: int
    #: Core: at least this share of the convenings that were open to one, 0 to 1, or a role of leadership used …
    core_attendance: float
    #: … and at least so many contributions.
    core_contributions: int
    #: Active: at least this share of the convenings, 0 to 1 …
    active_attendance: float
    #: … or at least so many contributions, and one convening.
    active_contributions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """A community's own rules. Data, printed with every result they lead to."""

    #: The month in which a school year begins, 1 to 12; 7 is California's July.
    school_year_starts_in: int
    #: The steps of onboarding, in order.
    onboarding: tuple[OnboardingStep, ...]
    #: Whether one commits to the school year before becoming active.
    commitment_required: bool
    hours: HoursPolicy
    participation: ParticipationPolicy
    #: Words and phrases that mean the same here, by group, for searches that are widened.
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """A member's place in an organization over a span of time."""

    organization: UUID
    role: Role | str
    grades: tuple[str, ...] = ()
    #: First day; ``None`` means always.
    since: date | None = None
    #: Last day; ``None`` means it still holds.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A member's commitment to take part in a school year."""

    #: The year: ``2021-22``.
    school_year: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionDecision:
    """What was decided about a request to take part, a request to join, or an application."""

    approved: bool
    #: Who decided; ``None`` for the host itself.
    by: UUID | None
    at: datetime
    #: Why.
    reason: str | None


@dataclass(frozen=True, slots=True)
class Region:
    """A region, as data: California alone has several divisions of its counties."""

    #: Whose division, such as ``ccsesa``.
    scheme: str
    #: The region's code in it.
    code: str


@dataclass(frozen=True, slots=True)
class Term:
    """A span of dates, both included."""

    starts: date
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormationRule:
    """What the members of a team must be, together, before it starts its work; 0 asks nothing."""

    #: So many active members.
    min_members: int = 0
    #: In so many different roles at their organizations: a cross-role team.
    min_distinct_roles: int = 0
    #: From so many districts: a cross-district team.
    min_distinct_districts: int = 0
    #: From so many counties.
    min_distinct_counties: int = 0
    #: All from one district.
    same_district: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of an application."""

    #: The question, as the team asked it then.
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class NodeRef:
    """One end of an association; it may lie outside every known framework."""

    identifier: str
    uri: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A resource's tie to a standard."""

    #: The standard's code, as the author wrote it.
    code: str
    #: The standard, where the community has it.
    standard: UUID | None = None
    kind: AlignmentKind = AlignmentKind.TEACHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """Somebody who made a resource."""

    name: str
    #: The member, where they are one.
    member: UUID | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where a resource, or a part of it, is found."""

    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file that belongs to a resource. The host keeps the bytes; the record says which they are."""

    #: The SHA-256 of its bytes: 64 hexadecimal digits, in lower case.
    sha256: str
    #: How many bytes it has.
    bytes: int
    #: Its media type, such as ``application/pdf``.
    media_type: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PartOf:
    """A resource's place in a larger one."""

    resource: UUID
    #: The place among the parts, from 1.
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a reviewer found."""

    #: The how-manieth review, from 1: the last one counts.
    number: int
    at: datetime
    #: Who; ``None`` for the host itself.
    by: UUID | None
    verdict: Verdict
    #: In words.
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AimStatement:
    """What an aim says: complete when all four parts are there."""

    what: str | None = None
    how_much: str | None = None
    for_whom: str | None = None
    by_when: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionResult:
    """What became of a prediction, and what was learned."""

    outcome: PredictionOutcome
    learning: str
    #: Who says so; ``None`` for the host itself.
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What one thinks will happen, said before it is tried."""

    id: UUID
    question: str
    predicted: str
    #: Who predicts; ``None`` for the host itself.
    by: UUID | None
    at: datetime
    #: Made after the trying began: kept, but no prediction in the strict sense.
    late: bool
    result: PredictionResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStep:
    """One step of a cycle from a phase to the next, or back."""

    #: The how-manieth step, from 1.
    number: int
    at: datetime
    #: Who took it; ``None`` for the host itself.
    by: UUID | None
    #: The phase it left. In the library's own JSON it is called ``from``.
    from_: Phase | str
    #: The phase it led to.
    to: Phase | str
    #: Why; required of steps back.
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDecision:
    """What was decided about the change that a cycle tested, and why."""

    kind: DecisionKind
    rationale: str
    #: Why an adapted change has no successor cycle yet.
    no_successor: str | None
    #: Who decided; ``None`` for the host itself.
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePhase:
    """A stretch of a measure's chart with limits of its own: a human act, with its reason."""

    #: Its first day.
    starts_on: date
    #: The last day that counts towards the limits.
    freeze_after: date | None
    #: Why the limits change.
    reason: str
    #: The cycle that explains it.
    cycle: UUID | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An observation that does not count, and why."""

    observation: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Period:
    """The span of days that an observation stands for, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class StudentGroup:
    """A student group, as the program that publishes figures for it numbers it."""

    #: Whose numbering, such as ``caaspp``.
    program: str
    #: The group's id in it, such as ``160``.
    id: str


@dataclass(frozen=True, slots=True)
class Series:
    """A place in a series of convenings."""

    #: The series, such as ``2021 quarterly``.
    name: str
    #: The place in it, from 1.
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkIn:
    """Somebody who came without being known to the community."""

    name: str
    email: str | None
    #: Where they work.
    organization: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the teller of a story consents to."""

    #: The how-manieth time, from 1: the last one counts.
    number: int
    #: Who may read the story.
    scope: Visibility
    #: How the teller is named.
    attribution: Attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFact:
    """Something the teller of a story said about consent: one of the two."""

    granted: Consent | None = None
    #: Taken back, for ever.
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFact:
    """Something that happened to a finding: one of the two."""

    #: It was noticed, for the how-manieth time.
    raised: int | None = None
    #: It was settled, as often.
    resolved: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a finding was settled."""

    #: Who settled it; ``None`` for the host itself.
    by: UUID | None
    at: datetime
    #: How.
    note: str
