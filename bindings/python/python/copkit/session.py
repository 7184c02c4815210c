"""The two handles: a community, and a session that speaks for someone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from uuid import UUID

from . import _native, _wire
from .collections import (
    Associations,
    Frameworks,
    Members,
    Memberships,
    Organizations,
    Resources,
    Standards,
    Teams,
)
from .interop import File, ImportReport, OnProgress, report
from .search import SearchHits
from .types import (
    Charter,
    CommunityRecord,
    MemberRef,
    OrganizationRef,
    Record,
    ResourceKind,
    Revision,
    TeamRef,
    Visibility,
)

__all__ = ["Community", "Session", "create", "in_memory", "open"]


class Session:
    """Someone's access to a community: what they may not see does not exist, what they may not do is refused.

    Made by :meth:`Community.as_member`, :meth:`Community.as_guest` and :meth:`Community.steward`. Safe to
    share between threads.
    """

    __slots__ = (
        "_native",
        "associations",
        "frameworks",
        "members",
        "memberships",
        "organizations",
        "resources",
        "standards",
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

    @property
    def member_id(self) -> UUID | None:
        """The member this session speaks for."""
        id = self._native.member_id
        return None if id is None else UUID(id)

    def search(
        self,
        text: str = "",
        *,
        kind: Iterable[ResourceKind | str] | str = (),
        grade: Iterable[str] | str = (),
        subject: Iterable[str] | str = (),
        standard: Iterable[str] | str = (),
        language: Iterable[str] | str = (),
        team: Iterable[TeamRef] | TeamRef = (),
        school_year: Iterable[str] | str = (),
        limit: int = 10,
        offset: int = 0,
        facets: bool = True,
    ) -> SearchHits:
        """Searches the resources that this session may see.

        In `text`, words are alternatives and the more of them match the better, ``"a phrase"`` must occur as
        it stands, and ``-word`` must not occur; nothing in it is an error. Values of one filter are
        alternatives, different filters must all hold. A standard finds what is aligned to it or to anything
        below it, and ``es`` also finds ``es-419``.
        """
        query = {
            "text": text,
            "kinds": _wire.texts(kind),
            "grades": _wire.texts(grade),
            "subjects": _wire.texts(subject),
            "standards": _wire.texts(standard),
            "languages": _wire.texts(language),
            "teams": _wire.idents(team),
            "school_years": _wire.texts(school_year),
            "limit": limit,
            "offset": offset,
            "facets": facets,
        }
        return SearchHits(_wire.loads(self._native.search(_wire.dumps(query))))

    def history(self, record: Record) -> list[Revision]:
        """What happened to a record, oldest first; for those who may change it."""
        steps = _wire.loads(self._native.history(record.record_kind, str(record.id)))
        return [_wire.build(Revision, step) for step in steps]

    def revise_community(
        self,
        *,
        name: str | None = None,
        language: str | None = None,
        charter: Charter | Mapping[str, str] | None = None,
        hub: OrganizationRef | None = None,
    ) -> CommunityRecord:
        """Changes what the community is; what is not given stays. `hub` is the organization that carries it."""
        given = {
            "name": name,
            "language": language,
            "charter": charter,
            "hub": None if hub is None else _wire.ident(hub),
        }
        arguments = {key: value for key, value in given.items() if value is not None}
        return cast(CommunityRecord, self.apply("revise_community", arguments))

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

    def import_oneroster(
        self,
        file: File,
        *,
        source: str | None = None,
        mass_deactivation_limit: int | None = None,
        dry_run: bool = False,
        progress: OnProgress | None = None,
    ) -> ImportReport:
        """Imports organizations, staff and affiliations from a OneRoster 1.1 or 1.2 archive; never students.

        `source` names the roster system, so that records of different sources are never confused. The import
        is refused when more than `mass_deactivation_limit` percent (20 unless said) of the people known from
        the source would be deactivated.
        """
        options = {"source": source, "mass_deactivation_limit": mass_deactivation_limit}
        return self._import("oneroster", file, options, dry_run, progress)

    def import_case(self, file: File, *, dry_run: bool = False, progress: OnProgress | None = None) -> ImportReport:
        """Imports a framework of standards from a CASE package (JSON)."""
        return self._import("case", file, {}, dry_run, progress)

    def import_ca_directory(
        self,
        file: File,
        *,
        repair_cds: bool = False,
        dry_run: bool = False,
        progress: OnProgress | None = None,
    ) -> ImportReport:
        """Imports California's counties, districts and schools from an entities file.

        `repair_cds` puts back the leading zeros that a spreadsheet ate, and reports each.
        """
        return self._import("ca_directory", file, {"repair_cds": repair_cds}, dry_run, progress)

    def import_resources(
        self,
        file: File,
        *,
        visibility: Visibility | str | None = None,
        dry_run: bool = False,
        progress: OnProgress | None = None,
    ) -> ImportReport:
        """Imports resources from JSON Lines; `visibility` is for lines that do not say (the community)."""
        return self._import("resources", file, {"visibility": visibility}, dry_run, progress)

    def _import(
        self, format: str, file: File, options: dict[str, Any], dry_run: bool, progress: OnProgress | None
    ) -> ImportReport:
        content = file if isinstance(file, bytes) else Path(file).read_bytes()
        given = {name: value for name, value in options.items() if value is not None}
        given["mode"] = "dry_run" if dry_run else "apply"
        answer = self._native.import_from(format, content, _wire.dumps(given), progress)
        return report(*_wire.loads(answer))

    def __repr__(self) -> str:
        return f"<copkit.Session of {self.member_id or 'nobody'}>"


class Community:
    """An open community. Safe to share between threads; not usable in a forked process.

    A context manager: leaving it shuts the community down.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Community) -> None:
        self._native = native

    def steward(self) -> Session:
        """The host's own session: looks after the community, imports, and needs no authorisation."""
        return Session(self._native.steward())

    def as_member(self, member: MemberRef) -> Session:
        """A session of a member, whom the host has authenticated."""
        return Session(self._native.as_member(_wire.ident(member)))

    def as_guest(self) -> Session:
        """A session of somebody who is not signed in: sees what is public."""
        return Session(self._native.as_guest())

    def about(self) -> CommunityRecord:
        """What the community is."""
        return _wire.build(CommunityRecord, _wire.loads(self._native.about()))

    def head(self) -> int:
        """The position of the last change; grows with every write."""
        return self._native.head()

    def catch_up(self) -> int:
        """Brings the search index up to date now; answers with the number of resources it took in."""
        return self._native.catch_up()

    def shutdown(self) -> None:
        """Closes the file; twice is fine. Sessions of this community refuse from now on."""
        self._native.shutdown()

    @property
    def closed(self) -> bool:
        """Whether it was shut down."""
        return self._native.closed

    def __enter__(self) -> Community:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()

    def __repr__(self) -> str:
        return "<copkit.Community>"


def _new(name: str, language: str | None, charter: Charter | Mapping[str, str] | None) -> str:
    given = {"name": name, "language": language, "charter": charter}
    return _wire.dumps({key: value for key, value in given.items() if value is not None})


def create(
    path: str | PathLike[str],
    name: str,
    *,
    language: str | None = None,
    charter: Charter | Mapping[str, str] | None = None,
) -> Community:
    """Founds a community in a new file, conventionally ``*.cop``."""
    return Community(_native.create(path, _new(name, language, charter)))


def open(path: str | PathLike[str]) -> Community:
    """Opens a community's file."""
    return Community(_native.open(path))


def in_memory(
    name: str,
    *,
    language: str | None = None,
    charter: Charter | Mapping[str, str] | None = None,
) -> Community:
    """Founds a community in memory; it is gone with its handle."""
    return Community(_native.in_memory(_new(name, language, charter)))
