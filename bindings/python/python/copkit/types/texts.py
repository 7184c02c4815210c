"""Values that the library writes as texts with parts: ``team:<id>``, ``left:2``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from .codes import MemberEvent
from .header import Record

if TYPE_CHECKING:
    from .records import MemberRef, OrganizationRef, TeamRef

__all__ = ["Grantee", "MemberFact", "Visibility"]


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
        """Members of this team.

        >>> Visibility.team(team).id == team.id
        True
        """
        return cls(f"team:{_id_of(team)}")

    @classmethod
    def organization(cls, organization: OrganizationRef) -> Visibility:
        """Members affiliated with this organization or one below it.

        >>> Visibility.organization(school) == f"organization:{school.id}"
        True
        """
        return cls(f"organization:{_id_of(organization)}")


Visibility.PUBLIC = Visibility("public")
Visibility.COMMUNITY = Visibility("community")
Visibility.PRIVATE = Visibility("private")


class Grantee(_Audience):
    """Somebody a resource is shared with by name.

    >>> me.resources.grant(task, Grantee.member(bo)).grants[0].id == bo.id
    True
    """

    __slots__ = ()

    @classmethod
    def member(cls, member: MemberRef) -> Grantee:
        """One member.

        >>> Grantee.member(bo).id == bo.id
        True
        """
        return cls(f"member:{_id_of(member)}")

    @classmethod
    def team(cls, team: TeamRef) -> Grantee:
        """The members of a team.

        >>> Grantee.team(team) == f"team:{team.id}"
        True
        """
        return cls(f"team:{_id_of(team)}")

    @classmethod
    def organization(cls, organization: OrganizationRef) -> Grantee:
        """Members affiliated with an organization or one below it.

        >>> Grantee.organization(school).id == school.id
        True
        """
        return cls(f"organization:{_id_of(organization)}")


class MemberFact(str):
    """Something that happened to a member: ``left``, and from the second time on ``left:2``.

    Facts are only ever added. Who left and comes back begins anew, and pauses are counted on.

    >>> fact = MemberFact("left:2")
    >>> fact.event, fact.number
    (<MemberEvent.LEFT: 'left'>, 2)
    """

    __slots__ = ()

    @property
    def event(self) -> MemberEvent:
        """What happened.

        >>> ana.facts[-1].event.value
        'activated'
        """
        return MemberEvent(self.partition(":")[0])

    @property
    def number(self) -> int:
        """For the how-manieth time, from 1.

        >>> MemberFact("paused").number, MemberFact("paused:3").number
        (1, 3)
        """
        return int(self.partition(":")[2] or 1)


def _id_of(value: Record | UUID | str) -> str:
    return str(value.id if isinstance(value, Record) else value)
