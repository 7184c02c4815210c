"""A session: everything that is read and written, on behalf of someone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar, cast
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
from .errors import CopError, UnsupportedError
from .interop import Bar, Importing, OnProgress, told
from .search import Completion, SearchHits, SearchSort
from .tables import Results
from .types import (
    ArchiveYear,
    AuditLine,
    Charter,
    CommunityRecord,
    DriverDiagram,
    GoalRef,
    HoursPolicy,
    HoursStatement,
    LaunchChecklist,
    Member,
    MemberPage,
    MemberRef,
    OnboardingChecklist,
    OnboardingStep,
    OrganizationRef,
    Participation,
    ParticipationPolicy,
    Record,
    RecordKind,
    RecordRef,
    ResourceKind,
    Revision,
    TeamRef,
    ValueMatrix,
)

__all__ = ["Session"]

T = TypeVar("T")


class Session(Importing):
    """Someone's access to a community: what they may not see does not exist, what they may not do is refused.

    Made by :meth:`Community.as_member`, :meth:`Community.as_guest` and :meth:`Community.steward`. Safe to
    share between threads.

    >>> [task.title for task in me.resources.list(kind="task")]
    ['Fraction strips']
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
        """The member this session speaks for.

        >>> me.member_id == ana.id
        True
        """
        id = self._native.member_id
        return None if id is None else UUID(id)

    def record(self, record: RecordRef | Record) -> Record:
        """The record of any kind with this name, as it is now: what a hit, a story or a finding is about.

        >>> me.record(task.reference).title
        'Fraction strips'
        """
        name = record.reference if isinstance(record, Record) else record
        return _wire.record(_wire.loads(self._native.get(name.kind, str(name.id))))

    def history(self, record: RecordRef | Record) -> Results[Revision]:
        """What happened to a record, oldest first; for those who may change it.

        >>> [step.op for step in me.history(task)]
        ['add_resource']
        """
        name = record.reference if isinstance(record, Record) else record
        steps = _wire.loads(self._native.history(name.kind, str(name.id)))
        return Results(Revision, (_wire.build(Revision, step) for step in steps))

    def audit(self, record: RecordRef | Record) -> Results[AuditLine]:
        """What happened to a record in words, oldest first; for those who may change it.

        >>> [line.words for line in me.audit(task)]
        ['added the resource']
        """
        return self._many(AuditLine, "audit", record=_wire.reference(record))

    def record_as_of(self, record: RecordRef | Record, at: datetime | str) -> Record:
        """The record as it was at a moment (aware), for those who may change it now.

        >>> me.record_as_of(task, task.created_at).title
        'Fraction strips'
        """
        return _wire.record(self._view("record_as_of", record=_wire.reference(record), at=at))

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
        prefer_recent: bool = False,
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

        With `prefer_recent`, newer records count more.

        A word that nothing seen has is read as those one slip away; `SearchHits.respelled` says so. With `explain`,
        `SearchHit.explanation` says what the score is the sum of; without `snippets`, which are most of the work, they
        are empty.

        The page after one is ``search(…, after=page.next)`` with the same arguments: nothing is missed or comes
        twice, whatever is added meanwhile.

        >>> page = me.search("fraction", kind="task", grade="3")
        >>> page.total, page[0].snippet.html
        (1, 'Fold thirds.')
        """
        query: dict[str, object] = {}
        if record:
            query["records"] = _wire.texts(record)
        if kind:
            query["kinds"] = _wire.texts(kind)
        if grade:
            query["grades"] = _wire.texts(grade)
        if subject:
            query["subjects"] = _wire.texts(subject)
        if standard:
            query["standards"] = _wire.texts(standard)
        if language:
            query["languages"] = _wire.texts(language)
        if team:
            query["teams"] = _wire.idents(team)
        if school_year:
            query["school_years"] = _wire.texts(school_year)
        if by:
            query["by"] = _wire.idents(by)
        if created_from is not None:
            query["created_from"] = created_from
        if created_before is not None:
            query["created_before"] = created_before
        if like is not None:
            query["like"] = _wire.reference(like)
        if widen:
            query["widen"] = widen
        if sort is not SearchSort.RELEVANCE:
            query["sort"] = sort
        if after is not None:
            query["after"] = after
        if offset:
            query["offset"] = offset
        if explain:
            query["explain"] = explain
        if prefer_recent:
            query["prefer_recent"] = prefer_recent
        if not query:
            try:
                return SearchHits(self._native.search_text(text, limit, facets, snippets))
            except (TypeError, ValueError, OverflowError) as error:
                if isinstance(error, CopError):
                    raise
                # What is of another type, the core says by its field.
        query.update(text=text, limit=limit, facets=facets, snippets=snippets)
        return SearchHits(self._native.search(_wire.dumps(query)))

    def complete(self, text: str, *, limit: int = 5) -> Results[Completion]:
        """What the last word of `text` may become, for whoever is still typing; ``suggest`` is the same.

        The words of titles and tags that most records have which this session may see; nothing before the second
        letter.

        >>> [str(completion) for completion in me.complete("fra")]
        ['fraction', 'fractions']
        """
        # Half a character completes nothing, and is no error.
        text = text.encode("utf-8", "replace").decode() if isinstance(text, str) else text
        return Results(Completion, (Completion(**it) for it in _wire.loads(self._native.complete(text, limit))))

    suggest = complete

    def similar(self, record: RecordRef | Record, *, limit: int = 10) -> SearchHits:
        """The records that share words with this one which tell what it is about; the best only.

        It is ``search(like=record)``, which takes filters as well.

        >>> [hit.title for hit in me.similar(task)]
        ['Fractions', 'Two thirds explain']
        """
        return self.search(like=record, limit=limit)

    def hours(self, member: MemberRef, school_year: str) -> HoursStatement:
        """A member's hours in a school year, for the member and those who facilitate the community.

        >>> me.hours(ana, "2021-22").credited_minutes
        0
        """
        return _wire.build(
            HoursStatement, self._view("hours", member=_wire.ident(member), school_year=str(school_year))
        )

    def participation(self, member: MemberRef, on: date | str) -> Participation:
        """How much a member takes part, on a day: for the member and those who facilitate the community.

        >>> me.participation(ana, ana.created_at.date()).level
        <ParticipationLevel.PERIPHERAL: 'peripheral'>
        """
        return _wire.build(Participation, self._view("participation", member=_wire.ident(member), on=on))

    def participation_series(
        self, member: MemberRef, start: date | str, end: date | str, *, every_days: int = 30
    ) -> Results[Participation]:
        """How much a member took part from a day on, every so many days, until another; at most 400 days.

        >>> [each.numbers.open for each in me.participation_series(ana, "2021-07-01", "2021-09-01", every_days=31)]
        [0, 0, 0]
        """
        return self._many(
            Participation,
            "participation_series",
            member=_wire.ident(member),
            **{"from": start, "to": end, "every_days": every_days},
        )

    def participation_levels(self, on: date | str) -> Results[Participation]:
        """How much everybody takes part who belonged to the community at the end of a day (UTC).

        For those who facilitate it.

        >>> [each.level.value for each in host.participation_levels(ana.created_at.date())]
        ['peripheral', 'peripheral']
        """
        return self._many(Participation, "participation_levels", on=on)

    def driver_diagram(self, aim: GoalRef) -> DriverDiagram:
        """The driver diagram of an aim, as far as this session may read it.

        >>> driver = me.goals.add(kind="driver", title="Rich tasks", team=team, parents=aim)
        >>> print(me.driver_diagram(aim))
        Aim: Two thirds explain
          Primary driver: Rich tasks
        <BLANKLINE>
        """
        raw, text, mermaid = self._view("driver_diagram", aim=_wire.ident(aim))
        return _wire.build(DriverDiagram, {**raw, "_text": text, "_mermaid": mermaid})

    def session_archive(self) -> Results[ArchiveYear]:
        """What the community met for, and what is left of it, by school year, the newest first.

        >>> len(me.session_archive())
        0
        """
        return self._many(ArchiveYear, "session_archive")

    def launch_checklist(self, team: TeamRef) -> LaunchChecklist:
        """What a team needs to be launched: for its members and those who facilitate the community.

        >>> team = host.teams.add(kind="project", name="Grade 5")
        >>> [item.code for item in host.launch_checklist(team).items if item.required and not item.done]
        ['team.lead', 'team.charter', 'convening.orientation', 'cycle.started']
        """
        return _wire.build(LaunchChecklist, self._view("launch_checklist", team=_wire.ident(team)))

    def onboarding_checklist(self, member: MemberRef) -> OnboardingChecklist:
        """What a member has yet to do on the way in.

        >>> me.onboarding_checklist(ana).ready
        True
        """
        return _wire.build(OnboardingChecklist, self._view("onboarding_checklist", member=_wire.ident(member)))

    def value_matrix(self, *, school_year: str | None = None, team: TeamRef | None = None) -> ValueMatrix:
        """The community's stories by the value they tell of, as far as this session may read them.

        >>> me.value_matrix(school_year="2021-22").stories
        0
        """
        filter = {"school_year": school_year, "team": None if team is None else _wire.ident(team)}
        return _wire.build(ValueMatrix, self._view("value_matrix", **filter))

    def member_page(self, member: MemberRef) -> MemberPage:
        """What there is to know of a member, as far as this session may know it.

        >>> me.member_page(ana).profile.display
        'Ana Ruiz'
        """
        return _wire.build(MemberPage, self._view("member_page", member=_wire.ident(member)))

    def join_requests(self) -> Results[Member]:
        """The open requests to take part that this session may answer.

        >>> len(host.join_requests())
        0
        """
        return self._many(Member, "join_requests")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Several operations that are written together, all or nothing, and see each other.

        Inside, records are written and got by their id; lists and searches read what was there before, through the
        session itself. Others wait with their writing until it is over. In memory nobody reads meanwhile.

        >>> with me.transaction() as tx:
        ...     goal = tx.goals.add(kind="aim", title="More talk", team=team, parents=problem)
        ...     tx.goals.get(goal).title
        'More talk'
        """
        native = self._native.transaction()
        try:
            yield Session(cast(_native.Session, _InTransaction(native, self._native.member_id)))
        except BaseException:
            native.rollback()
            raise
        native.commit()

    def revise_community(
        self,
        *,
        name: str | None = None,
        language: str | None = None,
        charter: Charter | Mapping[str, str] | None = None,
        hub: OrganizationRef | None = None,
    ) -> CommunityRecord:
        """Changes what the community is; what is not given stays. `hub` is the organization that carries it.

        >>> host.revise_community(charter={"domain": "fractions"}).charter.domain
        'fractions'
        """
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

        >>> host.set_policies(synonyms=[("exit ticket", "exit slip")]).policies.synonyms
        (('exit slip', 'exit ticket'),)
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
        """Looks for soft problems, and raises a finding for each: see ``session.findings``.

        >>> host.inspect().name, len(host.findings)
        ('Math CoP', 0)
        """
        return cast(CommunityRecord, self.apply("inspect", {}))

    def undo(self, operations: int = 1) -> Record:
        """Takes back one's own last operations, newest first; answers with a record that it changed.

        >>> renamed = me.resources.revise(task, title="Tiles")
        >>> me.undo().title
        'Fraction strips'
        """
        return self.apply("undo", {"operations": operations})

    def apply(self, op: str, arguments: Mapping[str, Any]) -> Record:
        """Runs an operation by its name, as the change log has it; answers with the record it is about.

        >>> me.apply("revise_resource", {"resource": task, "title": "Tiles"}).title
        'Tiles'
        """
        return _wire.record(_wire.loads(self._native.apply(_wire.dumps({"op": op, "args": arguments}))))

    def try_out(self, op: str, arguments: Mapping[str, Any]) -> Record:
        """Whether an operation would be accepted, and the record it would leave; writes nothing.

        >>> me.try_out("publish_resource", {"resource": task}).state.value, me.resources.get(task).state.value
        ('published', 'draft')
        """
        return _wire.record(_wire.loads(self._native.try_out(_wire.dumps({"op": op, "args": arguments}))))

    def batch(
        self, operations: Iterable[tuple[str, Mapping[str, Any]]], *, progress: OnProgress | Bar | None = None
    ) -> list[Record]:
        """Runs many operations in one transaction: all or nothing.

        Problems name the operation: ``ops[3].title``.

        >>> added = me.batch([("add_resource", {"kind": "task", "title": title}) for title in ("Dot cards", "Arrays")])
        >>> [resource.title for resource in added]
        ['Dot cards', 'Arrays']
        """
        ops = [{"op": op, "args": arguments} for op, arguments in operations]
        answers = _wire.loads(self._native.batch(_wire.dumps(ops), told(progress)))
        return [_wire.record(answer) for answer in answers]

    def _view(self, view: str, **arguments: object) -> Any:
        return _wire.loads(self._native.view(_wire.dumps({"view": view, "args": _wire.given(arguments)})))

    def _many(self, cls: type[T], view: str, **arguments: object) -> Results[T]:
        return Results(cls, (_wire.build(cls, raw) for raw in self._view(view, **arguments)))

    def __repr__(self) -> str:
        return f"<copkit.Session of {self.member_id or 'nobody'}>"


class _InTransaction:
    """What a session's native half is inside a transaction."""

    __slots__ = ("apply", "get", "member_id")

    def __init__(self, native: _native.Transaction, member_id: str | None) -> None:
        self.apply = native.apply
        self.get = native.get
        self.member_id = member_id

    def __getattr__(self, call: str) -> object:
        raise UnsupportedError(
            f"not supported: {call} inside a transaction; there records are written and got by their id",
            "transaction.unsupported",
        )
