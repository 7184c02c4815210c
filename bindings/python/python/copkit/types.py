"""The records of a community and the values they are made of.

Records are frozen: what a call answers with is how things stood then. Ids are :class:`uuid.UUID`, times are
aware and in UTC, dates are :class:`datetime.date`.

Vocabularies are ``str`` enums. The open ones (kinds of organizations, teams and resources, roles,
association kinds) take any code of letters, digits and ``_-:.``; one that this version does not know comes
back as the plain ``str`` it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

__all__ = [
    "Admission",
    "Affiliation",
    "Alignment",
    "AlignmentKind",
    "Association",
    "AssociationKind",
    "AssociationRef",
    "Charter",
    "Code",
    "CommunityRecord",
    "CommunityRole",
    "Contact",
    "Creator",
    "ExternalId",
    "Framework",
    "FrameworkRef",
    "Grantee",
    "Life",
    "Link",
    "Member",
    "MemberFact",
    "MemberRef",
    "MemberState",
    "Membership",
    "MembershipFact",
    "MembershipRef",
    "MembershipState",
    "NodeRef",
    "Organization",
    "OrganizationKind",
    "OrganizationRef",
    "OrganizationStatus",
    "PartOf",
    "Record",
    "Region",
    "Resource",
    "ResourceKind",
    "ResourceRef",
    "ResourceState",
    "Revision",
    "Role",
    "Standard",
    "StandardRef",
    "Team",
    "TeamKind",
    "TeamRef",
    "TeamRole",
    "TeamState",
    "Term",
    "Visibility",
]


class Code(str, Enum):
    """A word of a vocabulary: equal to its code, and printed as it."""

    def __str__(self) -> str:
        return str(self.value)


class OrganizationKind(Code):
    """What an organization is. Open."""

    STATE = "state"
    COUNTY_OFFICE = "county_office"
    DISTRICT = "district"
    SCHOOL = "school"
    UNIVERSITY = "university"
    PARTNER = "partner"
    NETWORK = "network"


class OrganizationStatus(Code):
    """Whether an organization is at work."""

    ACTIVE = "active"
    PENDING = "pending"
    CLOSED = "closed"


class Role(Code):
    """What a member does in an organization. Open."""

    TEACHER = "teacher"
    COACH = "coach"
    SPECIALIST = "specialist"
    SITE_ADMIN = "site_admin"
    DISTRICT_ADMIN = "district_admin"
    COUNTY_LEADER = "county_leader"
    UNIVERSITY_PARTNER = "university_partner"
    RESEARCHER = "researcher"
    COMMUNITY_PARTNER = "community_partner"


class CommunityRole(Code):
    """What a member may do in the community as a whole."""

    OWNER = "owner"
    STEWARD = "steward"
    CONVENER = "convener"
    MEMBER = "member"
    OBSERVER = "observer"


class Contact(Code):
    """Who sees a member's e-mail addresses."""

    PRIVATE = "private"
    COMMUNITY = "community"


class MemberFact(Code):
    """Something that happened to a member; facts are only ever added."""

    INVITED = "invited"
    REQUESTED = "requested"
    ACTIVATED = "activated"
    ENDED = "ended"


class MemberState(Code):
    """Where a member stands."""

    KNOWN = "known"
    INVITED = "invited"
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"


class TeamKind(Code):
    """What a team is for. Open."""

    REGIONAL = "regional"
    CROSS_DISTRICT = "cross_district"
    DISTRICT = "district"
    SITE = "site"
    WORKING_GROUP = "working_group"
    PROJECT = "project"
    COURSE = "course"
    COHORT = "cohort"


class Admission(Code):
    """How one gets into a team."""

    OPEN = "open"
    REQUEST = "request"
    APPLICATION = "application"
    INVITE_ONLY = "invite_only"
    CLOSED = "closed"


class TeamState(Code):
    """Where a team stands."""

    FORMING = "forming"
    ACTIVE = "active"
    ARCHIVED = "archived"


class TeamRole(Code):
    """What a member may do in a team."""

    LEAD = "lead"
    FACILITATOR = "facilitator"
    MENTOR = "mentor"
    MEMBER = "member"
    OBSERVER = "observer"


class MembershipFact(Code):
    """Something that happened between a member and a team; facts are only ever added."""

    INVITED = "invited"
    REQUESTED = "requested"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REMOVED = "removed"
    LEFT = "left"
    COMPLETED = "completed"


class MembershipState(Code):
    """Where a membership stands."""

    INVITED = "invited"
    REQUESTED = "requested"
    ACTIVE = "active"
    ENDED = "ended"


class AssociationKind(Code):
    """How two standards are related. Open."""

    IS_CHILD_OF = "isChildOf"
    IS_PEER_OF = "isPeerOf"
    IS_PART_OF = "isPartOf"
    EXACT_MATCH_OF = "exactMatchOf"
    PRECEDES = "precedes"
    IS_RELATED_TO = "isRelatedTo"
    REPLACED_BY = "replacedBy"
    EXEMPLAR = "exemplar"
    HAS_SKILL_LEVEL = "hasSkillLevel"
    IS_TRANSLATION_OF = "isTranslationOf"


