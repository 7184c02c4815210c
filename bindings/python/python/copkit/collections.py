"""What a session reads and writes, one collection for each kind of record.

Every method is one operation of the core; what it may refuse is in :mod:`copkit.errors`. In edits, what is
not given stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar, cast
from uuid import UUID

from . import _native, _wire
from .types import (
    Admission,
    Affiliation,
    Alignment,
    Association,
    AssociationKind,
    CommunityRole,
    Contact,
    Creator,
    ExternalId,
    Framework,
    FrameworkRef,
    Grantee,
    Link,
    Member,
    MemberRef,
    Membership,
    MembershipRef,
    MembershipState,
    MemberState,
    NodeRef,
    Organization,
    OrganizationKind,
    OrganizationRef,
    OrganizationStatus,
    PartOf,
    Record,
    Region,
    Resource,
    ResourceKind,
    ResourceRef,
    ResourceState,
    Revision,
    Role,
    Standard,
    StandardRef,
    Team,
    TeamKind,
    TeamRef,
    TeamRole,
    TeamState,
    Visibility,
)

__all__ = [
    "Associations",
    "Collection",
    "Frameworks",
    "Listing",
    "Members",
    "Memberships",
    "Organizations",
    "Page",
    "Resources",
    "Standards",
    "Teams",
]

R = TypeVar("R", bound=Record)

#: How many records iteration fetches at a time.
PAGE = 500

ExternalIds = Mapping[str, str] | Iterable[ExternalId | Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A page of a list."""

    items: tuple[R, ...]
    #: Where the next page begins; ``None`` after the last.
    next: str | None


class Listing(Generic[R]):
    """Records in the order they were made, fetched page by page while one iterates.

    >>> import copkit
    >>> with copkit.in_memory("Math CoP") as cop:
    ...     ana = cop.steward().members.add(given="Ana", family="Ruiz")
    ...     [member.display for member in cop.steward().members.list(state="active")]
    ['Ana Ruiz']
    """

    __slots__ = ("_filter", "_native")

    def __init__(self, native: _native.Session, filter: str) -> None:
        self._native = native
        self._filter = filter

    def page(self, limit: int = 100, after: str | None = None) -> Page[R]:
        """One page of at most `limit` records (1 to 1,000), after the `next` of the page before."""
        items, cursor = self._native.list(self._filter, limit, after)
        return Page(tuple(cast(R, _wire.record(item)) for item in _wire.loads(items)), cursor)

    def first(self) -> R | None:
        """The first record, if there is any."""
        items = self.page(1).items
        return items[0] if items else None

    def __iter__(self) -> Iterator[R]:
        after = None
        while True:
            page = self.page(PAGE, after)
            yield from page.items
            after = page.next
            if after is None:
                return

    def __repr__(self) -> str:
        return f"<copkit.Listing {self._filter}>"


class Collection(Generic[R]):
    """The records of one kind that a session may see."""

    __slots__ = ("_native",)

    _kind: ClassVar[str]

    def __init__(self, native: _native.Session) -> None:
        self._native = native

    def get(self, id: R | UUID | str) -> R:
        """The record with this id, as it is now."""
        return cast(R, _wire.record(_wire.loads(self._native.get(self._kind, _wire.ident(id)))))

    def history(self, id: R | UUID | str) -> list[Revision]:
        """What happened to a record, oldest first; for those who may change it."""
        steps = _wire.loads(self._native.history(self._kind, _wire.ident(id)))
        return [_wire.build(Revision, step) for step in steps]

    def __iter__(self) -> Iterator[R]:
        """All of them."""
        return iter(self._list())

    def __repr__(self) -> str:
        return f"<copkit.{type(self).__name__}>"

    def _list(self, **filter: object) -> Listing[R]:
        given = {name: value for name, value in filter.items() if value is not None}
        return Listing(self._native, _wire.dumps({"kind": self._kind, "filter": given}))

    def _apply(self, op: str, **arguments: object) -> R:
        given = {name: value for name, value in arguments.items() if value is not None}
        answer = self._native.apply(_wire.dumps({"op": op, "args": given}))
        return cast(R, _wire.record(_wire.loads(answer)))


