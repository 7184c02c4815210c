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
        """Adds a member: active when the host does it, invited when a steward does.

        >>> host.members.add(given="Cy", family="Ochoa", emails="cy@example.org").state.value
        'active'
        """
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
        """The host records that a newcomer asks to take part.

        >>> cop.steward().members.request(given="Cy", family="Ochoa").state.value
        'requested'
        """
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
        """A member who is known, or has left, asks to take part.

        >>> host.members.end(bo).state.value
        'ended'
        >>> host.members.ask_to_rejoin(bo).state.value
        'requested'
        """
        return self._apply("ask_to_rejoin", member=ident(member))

    def invite(self, member: MemberRef) -> Member:
        """A steward invites a member who is known, has asked, or has left.

        >>> cy = host.members.request(given="Cy", family="Ochoa")
        >>> host.members.invite(cy).state.value
        'onboarding'
        """
        return self._apply("invite_member", member=ident(member))

    def approve(self, member: MemberRef, *, reason: str | None = None) -> Member:
        """A lead of the requester's region, or a steward, approves a request to take part.

        >>> cy = host.members.request(given="Cy", family="Ochoa")
        >>> host.members.approve(cy, reason="welcome").state.value
        'onboarding'
        """
        return self._apply("approve_member", member=ident(member), reason=reason)

    def decline(self, member: MemberRef, *, reason: str | None = None) -> Member:
        """A lead of the requester's region, or a steward, turns a request to take part down.

        >>> cy = host.members.request(given="Cy", family="Ochoa")
        >>> host.members.decline(cy, reason="another state").decision.approved
        False
        """
        return self._apply("decline_member", member=ident(member), reason=reason)

    def accept(self, member: MemberRef) -> Member:
        """A member accepts the invitation to the community.

        >>> host.members.end(bo).state.value
        'ended'
        >>> host.members.invite(bo).state.value
        'invited'
        >>> his.members.accept(bo).state.value
        'onboarding'
        """
        return self._apply("accept_invitation", member=ident(member))

    def complete_step(self, member: MemberRef, step: str) -> Member:
        """Records that a member took a step of onboarding, by its code in the community's policies.

        >>> host.set_policies(
        ...     onboarding=[{"code": "orientation", "label": "Orientation", "required": True}]
        ... ).revision > 0
        True
        >>> host.members.complete_step(ana, "orientation").steps
        ('orientation',)
        """
        return self._apply("complete_step", member=ident(member), step=step)

    def commit_to_year(self, member: MemberRef, school_year: str) -> Member:
        """A member commits to take part in a school year: ``2021-22``.

        >>> me.members.commit_to_year(ana, "2021-22").commitments[0].school_year
        '2021-22'
        """
        return self._apply("commit_to_year", member=ident(member), school_year=school_year)

    def activate(self, member: MemberRef) -> Member:
        """A member becomes active, once all that is asked of newcomers is done.

        >>> cy = host.members.approve(host.members.request(given="Cy", family="Ochoa"))
        >>> host.members.activate(cy).state.value
        'active'
        """
        return self._apply("activate_member", member=ident(member))

    def pause(self, member: MemberRef) -> Member:
        """A member takes a break.

        >>> me.members.pause(ana).state.value
        'paused'
        """
        return self._apply("pause_member", member=ident(member))

    def resume(self, member: MemberRef) -> Member:
        """A member is back from a break.

        >>> me.members.pause(ana).state.value, me.members.resume(ana).state.value
        ('paused', 'active')
        """
        return self._apply("resume_member", member=ident(member))

    def end(self, member: MemberRef) -> Member:
        """A member leaves the community, or is removed.

        >>> me.members.end(ana).state.value
        'ended'
        """
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

        >>> me.members.revise(ana, pronouns="she/her").pronouns
        'she/her'
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
        """Records that a member works somewhere.

        >>> me.members.add_affiliation(ana, organization=school, role="coach").affiliations[0].role
        <Role.COACH: 'coach'>
        """
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
        """Records the last day of an affiliation.

        >>> me.members.add_affiliation(ana, organization=school, role="coach").affiliations[0].until
        >>> me.members.end_affiliation(ana, organization=school, role="coach", until="2022-06-30").affiliations[0].until
        datetime.date(2022, 6, 30)
        """
        return self._apply(
            "end_affiliation",
            member=ident(member),
            organization=ident(organization),
            role=role,
            until=until,
        )

    def set_roles(self, member: MemberRef, roles: Iterable[CommunityRole | str] | str) -> Member:
        """Sets all that a member may do in the community.

        >>> host.members.set_roles(ana, ["member", "convener"]).roles
        (<CommunityRole.CONVENER: 'convener'>, <CommunityRole.MEMBER: 'member'>)
        """
        return self._apply("set_community_roles", member=ident(member), roles=texts(roles))

    def merge(self, member: MemberRef, duplicate: MemberRef) -> Member:
        """Records that two members are one person; answers with the record that stands for both.

        >>> double = host.members.add(given="Ana", family="Ruiz")
        >>> host.members.merge(ana, double).id == ana.id, host.members.get(double).merged_into == ana.id
        (True, True)
        """
        return self._apply("merge_members", member=ident(member), duplicate=ident(duplicate))

    def erase(self, member: MemberRef) -> Member:
        """Forgets a person: only the id stays.

        >>> host.members.erase(bo).display
        ''
        """
        return self._apply("erase_member", member=ident(member))

    def list(
        self, *, state: MemberState | str | None = None, organization: OrganizationRef | None = None
    ) -> Listing[Member]:
        """Members in a state, or who are or were affiliated with an organization.

        >>> [member.display for member in me.members.list(state="active")]
        ['Ana Ruiz', 'Bo Nguyen']
        """
        return self._list(state=state, organization=ident(organization))