class ResourceKind(Code):
    """What a resource is. Open."""

    TOOL = "tool"
    TASK = "task"
    RUBRIC = "rubric"
    CASE_STUDY = "case_study"
    VIDEO = "video"
    SLIDES = "slides"
    HANDOUT = "handout"
    ARTICLE = "article"
    BOOK = "book"
    TOOLKIT = "toolkit"
    PROTOCOL = "protocol"
    LESSON_PLAN = "lesson_plan"
    FRAMEWORK = "framework"
    POLICY_UPDATE = "policy_update"
    RESEARCH_UPDATE = "research_update"
    MINUTES = "minutes"
    DATASET = "dataset"
    WEBSITE = "website"


class ResourceState(Code):
    """Where a resource stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class AlignmentKind(Code):
    """What a resource does with a standard."""

    TEACHES = "teaches"
    ASSESSES = "assesses"
    REQUIRES = "requires"


class Life(Code):
    """What happened to a record's life."""

    CREATED = "created"
    REVISED = "revised"
    DELETED = "deleted"


class _Audience(str):
    """A text that is a word, or a word and an id: ``team:<id>``."""

    __slots__ = ()

    @property
    def id(self) -> UUID | None:
        """The id in it, where there is one."""
        _, _, id = self.partition(":")
        return UUID(id) if id else None


class Visibility(_Audience):
    """The audience a record is meant for, from everybody down to its owner.

    >>> Visibility.PUBLIC
    'public'
    >>> Visibility.team(UUID(int=1)).id
    UUID('00000000-0000-0000-0000-000000000001')
    """

    __slots__ = ()

    #: Everybody, also people outside the community.
    PUBLIC: ClassVar[Visibility]
    #: Every live member of the community.
    COMMUNITY: ClassVar[Visibility]
    #: Its owner, and the community's facilitators and stewards unless it is sealed.
    PRIVATE: ClassVar[Visibility]

    @classmethod
    def team(cls, team: TeamRef) -> Visibility:
        """Members of this team."""
        return cls(f"team:{_id_of(team)}")

    @classmethod
    def organization(cls, organization: OrganizationRef) -> Visibility:
        """Members affiliated with this organization or one below it."""
        return cls(f"organization:{_id_of(organization)}")


Visibility.PUBLIC = Visibility("public")
Visibility.COMMUNITY = Visibility("community")
Visibility.PRIVATE = Visibility("private")


class Grantee(_Audience):
    """Somebody a resource is shared with by name."""

    __slots__ = ()

    @classmethod
    def member(cls, member: MemberRef) -> Grantee:
        """One member."""
        return cls(f"member:{_id_of(member)}")

    @classmethod
    def team(cls, team: TeamRef) -> Grantee:
        """The members of a team."""
        return cls(f"team:{_id_of(team)}")

    @classmethod
    def organization(cls, organization: OrganizationRef) -> Grantee:
        """Members affiliated with an organization or one below it."""
        return cls(f"organization:{_id_of(organization)}")


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


@dataclass(frozen=True, slots=True)
class PartOf:
    """A resource's place in a larger one."""

    resource: UUID
    #: The place among the parts, from 1.
    position: int


@dataclass(frozen=True, slots=True)
class NodeRef:
    """One end of an association; it may lie outside every known framework."""

    identifier: str
    uri: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has."""

    #: The kind of record: ``organization``, ``member``, …
    record_kind: ClassVar[str]

    id: UUID
    #: Who made it; ``None`` for the host itself.
    created_by: UUID | None
    created_at: datetime
    revised_at: datetime
    #: The position of its last change in the change log.
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRecord(Record):
    """The community itself."""

    record_kind: ClassVar[str] = "community"

    name: str
    language: str
    charter: Charter
    #: The organization that carries it.
    hub: UUID | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One step of a record's history."""

    #: The position in the change log.
    seq: int
    at: datetime
    #: Who; ``None`` for the host itself.
    actor: UUID | None
    #: The operation's name, such as ``publish_resource``.
    op: str
    life: Life
    #: The fields that changed, with their values after it, as JSON has them.
    fields: dict[str, Any]


OrganizationRef: TypeAlias = Organization | UUID | str
MemberRef: TypeAlias = Member | UUID | str
TeamRef: TypeAlias = Team | UUID | str
MembershipRef: TypeAlias = Membership | UUID | str
FrameworkRef: TypeAlias = Framework | UUID | str
StandardRef: TypeAlias = Standard | UUID | str
AssociationRef: TypeAlias = Association | UUID | str
ResourceRef: TypeAlias = Resource | UUID | str


def _id_of(value: Record | UUID | str) -> str:
    return str(value.id if isinstance(value, Record) else value)
