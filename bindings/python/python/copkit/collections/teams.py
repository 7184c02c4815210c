"""Groups inside the community, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..types import (
    Admission,
    DevelopmentStage,
    FormationRule,
    MemberRef,
    Membership,
    MembershipRef,
    MembershipState,
    OrganizationRef,
    Region,
    Team,
    TeamKind,
    TeamRef,
    TeamRole,
    TeamState,
    Visibility,
)
from ._base import Collection, Day, Listing, Texts, ident, idents, texts

__all__ = ["Memberships", "Teams"]


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
        starts: Day | None = None,
        ends: Day | None = None,
        admission: Admission | str | None = None,
        default_visibility: Visibility | str | None = None,
        maximum_visibility: Visibility | str | None = None,
        hub: OrganizationRef | None = None,
        formation: FormationRule | Mapping[str, Any] | None = None,
        questions: Texts = (),
    ) -> Team:
        """Creates a team; working groups, courses and cohorts need a term, regional teams a region.

        `formation` is what its members must be, together, before it starts its work; `questions` are what an
        application must answer.

        >>> host.teams.add(kind="project", name="UDL", admission="application", questions="Why?").questions
        ('Why?',)
        """
        return self._apply(
            "create_team",
            kind=kind,
            name=name,
            charter=charter,
            parent=ident(parent),
            organizations=idents(organizations),
            region=region,
            starts=starts,
            ends=ends,
            admission=admission,
            default_visibility=default_visibility,
            maximum_visibility=maximum_visibility,
            hub=ident(hub),
            formation=formation,
            questions=texts(questions),
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
        hub: OrganizationRef | None = None,
        formation: FormationRule | Mapping[str, Any] | None = None,
        stage: DevelopmentStage | str | None = None,
        questions: Texts | None = None,
        starts: Day | None = None,
        ends: Day | None = None,
    ) -> Team:
        """Changes a team; a formation rule that asks nothing takes it away.

        >>> me.teams.revise(team, charter="Talk every Tuesday.").charter
        'Talk every Tuesday.'
        """
        return self._apply(
            "revise_team",
            team=ident(team),
            name=name,
            charter=charter,
            admission=admission,
            organizations=idents(organizations),
            default_visibility=default_visibility,
            maximum_visibility=maximum_visibility,
            hub=ident(hub),
            formation=formation,
            stage=stage,
            questions=texts(questions),
            starts=starts,
            ends=ends,
        )

    def activate(self, team: TeamRef) -> Team:
        """A forming team starts its work, once its formation rule holds; it needs a lead.

        >>> me.teams.activate(team).state.value
        'active'
        """
        return self._apply("activate_team", team=ident(team))

    def archive(self, team: TeamRef) -> Team:
        """A team becomes history.

        >>> me.teams.archive(team).state.value
        'archived'
        """
        return self._apply("archive_team", team=ident(team))

    def list(
        self,
        *,
        kind: TeamKind | str | None = None,
        state: TeamState | str | None = None,
        parent: TeamRef | None = None,
    ) -> Listing[Team]:
        """Teams of a kind, in a state, or directly below one.

        >>> [each.name for each in me.teams.list(kind="cross_district")]
        ['Number talks']
        """
        return self._list(kind=kind, state=state, parent=ident(parent))


class Memberships(Collection[Membership]):
    """Members in teams."""

    __slots__ = ()
    _kind = "membership"

    def add(self, *, team: TeamRef, member: MemberRef, roles: Iterable[TeamRole | str] | str = ()) -> Membership:
        """The host records a membership that exists already.

        >>> host.memberships.add(team=team, member=bo, roles="mentor").roles
        (<TeamRole.MENTOR: 'mentor'>,)
        """
        return self._apply("add_membership", team=ident(team), member=ident(member), roles=texts(roles))

    def invite(self, *, team: TeamRef, member: MemberRef, roles: Iterable[TeamRole | str] | str = ()) -> Membership:
        """A lead invites a member.

        >>> me.memberships.invite(team=team, member=bo).state.value
        'invited'
        """
        return self._apply("invite_to_team", team=ident(team), member=ident(member), roles=texts(roles))

    def request(self, team: TeamRef) -> Membership:
        """A member asks to join.

        >>> his.memberships.request(team).state.value
        'requested'
        """
        return self._apply("request_to_join", team=ident(team))

    def apply(self, team: TeamRef, answers: Texts) -> Membership:
        """A member answers a team's questions, in their order, and asks to join.

        >>> udl = host.teams.add(kind="project", name="UDL", admission="application", questions="Why?")
        >>> his.memberships.apply(udl, "To learn.").answers
        (Answer(question='Why?', answer='To learn.'),)
        """
        return self._apply("apply_to_team", team=ident(team), answers=texts(answers))

    def approve(self, membership: MembershipRef, *, reason: str | None = None) -> Membership:
        """A lead approves a request or an application.

        >>> me.memberships.approve(his.memberships.request(team)).state.value
        'active'
        """
        return self._apply("approve_membership", membership=ident(membership), reason=reason)

    def reject(self, membership: MembershipRef, *, reason: str | None = None) -> Membership:
        """A lead turns a request or an application down.

        >>> me.memberships.reject(his.memberships.request(team), reason="full").decision.reason
        'full'
        """
        return self._apply("reject_membership", membership=ident(membership), reason=reason)

    def accept(self, membership: MembershipRef) -> Membership:
        """A member accepts an invitation.

        >>> his.memberships.accept(me.memberships.invite(team=team, member=bo)).state.value
        'active'
        """
        return self._apply("accept_membership", membership=ident(membership))

    def end(self, membership: MembershipRef) -> Membership:
        """A member leaves, or a lead removes them.

        >>> his.memberships.end(host.memberships.add(team=team, member=bo)).state.value
        'ended'
        """
        return self._apply("end_membership", membership=ident(membership))

    def complete(self, membership: MembershipRef) -> Membership:
        """A lead records that a member has completed what the team was for.

        >>> me.memberships.complete(host.memberships.add(team=team, member=bo)).state.value
        'ended'
        """
        return self._apply("complete_membership", membership=ident(membership))

    def set_roles(self, membership: MembershipRef, roles: Iterable[TeamRole | str] | str) -> Membership:
        """Sets all that a member may do in a team.

        >>> me.memberships.set_roles(host.memberships.add(team=team, member=bo), "facilitator").roles
        (<TeamRole.FACILITATOR: 'facilitator'>,)
        """
        return self._apply("set_team_roles", membership=ident(membership), roles=texts(roles))

    def show(self, membership: MembershipRef, public: bool = True) -> Membership:
        """A member opens a membership of theirs to the community, or closes it again.

        >>> his.memberships.show(host.memberships.add(team=team, member=bo)).public
        True
        """
        return self._apply("show_membership", membership=ident(membership), public=public)

    def list(
        self,
        *,
        member: MemberRef | None = None,
        team: TeamRef | None = None,
        state: MembershipState | str | None = None,
    ) -> Listing[Membership]:
        """Memberships of a member, in a team, or in a state.

        >>> [each.member == ana.id for each in me.memberships.list(team=team)]
        [True]
        """
        return self._list(member=ident(member), team=ident(team), state=state)