def _ident(value: Record | UUID | str | None) -> str | None:
    return None if value is None else _wire.ident(value)


def _texts(value: Iterable[str] | str | None) -> list[str] | None:
    return None if value is None else _wire.texts(value)


class Organizations(Collection[Organization]):
    """State agencies, county offices, districts, schools, universities, partners and networks."""

    __slots__ = ()
    _kind = "organization"

    def add(
        self,
        *,
        kind: OrganizationKind | str,
        name: str,
        parent: OrganizationRef | None = None,
        cds: str | None = None,
        external_ids: ExternalIds = (),
    ) -> Organization:
        """Adds an organization; its id is made from its CDS code where it has one."""
        return self._apply(
            "add_organization",
            kind=kind,
            name=name,
            parent=_ident(parent),
            cds=cds,
            external_ids=_wire.external_ids(external_ids),
        )

    def revise(
        self,
        organization: OrganizationRef,
        *,
        kind: OrganizationKind | str | None = None,
        name: str | None = None,
        parent: OrganizationRef | None = None,
        status: OrganizationStatus | str | None = None,
        external_ids: ExternalIds = (),
    ) -> Organization:
        """Changes an organization; external ids are added to those it has."""
        return self._apply(
            "revise_organization",
            organization=_ident(organization),
            kind=kind,
            name=name,
            parent=_ident(parent),
            status=status,
            external_ids=_wire.external_ids(external_ids),
        )

    def list(
        self,
        *,
        kind: OrganizationKind | str | None = None,
        parent: OrganizationRef | None = None,
        external_id: ExternalId | None = None,
        cds: str | None = None,
    ) -> Listing[Organization]:
        """Organizations of a kind, directly below one, or with a code."""
        return self._list(kind=kind, parent=_ident(parent), external_id=external_id, cds=cds)


