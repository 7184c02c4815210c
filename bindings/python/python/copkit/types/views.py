"""What is derived from the records: hours, participation, diagrams, checklists, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from .._frozen import dataclass
from ..tables import Rows
from .codes import (
    AttendanceRole,
    ConveningKind,
    CycleKind,
    DecisionKind,
    GoalKind,
    GoalStatus,
    MeasureRole,
    ParticipationLevel,
    Phase,
    ResourceKind,
    StoryValue,
    TeamKind,
    TeamRole,
)
from .records import Member, Mentorship, Story
from .values import AimStatement, HoursPolicy, Link, ParticipationPolicy

__all__ = [
    "ArchiveConvening",
    "ArchiveResource",
    "ArchiveYear",
    "AuditLine",
    "ChecklistItem",
    "Contributions",
    "CycleOfMember",
    "DiagramMeasure",
    "DiagramNode",
    "DriverDiagram",
    "Health",
    "HoursOfConvening",
    "HoursOfSession",
    "HoursStatement",
    "IdeaTest",
    "LaunchChecklist",
    "Leadership",
    "MemberPage",
    "OnboardingChecklist",
    "Participation",
    "ParticipationNumbers",
    "TeamOfMember",
    "TeamValues",
    "ValueCell",
    "ValueFilter",
    "ValueMatrix",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One step of a record's history, in words."""

    #: The position in the change log.
    seq: int
    at: datetime
    #: Who; ``None`` for the host itself.
    actor: UUID | None
    #: The operation's name, such as ``publish_resource``.
    op: str
    #: What they did, in words: ``published the resource: state``.
    words: str
    #: The fields that changed.
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a look at the file and at what is derived from its records found."""

    #: What is wrong with the file as such, in the database's words; nobody repairs that. Put a copy in its place.
    damage: tuple[str, ...]
    #: How many keys and audiences are not what the records amount to; `Community.repair` makes them so.
    derived: int

    @property
    def is_good(self) -> bool:
        """Whether nothing was found.

        >>> cop.check().is_good
        True
        """
        return not self.damage and self.derived == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfSession:
    """A session in a statement of hours."""

    convening: UUID
    title: str
    kind: ConveningKind | str
    #: Its day, in its own time zone.
    date: date
    #: As what they were there.
    role: AttendanceRole
    #: The minutes of attendance, at most as many as were scheduled.
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfConvening:
    """A convening in a statement of hours, with all its sessions that were attended."""

    convening: UUID
    title: str
    kind: ConveningKind | str
    #: Its day, in its own time zone.
    date: date
    #: The sessions that were attended, in their order; the convening itself where it has none.
    sessions: tuple[HoursOfSession, ...]
    #: The minutes of attendance.
    minutes: int
    #: The minutes that count.
    credited_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursStatement(Rows):
    """A member's hours of professional learning in a school year. As a table: a row for each session attended."""

    member: UUID
    school_year: str
    #: The school year's first day.
    starts_on: date
    #: Its last day.
    ends_on: date
    #: By which rules.
    policy: HoursPolicy
    #: The convenings, in the order of their days; also those that count nothing.
    convenings: tuple[HoursOfConvening, ...]
    #: The minutes of attendance, all together.
    minutes: int
    #: The minutes that count, all together.
    credited_minutes: int

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {
            "convening": "id",
            "convening_title": "text",
            "session": "id",
            "title": "text",
            "kind": "code",
            "date": "date",
            "role": "code",
            "minutes": "int",
        }

    def _rows(self) -> Iterator[Mapping[str, object]]:
        for convening in self.convenings:
            for session in convening.sessions:
                yield {
                    "convening": convening.convening,
                    "convening_title": convening.title,
                    "session": session.convening,
                    "title": session.title,
                    "kind": session.kind,
                    "date": session.date,
                    "role": session.role,
                    "minutes": session.minutes,
                }


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """What a member contributed, by kind."""

    #: Resources they added that are no drafts.
    resources: int
    #: Notes they wrote.
    entries: int
    #: Stories they told under their name.
    stories: int
    #: Observations they recorded.
    observations: int
    #: Predictions they made.
    predictions: int
    #: Sessions at which they presented or facilitated.
    sessions: int

    @property
    def total(self) -> int:
        """All of them.

        >>> me.participation(ana, ana.created_at.date()).numbers.contributions.total
        0
        """
        return self.resources + self.entries + self.stories + self.observations + self.predictions + self.sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Leadership:
    """How a member led."""

    #: Sessions at which they presented or facilitated.
    sessions: int
    #: Sessions of teams at work that they led or facilitated when the session began.
    team_sessions: int
    #: Steps of cycles that they lead now.
    cycle_steps: int

    @property
    def used(self) -> bool:
        """Whether a role of leadership was used.

        >>> me.participation(ana, ana.created_at.date()).numbers.leadership.used
        False
        """
        return self.sessions + self.team_sessions + self.cycle_steps > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationNumbers:
    """What a member did in a window of days."""

    #: The sessions that were open to them.
    open: int
    #: Those of them at which they were.
    attended: int
    #: Other sessions at which they were.
    attended_elsewhere: int
    contributions: Contributions
    leadership: Leadership


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation(Rows):
    """How much a member takes part in the community, on a day.

    After the degrees of participation in Wenger, McDermott & Snyder (2002), by the community's own rules.
    """

    member: UUID
    #: The last day that counts.
    on: date
    #: The day before the first that counts.
    from_: date
    #: ``None`` for somebody who did not belong to the community on that day and did nothing in the window.
    level: ParticipationLevel | None
    #: Whether they took part in the community as a member at the end of that day (UTC).
    live: bool
    #: What the level rests on.
    numbers: ParticipationNumbers
    #: By which rules.
    policy: ParticipationPolicy

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {
            "member": "id",
            "on": "date",
            "from": "date",
            "level": "code",
            "live": "bool",
            "open": "int",
            "attended": "int",
            "attended_elsewhere": "int",
            "contributions": "int",
            "led": "bool",
            "policy": "code",
        }

    def _rows(self) -> Iterator[Mapping[str, object]]:
        numbers = self.numbers
        yield {
            "member": self.member,
            "on": self.on,
            "from": self.from_,
            "level": self.level,
            "live": self.live,
            "open": numbers.open,
            "attended": numbers.attended,
            "attended_elsewhere": numbers.attended_elsewhere,
            "contributions": numbers.contributions.total,
            "led": numbers.leadership.used,
            "policy": self.policy.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramMeasure:
    """A measure in a driver diagram."""

    measure: UUID
    name: str
    role: MeasureRole


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaTest:
    """A cycle that tests a change idea."""

    cycle: UUID
    title: str
    kind: CycleKind
    #: The phase it is in.
    phase: Phase | str
    #: What was decided about the idea.
    decision: DecisionKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramNode:
    """A driver or a change idea. What is below several others appears below each of them."""

    goal: UUID
    kind: GoalKind
    #: How far below the aim, from 1: a driver at 1 is a primary driver, at 2 a secondary one.
    level: int
    title: str
    status: GoalStatus
    #: The measures that tell whether it is reached.
    measures: tuple[DiagramMeasure, ...]
    #: The cycles that test it.
    tests: tuple[IdeaTest, ...]
    #: What is directly below it.
    below: tuple[DiagramNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverDiagram(Rows):
    """An aim with everything below it that the session may read. As a table: a row for each node and its parent."""

    aim: UUID
    title: str
    #: What, how much, for whom, by when.
    statement: AimStatement | None
    status: GoalStatus
    #: The measures that tell whether it is met.
    measures: tuple[DiagramMeasure, ...]
    #: What is directly below it: primary drivers, and change ideas that need no driver.
    below: tuple[DiagramNode, ...]
    #: Whether something was left out because the diagram is too large: deeper than 6 levels, or of over 2,000 nodes.
    truncated: bool
    _text: str = field(default="", repr=False, compare=False)
    _mermaid: str = field(default="", repr=False, compare=False)

    def to_text(self) -> str:
        r"""The diagram as indented text, one line for each part.

        >>> me.driver_diagram(aim).to_text()
        'Aim: Two thirds explain\n'
        """
        return self._text

    def to_mermaid(self) -> str:
        """The diagram in the language of Mermaid (mermaid.js.org).

        >>> print(me.driver_diagram(aim).to_mermaid())
        flowchart RL
          n0["Aim: Two thirds explain"]
        <BLANKLINE>
        """
        return self._mermaid

    def __str__(self) -> str:
        return self._text

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {
            "goal": "id",
            "parent": "id",
            "kind": "code",
            "level": "int",
            "title": "text",
            "status": "code",
            "measures": {"list": "text"},
            "tests": {"list": "id"},
        }

    def _rows(self) -> Iterator[Mapping[str, object]]:
        measures = [measure.name for measure in self.measures]
        aim = {"goal": self.aim, "kind": GoalKind.AIM, "level": 0, "title": self.title, "status": self.status}
        yield {**aim, "measures": measures}
        waiting = [(self.aim, node) for node in reversed(self.below)]
        while waiting:
            parent, node = waiting.pop()
            yield {
                "goal": node.goal,
                "parent": parent,
                "kind": node.kind,
                "level": node.level,
                "title": node.title,
                "status": node.status,
                "measures": [measure.name for measure in node.measures],
                "tests": [test.cycle for test in node.tests],
            }
            waiting.extend((node.goal, below) for below in reversed(node.below))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveResource:
    """A resource in the archive."""

    resource: UUID
    kind: ResourceKind | str
    title: str
    #: Where it is found.
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveConvening:
    """A convening in the archive."""

    convening: UUID
    title: str
    kind: ConveningKind | str
    #: Its day, in its own time zone.
    date: date
    #: The teams that convened; none for the whole community.
    teams: tuple[UUID, ...]
    #: The published resources that come from it: the video, the slides, …
    resources: tuple[ArchiveResource, ...]
    #: Its sessions that were held.
    sessions: tuple[ArchiveConvening, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveYear(Rows):
    """A school year of the archive. As a table: a row for each convening and session."""

    school_year: str
    #: The convenings that were held, in the order of their days; of those with sessions, the sessions too.
    convenings: tuple[ArchiveConvening, ...]
    #: Published resources of that school year that come from none of the convenings shown.
    resources: tuple[ArchiveResource, ...]

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {
            "school_year": "code",
            "convening": "id",
            "parent": "id",
            "title": "text",
            "kind": "code",
            "date": "date",
            "teams": {"list": "id"},
            "resources": {"list": "text"},
        }

    def _rows(self) -> Iterator[Mapping[str, object]]:
        for convening in self.convenings:
            yield self._row(convening, None)
            for session in convening.sessions:
                yield self._row(session, convening.convening)

    def _row(self, convening: ArchiveConvening, parent: UUID | None) -> Mapping[str, object]:
        return {
            "school_year": self.school_year,
            "convening": convening.convening,
            "parent": parent,
            "title": convening.title,
            "kind": convening.kind,
            "date": convening.date,
            "teams": convening.teams,
            "resources": [resource.title for resource in convening.resources],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """Something that has to be done."""

    #: Which: ``area.what``, the same for ever.
    code: str
    #: Whether it cannot be left out.
    required: bool
    done: bool
    #: How many there must be, where that is counted.
    needed: int | None
    #: How many there are.
    found: int | None
    #: In words.
    detail: str


class _Checklist(Rows):
    """What checklists have in common."""

    __slots__ = ()

    items: tuple[ChecklistItem, ...]

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {
            "code": "code",
            "required": "bool",
            "done": "bool",
            "needed": "int",
            "found": "int",
            "detail": "text",
        }

    def _rows(self) -> Iterator[Mapping[str, object]]:
        for item in self.items:
            yield {name: getattr(item, name) for name in self._columns()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchChecklist(_Checklist):
    """What a team needs to be launched. As a table: a row for each item."""

    team: UUID
    #: The day it is.
    on: date
    school_year: str | None
    items: tuple[ChecklistItem, ...]
    #: Whether everything is done that cannot be left out.
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingChecklist(_Checklist):
    """What a member has yet to do on the way in. As a table: a row for each item."""

    member: UUID
    #: The day it is.
    on: date
    school_year: str | None
    items: tuple[ChecklistItem, ...]
    #: Whether everything is done that cannot be left out.
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFilter:
    """Which stories a matrix is made of."""

    #: Told in this school year.
    school_year: str | None = None
    #: From this team.
    team: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCell:
    """The stories that tell of one value."""

    value: StoryValue | str
    #: How many stories.
    stories: int
    #: Which, in the order of their ids.
    ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamValues:
    """A row of the matrix of values."""

    #: The team; ``None`` for stories that come from no team.
    team: UUID | None
    #: How many stories come from it.
    stories: int
    #: Its stories by value.
    values: tuple[ValueCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMatrix(Rows):
    """Stories by the value they tell of (Wenger, Trayner & de Laat 2011). As a table: a row for each team and value."""

    filter: ValueFilter
    #: How many stories, all together.
    stories: int
    #: All stories by value: the five cycles of value, in their order; then the community's own codes.
    values: tuple[ValueCell, ...]
    #: The same team by team.
    teams: tuple[TeamValues, ...]
    #: The stories that do not say what they were worth.
    without_value: tuple[UUID, ...]

    @classmethod
    def _columns(cls) -> Mapping[str, Any]:
        return {"team": "id", "value": "code", "stories": "int", "ids": {"list": "id"}}

    def _rows(self) -> Iterator[Mapping[str, object]]:
        for team in self.teams:
            for cell in team.values:
                yield {"team": team.team, "value": cell.value, "stories": cell.stories, "ids": cell.ids}


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOfMember:
    """A team on a member's page."""

    team: UUID
    name: str
    kind: TeamKind | str
    membership: UUID
    #: What they may do in it.
    roles: tuple[TeamRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleOfMember:
    """A cycle on a member's page."""

    cycle: UUID
    title: str
    kind: CycleKind
    team: UUID
    #: The phase it is in.
    phase: Phase | str
    #: Whether they lead it.
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """What there is to know of a member, as far as the session may know it."""

    #: The member's record, with the affiliations, the steps of onboarding and the commitments.
    profile: Member
    #: The teams of which they are an active member.
    teams: tuple[TeamOfMember, ...]
    #: The cycles that they lead or take part in.
    cycles: tuple[CycleOfMember, ...]
    #: The stories that they tell under their name.
    stories: tuple[Story, ...]
    #: The mentorships that tie them to others.
    mentorships: tuple[Mentorship, ...]
    #: The present school year.
    school_year: str | None
    #: Whether they committed to it.
    committed: bool
    #: The hours of the present school year; ``None`` for whom these are not meant.
    hours: HoursStatement | None

    def _repr_html_(self) -> str:
        from .. import _html

        return _html.member_page(self)
