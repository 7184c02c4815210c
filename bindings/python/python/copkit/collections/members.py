"""People known to the community, from their first contact to their last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import _wire
from ..types import Affiliation, CommunityRole, Contact, Member, MemberRef, MemberState, OrganizationRef, Role
from ._base import Collection, Day, ExternalIds, Listing, Texts, ident, texts

__all__ = ["Members"]


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
        emails: Texts = (),
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
            emails=texts(emails),
            affiliations=list(affiliations),
            roles=texts(roles),
            external_ids=_wire.external_ids(external_ids),
        )

    def request(
        self,
        *,
        given: str,
        family: str,
        display: str | None = None,
        emails: Texts = (),
        affiliations: Iterable[Affiliation | Mapping[str, Any]] = (),
        roles: Iterable[CommunityRole | str] | str = (),
        external_ids: ExternalIds = (),
    ) -> Member:
        """The host records that a newcomer asks to take part."""
        return self._apply(
            "request_participation",
            given=given,
            family=family,
            display=display,
            emails=texts(emails),
            affiliations=list(affiliations),
            roles=texts(roles),
            external_ids=_wire.external_ids(external_ids),
        )

    def ask_to_rejoin(self, member: MemberRef) -> Member:
        """A member who is known, or has left, asks to take part."""
        return self._apply("ask_to_rejoin", member=ident(member))

    def invite(self, member: MemberRef) -> Member:
        """A steward invites a member who is known, has asked, or has left."""
        return self._apply("invite_member", member=ident(member))

    def approve(self, member: MemberRef, *, reason: str | None = None) -> Member:
        """A lead of the requester's region, or a steward, approves a request to take part."""
        return self._apply("approve_member", member=ident(member), reason=reason)

    def decline(self, member: MemberRef, *, reason: str | None = None) -> Member:
        """A lead of the requester's region, or a steward, turns a request to take part down."""
        return self._apply("decline_member", member=ident(member), reason=reason)

    def accept(self, member: MemberRef) -> Member:
        """A member accepts the invitation to the community."""
        return self._apply("accept_invitation", member=ident(member))

    def complete_step(self, member: MemberRef, step: str) -> Member:
        """Records that a member took a step of onboarding, by its code in the community's policies."""
        return self._apply("complete_step", member=ident(member), step=step)

    def commit_to_year(self, member: MemberRef, school_year: str) -> Member:
        """A member commits to take part in a school year: ``2021-22``."""
        return self._apply("commit_to_year", member=ident(member), school_year=school_year)

    def activate(self, member: MemberRef) -> Member:
        """A member becomes active, once all that is asked of newcomers is done."""
        return self._apply("activate_member", member=ident(member))

    def pause(self, member: MemberRef) -> Member:
        """A member takes a break."""
        return self._apply("pause_member", member=ident(member))

    def resume(self, member: MemberRef) -> Member:
        """A member is back from a break."""
        return self._apply("resume_member", member=ident(member))

    def end(self, member: MemberRef) -> Member:
        """A member leaves the community, or is removed."""
        return self._apply("end_member", member=ident(member))

    def revise(
        self,
        member: MemberRef,
        *,
        given: str | None = None,
        family: str | None = None,
        display: str | None = None,
        emails: Texts | None = None,
        contact: Contact | str | None = None,
        external_ids: ExternalIds = (),
        pronouns: str | None = None,
        bio: str | None = None,
    ) -> Member:
        """Changes a member's names, addresses and words about themselves.

        External ids are added to those they have; an empty text clears `pronouns` and `bio`.
        """
        return self._apply(
            "revise_member",
            member=ident(member),
            given=given,
            family=family,
            display=display,
            emails=texts(emails),
            contact=contact,
            external_ids=_wire.external_ids(external_ids),
            pronouns=pronouns,
            bio=bio,
        )

    def add_affiliation(
        self,
        member: MemberRef,
        *,
        organization: OrganizationRef,
        role: Role | str,
        grades: Texts = (),
        since: Day | None = None,
        until: Day | None = None,
    ) -> Member:
        """Records that a member works somewhere."""
        affiliation = {
            "organization": ident(organization),
            "role": role,
            "grades": texts(grades),
            "since": since,
            "until": until,
        }
        return self._apply("add_affiliation", member=ident(member), affiliation=affiliation)

    def end_affiliation(
        self, member: MemberRef, *, organization: OrganizationRef, role: Role | str, until: Day
    ) -> Member:
        """Records the last day of an affiliation."""
        return self._apply(
            "end_affiliation",
            member=ident(member),
            organization=ident(organization),
            role=role,
            until=until,
        )

    def set_roles(self, member: MemberRef, roles: Iterable[CommunityRole | str] | str) -> Member:
        """Sets all that a member may do in the community."""
        return self._apply("set_community_roles", member=ident(member), roles=texts(roles))

    def merge(self, member: MemberRef, duplicate: MemberRef) -> Member:
        """Records that two members are one person; answers with the record that stands for both."""
        return self._apply("merge_members", member=ident(member), duplicate=ident(duplicate))

    def erase(self, member: MemberRef) -> Member:
        """Forgets a person: only the id stays."""
        return self._apply("erase_member", member=ident(member))

    def list(
        self, *, state: MemberState | str | None = None, organization: OrganizationRef | None = None
    ) -> Listing[Member]:
        """Members in a state, or who are or were affiliated with an organization."""
        return self._list(state=state, organization=ident(organization))