class Members(Collection[Member]):
    """People known to the community."""

    __slots__ = ()
    _kind = "member"

    def add(
        self,
        *,
        given: str,
        family: str,
        display: str | None = None,
        emails: Iterable[str] | str = (),
        affiliations: Iterable[Affiliation | Mapping[str, Any]] = (),
        roles: Iterable[CommunityRole | str] | str = (),
        external_ids: ExternalIds = (),
    ) -> Member:
        """Adds a member: active when the host does it, invited when a steward does."""
        return self._apply(
            "add_member",
            given=given,
            family=family,
            display=display,
            emails=_texts(emails),
            affiliations=list(affiliations),
            roles=_texts(roles),
            external_ids=_wire.external_ids(external_ids),
        )

    def revise(
        self,
        member: MemberRef,
        *,
        given: str | None = None,
        family: str | None = None,
        display: str | None = None,
        emails: Iterable[str] | str | None = None,
        contact: Contact | str | None = None,
    ) -> Member:
        """Changes a member's names and addresses."""
        return self._apply(
            "revise_member",
            member=_ident(member),
            given=given,
            family=family,
            display=display,
            emails=_texts(emails),
            contact=contact,
        )

    def add_affiliation(
        self,
        member: MemberRef,
        *,
        organization: OrganizationRef,
        role: Role | str,
        grades: Iterable[str] | str = (),
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Member:
        """Records that a member works somewhere."""
        affiliation = {
            "organization": _ident(organization),
            "role": role,
            "grades": _texts(grades),
            "since": since,
            "until": until,
        }
        return self._apply("add_affiliation", member=_ident(member), affiliation=affiliation)

    def end_affiliation(
        self, member: MemberRef, *, organization: OrganizationRef, role: Role | str, until: date | str
    ) -> Member:
        """Records the last day of an affiliation."""
        return self._apply(
            "end_affiliation",
            member=_ident(member),
            organization=_ident(organization),
            role=role,
            until=until,
        )

    def set_roles(self, member: MemberRef, roles: Iterable[CommunityRole | str] | str) -> Member:
        """Sets all that a member may do in the community."""
        return self._apply("set_community_roles", member=_ident(member), roles=_texts(roles))

    def activate(self, member: MemberRef) -> Member:
        """A member takes up an invitation to the community."""
        return self._apply("activate_member", member=_ident(member))

    def end(self, member: MemberRef) -> Member:
        """A member leaves the community, or is removed."""
        return self._apply("end_member", member=_ident(member))

    def list(
        self, *, state: MemberState | str | None = None, organization: OrganizationRef | None = None
    ) -> Listing[Member]:
        """Members in a state, or who are or were affiliated with an organization."""
        return self._list(state=state, organization=_ident(organization))


class Teams(Collection[Team]):
    """Groups inside the community."""

    __slots__ = ()
    _kind = "team"

    def add(
        self,
        *,
        kind: TeamKind | str,
        name: str,
        charter: str | None = None,
        parent: TeamRef | None = None,
        organizations: Iterable[OrganizationRef] | OrganizationRef = (),
        region: Region | Mapping[str, str] | None = None,
        starts: date | str | None = None,
        ends: date | str | None = None,
        admission: Admission | str | None = None,
        default_visibility: Visibility | str | None = None,
        maximum_visibility: Visibility | str | None = None,
    ) -> Team:
        """Creates a team; working groups, courses and cohorts need a term, regional teams a region."""
        return self._apply(
            "create_team",
            kind=kind,
            name=name,
            charter=charter,
            parent=_ident(parent),
            organizations=_wire.idents(organizations),
            region=region,
            starts=starts,
            ends=ends,
            admission=admission,
            default_visibility=default_visibility,
            maximum_visibility=maximum_visibility,
        )

    def revise(
        self,
        team: TeamRef,
        *,
        name: str | None = None,
        charter: str | None = None,
        admission: Admission | str | None = None,
        organizations: Iterable[OrganizationRef] | OrganizationRef | None = None,
        default_visibility: Visibility | str | None = None,
        maximum_visibility: Visibility | str | None = None,
    ) -> Team:
        """Changes a team."""
        return self._apply(
            "revise_team",
            team=_ident(team),
            name=name,
            charter=charter,
            admission=admission,
            organizations=None if organizations is None else _wire.idents(organizations),
            default_visibility=default_visibility,
            maximum_visibility=maximum_visibility,
        )

    def activate(self, team: TeamRef) -> Team:
        """A forming team starts its work; it needs a lead."""
        return self._apply("activate_team", team=_ident(team))

    def archive(self, team: TeamRef) -> Team:
        """A team becomes history."""
        return self._apply("archive_team", team=_ident(team))

    def list(
        self,
        *,
        kind: TeamKind | str | None = None,
        state: TeamState | str | None = None,
        parent: TeamRef | None = None,
    ) -> Listing[Team]:
        """Teams of a kind, in a state, or directly below one."""
        return self._list(kind=kind, state=state, parent=_ident(parent))


class Memberships(Collection[Membership]):
    """Members in teams."""

    __slots__ = ()
    _kind = "membership"

    def add(self, *, team: TeamRef, member: MemberRef, roles: Iterable[TeamRole | str] | str = ()) -> Membership:
        """The host records a membership that exists already."""
        return self._apply("add_membership", team=_ident(team), member=_ident(member), roles=_texts(roles))

    def invite(self, *, team: TeamRef, member: MemberRef, roles: Iterable[TeamRole | str] | str = ()) -> Membership:
        """A lead invites a member."""
        return self._apply("invite_to_team", team=_ident(team), member=_ident(member), roles=_texts(roles))

    def request(self, team: TeamRef) -> Membership:
        """A member asks to join."""
        return self._apply("request_to_join", team=_ident(team))

    def approve(self, membership: MembershipRef) -> Membership:
        """A lead approves a request."""
        return self._apply("approve_membership", membership=_ident(membership))

    def reject(self, membership: MembershipRef) -> Membership:
        """A lead turns a request down."""
        return self._apply("reject_membership", membership=_ident(membership))

    def accept(self, membership: MembershipRef) -> Membership:
        """A member accepts an invitation."""
        return self._apply("accept_membership", membership=_ident(membership))

    def end(self, membership: MembershipRef) -> Membership:
        """A member leaves, or a lead removes them."""
        return self._apply("end_membership", membership=_ident(membership))

    def set_roles(self, membership: MembershipRef, roles: Iterable[TeamRole | str] | str) -> Membership:
        """Sets all that a member may do in a team."""
        return self._apply("set_team_roles", membership=_ident(membership), roles=_texts(roles))

    def list(
        self,
        *,
        member: MemberRef | None = None,
        team: TeamRef | None = None,
        state: MembershipState | str | None = None,
    ) -> Listing[Membership]:
        """Memberships of a member, in a team, or in a state."""
        return self._list(member=_ident(member), team=_ident(team), state=state)


class Frameworks(Collection[Framework]):
    """Sets of standards."""

    __slots__ = ()
    _kind = "framework"

    def add(
        self,
        *,
        identifier: str,
        title: str,
        creator: str = "",
        version: str | None = None,
        language: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Framework:
        """Records a framework as its publisher has it; the same twice changes nothing."""
        return self._apply(
            "record_framework",
            identifier=identifier,
            title=title,
            creator=creator,
            version=version,
            language=language,
            extra=extra,
        )

    def list(self, *, identifier: str | None = None) -> Listing[Framework]:
        """Frameworks with a GUID, as their publisher writes it."""
        return self._list(identifier=identifier)


class Standards(Collection[Standard]):
    """Items of frameworks."""

    __slots__ = ()
    _kind = "standard"

    def add(
        self,
        *,
        framework: FrameworkRef,
        identifier: str,
        statement: str,
        code: str | None = None,
        kind: str | None = None,
        education_levels: Iterable[str] | str = (),
        parent: str | None = None,
        position: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Standard:
        """Records a standard as its publisher has it; `parent` is the GUID of the one above."""
        return self._apply(
            "record_standard",
            framework=_ident(framework),
            identifier=identifier,
            statement=statement,
            code=code,
            kind=kind,
            education_levels=_texts(education_levels),
            parent=parent,
            position=position,
            extra=extra,
        )

    def list(
        self,
        *,
        framework: FrameworkRef | None = None,
        parent: StandardRef | None = None,
        code: str | None = None,
    ) -> Listing[Standard]:
        """Standards of a framework, directly below one, or with a code in any spelling."""
        return self._list(framework=_ident(framework), parent=_ident(parent), code=code)


class Associations(Collection[Association]):
    """Directed ties between standards."""

    __slots__ = ()
    _kind = "association"

    def add(
        self,
        *,
        framework: FrameworkRef,
        identifier: str,
        kind: AssociationKind | str,
        origin: NodeRef | Mapping[str, str],
        destination: NodeRef | Mapping[str, str],
        sequence: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Association:
        """Records an association as its publisher has it; the same twice changes nothing."""
        return self._apply(
            "record_association",
            framework=_ident(framework),
            identifier=identifier,
            kind=kind,
            origin=origin,
            destination=destination,
            sequence=sequence,
            extra=extra,
        )

    def list(self, *, framework: FrameworkRef | None = None) -> Listing[Association]:
        """Associations of a framework's package."""
        return self._list(framework=_ident(framework))


Links = Iterable[Link | Mapping[str, Any] | str] | str
Alignments = Iterable[Alignment | Mapping[str, Any] | str] | str
Creators = Iterable[Creator | Member | Mapping[str, Any] | str] | str


def _alignments(standards: Iterable[str] | str | None, alignments: Alignments | None) -> list[Any] | None:
    if standards is None and alignments is None:
        return None
    return _wire.objects(alignments or (), "code") + _wire.objects(standards or (), "code")


def _creator(creator: object) -> object:
    return Creator(name=creator.display, member=creator.id) if isinstance(creator, Member) else creator


class Resources(Collection[Resource]):
    """Whatever the community shares."""

    __slots__ = ()
    _kind = "resource"

    def add(
        self,
        *,
        kind: ResourceKind | str,
        title: str,
        description: str = "",
        body: str = "",
        creators: Creators = (),
        links: Links = (),
        language: str | None = None,
        grades: Iterable[str] | str = (),
        subjects: Iterable[str] | str = (),
        standards: Iterable[str] | str | None = None,
        alignments: Alignments | None = None,
        tags: Iterable[str] | str = (),
        licence: str | None = None,
        published_on: date | str | None = None,
        school_year: str | None = None,
        team: TeamRef | None = None,
        part_of: PartOf | Mapping[str, Any] | None = None,
        external_ids: ExternalIds = (),
        visibility: Visibility | str | None = None,
        published: bool = False,
        owner: MemberRef | None = None,
    ) -> Resource:
        """Adds a resource, as a draft unless `published`.

        `standards` are codes that it teaches, in any usual spelling; for more than that there are
        `alignments`. `owner` is for the host only.
        """
        return self._apply(
            "add_resource",
            kind=kind,
            title=title,
            description=description,
            body=body,
            creators=[_creator(creator) for creator in _wire.objects(creators, "name")],
            links=_wire.objects(links, "url"),
            language=language,
            grades=_texts(grades),
            subjects=_texts(subjects),
            alignments=_alignments(standards, alignments),
            tags=_texts(tags),
            licence=licence,
            published_on=published_on,
            school_year=school_year,
            team=_ident(team),
            part_of=part_of,
            external_ids=_wire.external_ids(external_ids),
            visibility=visibility,
            published=published,
            owner=_ident(owner),
        )

    def revise(
        self,
        resource: ResourceRef,
        *,
        kind: ResourceKind | str | None = None,
        title: str | None = None,
        description: str | None = None,
        body: str | None = None,
        links: Links | None = None,
        language: str | None = None,
        grades: Iterable[str] | str | None = None,
        subjects: Iterable[str] | str | None = None,
        standards: Iterable[str] | str | None = None,
        alignments: Alignments | None = None,
        tags: Iterable[str] | str | None = None,
        licence: str | None = None,
        school_year: str | None = None,
    ) -> Resource:
        """Changes a resource; an empty text or list clears."""
        return self._apply(
            "revise_resource",
            resource=_ident(resource),
            kind=kind,
            title=title,
            description=description,
            body=body,
            links=None if links is None else _wire.objects(links, "url"),
            language=language,
            grades=_texts(grades),
            subjects=_texts(subjects),
            alignments=_alignments(standards, alignments),
            tags=_texts(tags),
            licence=licence,
            school_year=school_year,
        )

    def publish(self, resource: ResourceRef) -> Resource:
        """Gives a resource to its audience."""
        return self._apply("publish_resource", resource=_ident(resource))

    def retire(self, resource: ResourceRef) -> Resource:
        """Keeps a resource, but recommends it no longer."""
        return self._apply("retire_resource", resource=_ident(resource))

    def set_visibility(self, resource: ResourceRef, visibility: Visibility | str) -> Resource:
        """Sets who a resource is meant for."""
        return self._apply("set_visibility", resource=_ident(resource), visibility=visibility)

    def grant(self, resource: ResourceRef, grantee: Grantee | Member | Team | Organization | str) -> Resource:
        """Shares a resource with somebody by name."""
        return self._apply("grant_access", resource=_ident(resource), grantee=_grantee(grantee))

    def revoke(self, resource: ResourceRef, grantee: Grantee | Member | Team | Organization | str) -> Resource:
        """Takes a grant back."""
        return self._apply("revoke_access", resource=_ident(resource), grantee=_grantee(grantee))

    def seal(self, resource: ResourceRef, sealed: bool = True) -> Resource:
        """Takes the facilitators' and stewards' extra right away, or gives it back."""
        return self._apply("seal_resource", resource=_ident(resource), sealed=sealed)

    def delete(self, resource: ResourceRef) -> Resource:
        """Deletes a resource; answers with what it was."""
        return self._apply("delete_resource", resource=_ident(resource))

    def list(
        self,
        *,
        kind: ResourceKind | str | None = None,
        state: ResourceState | str | None = None,
        language: str | None = None,
        team: TeamRef | None = None,
        school_year: str | None = None,
        created_by: MemberRef | None = None,
        external_id: ExternalId | None = None,
    ) -> Listing[Resource]:
        """Resources of a kind, in a state, of a team, …; for words and standards there is ``search``."""
        return self._list(
            kind=kind,
            state=state,
            language=language,
            team=_ident(team),
            school_year=school_year,
            created_by=_ident(created_by),
            external_id=external_id,
        )


def _grantee(value: Grantee | Member | Team | Organization | str) -> str:
    return f"{value.record_kind}:{value.id}" if isinstance(value, Record) else str(value)
