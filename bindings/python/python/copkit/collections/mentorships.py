"""Ties between two members."""

from __future__ import annotations

from ..types import MemberRef, Mentorship, MentorshipKind, MentorshipRef, MentorshipState, TeamRef
from ._base import Collection, Day, Listing, ident

__all__ = ["Mentorships"]


class Mentorships(Collection[Mentorship]):
    """Ties between two members: mentoring, coaching, advice, co-leading."""

    __slots__ = ()
    _kind = "mentorship"

    def propose(
        self,
        *,
        kind: MentorshipKind | str,
        mentor: MemberRef,
        mentee: MemberRef,
        team: TeamRef | None = None,
        goals: str = "",
        since: Day | None = None,
        until: Day | None = None,
    ) -> Mentorship:
        """Proposes a mentorship, by one of the two.

        >>> me.mentorships.propose(kind="mentoring", mentor=ana, mentee=bo, goals="first number talks").state.value
        'proposed'
        """
        return self._apply(
            "propose_mentorship",
            kind=kind,
            mentor=ident(mentor),
            mentee=ident(mentee),
            team=ident(team),
            goals=goals,
            since=since,
            until=until,
        )

    def revise(
        self,
        mentorship: MentorshipRef,
        *,
        goals: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> Mentorship:
        """Changes a mentorship.

        >>> tie = me.mentorships.propose(kind="mentoring", mentor=ana, mentee=bo)
        >>> me.mentorships.revise(tie, goals="first number talks").goals
        'first number talks'
        """
        return self._apply("revise_mentorship", mentorship=ident(mentorship), goals=goals, since=since, until=until)

    def accept(self, mentorship: MentorshipRef) -> Mentorship:
        """The other of the two accepts.

        >>> his.mentorships.accept(me.mentorships.propose(kind="mentoring", mentor=ana, mentee=bo)).state.value
        'active'
        """
        return self._apply("accept_mentorship", mentorship=ident(mentorship))

    def end(self, mentorship: MentorshipRef) -> Mentorship:
        """Ends or declines a mentorship.

        >>> his.mentorships.end(me.mentorships.propose(kind="mentoring", mentor=ana, mentee=bo)).state.value
        'ended'
        """
        return self._apply("end_mentorship", mentorship=ident(mentorship))

    def list(
        self,
        *,
        mentor: MemberRef | None = None,
        mentee: MemberRef | None = None,
        team: TeamRef | None = None,
        state: MentorshipState | str | None = None,
    ) -> Listing[Mentorship]:
        """Mentorships of a mentor or a mentee, in a team, or in a state.

        >>> len(me.mentorships.list(mentor=ana, state="active"))
        0
        """
        return self._list(mentor=ident(mentor), mentee=ident(mentee), team=ident(team), state=state)
