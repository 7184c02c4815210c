"""A session: everything that is read and written, on behalf of someone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast
from uuid import UUID

from . import _native, _wire
from .collections import (
    Associations,
    Attendances,
    Convenings,
    Cycles,
    Entries,
    Findings,
    Frameworks,
    Goals,
    Measures,
    Members,
    Memberships,
    Mentorships,
    Observations,
    Organizations,
    Resources,
    Standards,
    Stories,
    Teams,
)
from .interop import Importing, OnProgress
from .search import Completion, SearchHits, SearchSort
from .types import (
    Charter,
    CommunityRecord,
    HoursPolicy,
    MemberRef,
    OnboardingStep,
    OrganizationRef,
    ParticipationPolicy,
    Record,
    RecordKind,
    RecordRef,
    ResourceKind,
    Revision,
    TeamRef,
)

__all__ = ["Session"]


class Session(Importing):
    """Someone's access to a community: what they may not see does not exist, what they may not do is refused.

    Made by :meth:`Community.as_member`, :meth:`Community.as_guest` and :meth:`Community.steward`. Safe to
    share between threads.
    """

    __slots__ = (
        "_native",
        "associations",
        "attendances",
        "convenings",
        "cycles",
        "entries",
        "findings",
        "frameworks",
        "goals",
        "measures",
        "members",
        "memberships",
        "mentorships",
        "observations",
        "organizations",
        "resources",
        "standards",
        "stories",
        "teams",
    )

    organizations: Organizations
    members: Members
    teams: Teams
    memberships: Memberships
    frameworks: Frameworks
    standards: Standards
    associations: Associations
    resources: Resources
    goals: Goals
    cycles: Cycles
    measures: Measures
    observations: Observations
    convenings: Convenings
    attendances: Attendances
    stories: Stories
    mentorships: Mentorships
    entries: Entries
    findings: Findings

    def __init__(self, native: _native.Session) -> None:
        self._native = native
        self.organizations = Organizations(native)
        self.members = Members(native)
        self.teams = Teams(native)
        self.memberships = Memberships(native)
        self.frameworks = Frameworks(native)
        self.standards = Standards(native)
        self.associations = Associations(native)
        self.resources = Resources(native)
        self.goals = Goals(native)
        self.cycles = Cycles(native)
        self.measures = Measures(native)
        self.observations = Observations(native)
        self.convenings = Convenings(native)
        self.attendances = Attendances(native)
        self.stories = Stories(native)
        self.mentorships = Mentorships(native)
        self.entries = Entries(native)
        self.findings = Findings(native)

    @property
    def member_id(self) -> UUID | None:
        """The member this session speaks for."""
        id = self._native.member_id
        return None if id is None else UUID(id)

    def record(self, record: RecordRef | Record) -> Record:
        """The record of any kind with this name, as it is now: what a hit, a story or a finding is about."""
        name = record.reference if isinstance(record, Record) else record
        return _wire.record(_wire.loads(self._native.get(name.kind, str(name.id))))

    def history(self, record: RecordRef | Record) -> list[Revision]:
        """What happened to a record, oldest first; for those who may change it."""
        name = record.reference if isinstance(record, Record) else record
        steps = _wire.loads(self._native.history(name.kind, str(name.id)))
        return [_wire.build(Revision, step) for step in steps]

    def search(
        self,
        text: str = "",
        *,
        record: Iterable[RecordKind | str] | str = (),
        kind: Iterable[ResourceKind | str] | str = (),
        grade: Iterable[str] | str = (),
        subject: Iterable[str] | str = (),
        standard: Iterable[str] | str = (),
        language: Iterable[str] | str = (),
        team: Iterable[TeamRef] | TeamRef = (),
        school_year: Iterable[str] | str = (),
        by: Iterable[MemberRef] | MemberRef = (),
        created_from: date | str | None = None,
        created_before: date | str | None = None,
        like: RecordRef | Record | None = None,
        widen: bool = False,
        sort: SearchSort | str = SearchSort.RELEVANCE,
        after: str | None = None,
        limit: int = 10,
        offset: int = 0,
        facets: bool = True,
        snippets: bool = True,
        explain: bool = False,
    ) -> SearchHits:
        """Searches the resources, stories, goals, cycles and convenings that this session may see.

        In `text`, words are alternatives and the more of them match the better, ``"a phrase"`` must occur as
        it stands, ``-word`` must not occur, ``frac*`` stands for the words that begin so, and of
        ``"one" OR "other"`` one must hold; nothing in it is an error. Every filter can be typed as well:
        ``grade:4,5 subject:"language arts" kind:task after:2024-07-01``; also ``record:``, ``standard:``,
        ``lang:``, ``team:``, ``by:``, ``year:`` and ``before:``. What is not understood is in
        `SearchHits.not_understood`.

        Values of one filter are alternatives, different filters must all hold. `record` are kinds of records,
        `kind` kinds of resources. A standard finds what is aligned to it or to anything below it, and ``es`` also
        finds ``es-419``. `created_from` is the first day, `created_before` the day after the last (UTC). With `like`,
        only records are found that share words with that one which tell what it is about; the best only.

        With `widen`, words that mean the same are looked for too (those that come with the library, and
        ``policies.synonyms``), and standards that come before or after those asked for or have to do with them.

        A word that nothing seen has is read as those one slip away; `SearchHits.respelled` says so. With `explain`,
        `SearchHit.explanation` says what the score is the sum of; without `snippets`, which are most of the work, they
        are empty.

        The page after one is ``search(…, after=page.next)`` with the same arguments: nothing is missed or comes
        twice, whatever is added meanwhile.
        """
        query = {
            "text": text,
            "records": _wire.texts(record),
            "kinds": _wire.texts(kind),
            "grades": _wire.texts(grade),
            "subjects": _wire.texts(subject),
            "standards": _wire.texts(standard),
            "languages": _wire.texts(language),
            "teams": _wire.idents(team),
            "school_years": _wire.texts(school_year),
            "by": _wire.idents(by),
            "created_from": created_from,
            "created_before": created_before,
            "like": None if like is None else _wire.reference(like),
            "widen": widen,
            "sort": sort,
            "after": after,
            "limit": limit,
            "offset": offset,
            "facets": facets,
            "snippets": snippets,
            "explain": explain,
        }
        return SearchHits(_wire.loads(self._native.search(_wire.dumps(query))))

    def complete(self, text: str, *, limit: int = 5) -> list[Completion]:
        """What the last word of `text` may become, for whoever is still typing.

        The words of titles and tags that most records have which this session may see; nothing before the second
        letter.
        """
        return [Completion(**it) for it in _wire.loads(self._native.complete(text, limit))]

    def revise_community(
        self,
        *,
        name: str | None = None,
        language: str | None = None,
        charter: Charter | Mapping[str, str] | None = None,
        hub: OrganizationRef | None = None,
    ) -> CommunityRecord:
        """Changes what the community is; what is not given stays. `hub` is the organization that carries it."""
        arguments = {
            "name": name,
            "language": language,
            "charter": charter,
            "hub": None if hub is None else _wire.ident(hub),
        }
        return cast(CommunityRecord, self.apply("revise_community", _wire.given(arguments)))

    def set_policies(
        self,
        *,
        school_year_starts_in: int | None = None,
        onboarding: Iterable[OnboardingStep | Mapping[str, Any]] | None = None,
        commitment_required: bool | None = None,
        hours: HoursPolicy | Mapping[str, Any] | None = None,
        participation: ParticipationPolicy | Mapping[str, Any] | None = None,
        synonyms: Iterable[Iterable[str]] | None = None,
    ) -> CommunityRecord:
        """Sets the community's own rules; what is not given stays.

        `synonyms` are groups of words and phrases that mean the same: ``[("exit ticket", "exit slip")]``. Each rule is
        set as a whole: what a mapping leaves out is as the library has it. To change a part, take
        ``dataclasses.replace(community.about().policies.hours, cap_minutes=480)``.
        """
        arguments = {
            "school_year_starts_in": school_year_starts_in,
            "onboarding": None if onboarding is None else list(onboarding),
            "commitment_required": commitment_required,
            "hours": hours,
            "participation": participation,
            "synonyms": None if synonyms is None else [list(group) for group in synonyms],
        }
        return cast(CommunityRecord, self.apply("set_policies", _wire.given(arguments)))

    def inspect(self) -> CommunityRecord:
        """Looks for soft problems, and raises a finding for each: see ``session.findings``."""
        return cast(CommunityRecord, self.apply("inspect", {}))

    def undo(self, operations: int = 1) -> Record:
        """Takes back one's own last operations, newest first; answers with a record that it changed."""
        return self.apply("undo", {"operations": operations})

    def apply(self, op: str, arguments: Mapping[str, Any]) -> Record:
        """Runs an operation by its name, as the change log has it; answers with the record it is about."""
        return _wire.record(_wire.loads(self._native.apply(_wire.dumps({"op": op, "args": arguments}))))

    def try_out(self, op: str, arguments: Mapping[str, Any]) -> Record:
        """Whether an operation would be accepted, and the record it would leave; writes nothing."""
        return _wire.record(_wire.loads(self._native.try_out(_wire.dumps({"op": op, "args": arguments}))))

    def batch(
        self, operations: Iterable[tuple[str, Mapping[str, Any]]], *, progress: OnProgress | None = None
    ) -> list[Record]:
        """Runs many operations in one transaction: all or nothing.

        Problems name the operation: ``ops[3].title``.
        """
        ops = [{"op": op, "args": arguments} for op, arguments in operations]
        answers = _wire.loads(self._native.batch(_wire.dumps(ops), progress))
        return [_wire.record(answer) for answer in answers]

    def __repr__(self) -> str:
        return f"<copkit.Session of {self.member_id or 'nobody'}>"
