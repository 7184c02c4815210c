"""Gatherings of the community, and who was there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from ..types import (
    Attendance,
    AttendanceRef,
    AttendanceRole,
    AttendanceStatus,
    Convening,
    ConveningKind,
    ConveningRef,
    ConveningState,
    CycleRef,
    MemberRef,
    Mode,
    OrganizationRef,
    ResourceRef,
    Series,
    TeamRef,
    Visibility,
)
from ._base import Collection, Listing, Texts, Time, ident, idents, texts

__all__ = ["Attendances", "Convenings"]


class Convenings(Collection[Convening]):
    """Gatherings: convenings, workshops, course sessions, consultancies, team meetings, …"""

    __slots__ = ()
    _kind = "convening"

    def plan(
        self,
        *,
        kind: ConveningKind | str,
        title: str,
        starts: Time,
        ends: Time,
        time_zone: str,
        body: str = "",
        teams: Iterable[TeamRef] | TeamRef = (),
        parent: ConveningRef | None = None,
        cycle: CycleRef | None = None,
        mode: Mode | str | None = None,
        place: str | None = None,
        join_url: str | None = None,
        capacity: int | None = None,
        protocol: ResourceRef | None = None,
        series: Series | Mapping[str, Any] | None = None,
        topics: Texts = (),
        visibility: Visibility | str | None = None,
    ) -> Convening:
        """Plans a convening, as a draft.

        `starts` and `ends` are naive times on the clocks of `time_zone` (IANA), such as ``America/Los_Angeles``.
        `parent` is the convening it is a session of.

        >>> from datetime import datetime
        >>> talk = host.convenings.plan(
        ...     kind="workshop",
        ...     title="Number talks",
        ...     place="Alder School",
        ...     mode="in_person",
        ...     time_zone="America/Los_Angeles",
        ...     starts=datetime(2021, 9, 14, 9),
        ...     ends=datetime(2021, 9, 14, 11),
        ... )
        >>> talk.starts_at
        datetime.datetime(2021, 9, 14, 16, 0, tzinfo=datetime.timezone.utc)
        """
        return self._apply(
            "plan_convening",
            kind=kind,
            title=title,
            starts=starts,
            ends=ends,
            time_zone=time_zone,
            body=body,
            teams=idents(teams),
            parent=ident(parent),
            cycle=ident(cycle),
            mode=mode,
            place=place,
            join_url=join_url,
            capacity=capacity,
            protocol=ident(protocol),
            series=series,
            topics=texts(topics),
            visibility=visibility,
        )

    def revise(
        self,
        convening: ConveningRef,
        *,
        kind: ConveningKind | str | None = None,
        title: str | None = None,
        body: str | None = None,
        starts: Time | None = None,
        ends: Time | None = None,
        time_zone: str | None = None,
        teams: Iterable[TeamRef] | TeamRef | None = None,
        mode: Mode | str | None = None,
        place: str | None = None,
        join_url: str | None = None,
        capacity: int | None = None,
        protocol: ResourceRef | None = None,
        topics: Texts | None = None,
        visibility: Visibility | str | None = None,
    ) -> Convening:
        """Changes a convening; an empty text clears, and a capacity of 0 is for as many as come.

        >>> host.convenings.revise(later, capacity=20).capacity
        20
        """
        return self._apply(
            "revise_convening",
            convening=ident(convening),
            kind=kind,
            title=title,
            body=body,
            starts=starts,
            ends=ends,
            time_zone=time_zone,
            teams=idents(teams),
            mode=mode,
            place=place,
            join_url=join_url,
            capacity=capacity,
            protocol=ident(protocol),
            topics=texts(topics),
            visibility=visibility,
        )

    def schedule(self, convening: ConveningRef) -> Convening:
        """Announces a convening.

        >>> from datetime import datetime
        >>> talk = host.convenings.plan(
        ...     kind="workshop",
        ...     title="Number talks",
        ...     place="Alder School",
        ...     mode="in_person",
        ...     time_zone="UTC",
        ...     starts=datetime(2021, 9, 14, 9),
        ...     ends=datetime(2021, 9, 14, 11),
        ... )
        >>> host.convenings.schedule(talk).state.value
        'scheduled'
        """
        return self._apply("schedule_convening", convening=ident(convening))

    def cancel(self, convening: ConveningRef, reason: str) -> Convening:
        """Cancels a convening.

        >>> host.convenings.cancel(later, "snow").cancelled_because
        'snow'
        """
        return self._apply("cancel_convening", convening=ident(convening), reason=reason)

    def hold(self, convening: ConveningRef) -> Convening:
        """Records that a convening took place.

        >>> host.convenings.hold(workshop).state.value
        'held'
        """
        return self._apply("hold_convening", convening=ident(convening))

    def list(
        self,
        *,
        kind: ConveningKind | str | None = None,
        state: ConveningState | str | None = None,
        team: TeamRef | None = None,
        parent: ConveningRef | None = None,
        cycle: CycleRef | None = None,
    ) -> Listing[Convening]:
        """Convenings of a kind, in a state, of a team or a cycle, or the sessions of one.

        >>> [each.title for each in me.convenings.list(kind="workshop", state="scheduled")]
        ['Dot cards', 'Fractions']
        """
        return self._list(kind=kind, state=state, team=ident(team), parent=ident(parent), cycle=ident(cycle))


class Attendances(Collection[Attendance]):
    """Members, and walk-ins, at convenings."""

    __slots__ = ()
    _kind = "attendance"

    def invite(
        self, *, convening: ConveningRef, member: MemberRef, role: AttendanceRole | str | None = None
    ) -> Attendance:
        """Invites a member to a convening.

        >>> host.attendances.invite(convening=later, member=bo).status.value
        'invited'
        """
        return self._apply("invite_to_convening", convening=ident(convening), member=ident(member), role=role)

    def register(self, convening: ConveningRef) -> Attendance:
        """A member takes a seat, or a place on the waiting list.

        >>> his.attendances.register(later).status.value
        'registered'
        """
        return self._apply("register", convening=ident(convening))

    def cancel(self, attendance: AttendanceRef) -> Attendance:
        """Gives a seat back; whoever waits longest gets it.

        >>> his.attendances.cancel(his.attendances.register(later)).status.value
        'cancelled'
        """
        return self._apply("cancel_attendance", attendance=ident(attendance))

    def record(
        self,
        *,
        convening: ConveningRef,
        member: MemberRef,
        status: AttendanceStatus | str | None = None,
        role: AttendanceRole | str | None = None,
        minutes: int | None = None,
        check_in: Time | None = None,
        check_out: Time | None = None,
        source: str | None = None,
    ) -> Attendance:
        """Records where a member's attendance stands: attended, unless `status` says otherwise.

        `check_in` and `check_out` are aware times. `source` is where this is known from, such as ``zoom``.

        >>> came = host.attendances.record(convening=workshop, member=bo, minutes=90, source="sign-in sheet")
        >>> came.status.value, came.minutes
        ('attended', 90)
        """
        return self._apply(
            "record_attendance",
            convening=ident(convening),
            member=ident(member),
            status=status,
            role=role,
            minutes=minutes,
            check_in=check_in,
            check_out=check_out,
            source=source,
        )

    def record_all(self, attendances: Iterable[Mapping[str, Any]]) -> Convening:
        """Records several attendances together, all or nothing; answers with their convening.

        Each is a mapping with what :meth:`record` takes, such as the rows of a sign-in sheet.

        >>> rows = [{"convening": workshop, "member": each, "minutes": 90} for each in (ana, bo)]
        >>> host.attendances.record_all(rows).title, len(host.attendances.list(convening=workshop))
        ('Dot cards', 2)
        """
        return cast(Convening, self._run("record_attendances", {"attendances": list(attendances)}))

    def add_walk_in(
        self,
        *,
        convening: ConveningRef,
        name: str,
        email: str | None = None,
        organization: OrganizationRef | None = None,
        role: AttendanceRole | str | None = None,
        minutes: int | None = None,
    ) -> Attendance:
        """Records somebody who came without being known to the community.

        >>> host.attendances.add_walk_in(convening=workshop, name="Cy", minutes=90).walk_in.name
        'Cy'
        """
        return self._apply(
            "add_walk_in",
            convening=ident(convening),
            name=name,
            email=email,
            organization=ident(organization),
            role=role,
            minutes=minutes,
        )

    def match_walk_in(self, attendance: AttendanceRef, member: MemberRef) -> Attendance:
        """Says which member a walk-in is.

        >>> guest = host.attendances.add_walk_in(convening=workshop, name="B. Nguyen", minutes=90)
        >>> host.attendances.match_walk_in(guest, bo).member == bo.id
        True
        """
        return self._apply("match_walk_in", attendance=ident(attendance), member=ident(member))

    def list(
        self,
        *,
        convening: ConveningRef | None = None,
        member: MemberRef | None = None,
        status: AttendanceStatus | str | None = None,
    ) -> Listing[Attendance]:
        """Attendances at a convening, of a member, or with a status.

        >>> len(host.attendances.list(convening=workshop, status="attended"))
        0
        """
        return self._list(convening=ident(convening), member=ident(member), status=status)
