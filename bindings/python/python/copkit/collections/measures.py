"""What teams track, and the aggregate data points of it; never a student's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from ..types import (
    Cadence,
    ChartKind,
    CycleRef,
    Direction,
    Measure,
    MeasureRef,
    MeasureRole,
    MissingReason,
    Observation,
    ObservationRef,
    OrganizationRef,
    Period,
    RuleSet,
    StudentGroup,
    TeamRef,
    Unit,
    Visibility,
)
from ._base import Collection, Day, Listing, ident

__all__ = ["Measures", "Observations"]


class Measures(Collection[Measure]):
    """What teams track."""

    __slots__ = ()
    _kind = "measure"

    def define(
        self,
        *,
        team: TeamRef,
        name: str,
        operational_definition: str,
        unit: Unit | str,
        role: MeasureRole | str | None = None,
        direction: Direction | str | None = None,
        target: float | None = None,
        cadence: Cadence | str | None = None,
        chart: ChartKind | str | None = None,
        rule_set: RuleSet | str | None = None,
        screening: bool | None = None,
        student_counts: bool | None = None,
        visibility: Visibility | str | None = None,
    ) -> Measure:
        """Defines a measure.

        `operational_definition` says what exactly is counted, how, and by whom. With `student_counts`, which is
        so unless said, small numbers are kept back.

        >>> share = me.measures.define(
        ...     team=team,
        ...     name="Explained aloud",
        ...     unit="proportion",
        ...     target=0.66,
        ...     operational_definition="Students who explain a step, of those present, by tally.",
        ... )
        >>> share.student_counts, share.target
        (True, 0.66)
        """
        return self._apply(
            "define_measure",
            team=ident(team),
            name=name,
            operational_definition=operational_definition,
            unit=unit,
            role=role,
            direction=direction,
            target=target,
            cadence=cadence,
            chart=chart,
            rule_set=rule_set,
            screening=screening,
            student_counts=student_counts,
            visibility=visibility,
        )

    def revise(
        self,
        measure: MeasureRef,
        *,
        name: str | None = None,
        operational_definition: str | None = None,
        role: MeasureRole | str | None = None,
        direction: Direction | str | None = None,
        target: float | None = None,
        cadence: Cadence | str | None = None,
        chart: ChartKind | str | None = None,
        rule_set: RuleSet | str | None = None,
        screening: bool | None = None,
        student_counts: bool | None = None,
        visibility: Visibility | str | None = None,
    ) -> Measure:
        """Changes a measure.

        >>> me.measures.revise(measure, target=12).target
        12.0
        """
        return self._apply(
            "revise_measure",
            measure=ident(measure),
            name=name,
            operational_definition=operational_definition,
            role=role,
            direction=direction,
            target=target,
            cadence=cadence,
            chart=chart,
            rule_set=rule_set,
            screening=screening,
            student_counts=student_counts,
            visibility=visibility,
        )

    def add_phase(
        self,
        measure: MeasureRef,
        *,
        starts_on: Day,
        reason: str,
        freeze_after: Day | None = None,
        cycle: CycleRef | None = None,
    ) -> Measure:
        """Begins a stretch of a measure's chart with limits of its own, with a reason.

        Days after `freeze_after` do not count towards its limits.

        >>> me.measures.add_phase(measure, starts_on="2022-01-10", reason="a new routine").phases[0].reason
        'a new routine'
        """
        return self._apply(
            "add_measure_phase",
            measure=ident(measure),
            starts_on=starts_on,
            reason=reason,
            freeze_after=freeze_after,
            cycle=ident(cycle),
        )

    def exclude(self, observation: ObservationRef, reason: str) -> Measure:
        """Leaves an observation out of its measure's chart, with a reason.

        >>> first = me.observations.record(measure=measure, period=("2021-09-01", "2021-09-30"), value=3)
        >>> me.measures.exclude(first, "a fire drill").exclusions[0].reason
        'a fire drill'
        """
        return self._apply("exclude_observation", observation=ident(observation), reason=reason)

    def list(self, *, team: TeamRef | None = None, role: MeasureRole | str | None = None) -> Listing[Measure]:
        """Measures of a team, or of a role.

        >>> [each.name for each in me.measures.list(team=team)]
        ['Talks held']
        """
        return self._list(team=ident(team), role=role)


class Observations(Collection[Observation]):
    """Aggregate data points of measures."""

    __slots__ = ()
    _kind = "observation"

    def record(
        self,
        *,
        measure: MeasureRef,
        period: Period | Mapping[str, Any],
        organization: OrganizationRef | None = None,
        student_group: StudentGroup | Mapping[str, str] | None = None,
        numerator: float | None = None,
        denominator: float | None = None,
        value: float | None = None,
        missing_reason: MissingReason | str | None = None,
        n: int | None = None,
        source: str = "",
    ) -> Observation:
        """Records what was observed in a period.

        Proportions and rates have a `numerator` and a `denominator`, all other units a `value`; where there is
        no number, `missing_reason` says why. `n` is how many people stand behind it.

        >>> me.observations.record(measure=measure, period=("2021-09-01", "2021-09-30"), value=3).value
        3.0
        """
        return self._apply(
            "record_observation",
            measure=ident(measure),
            period=period,
            organization=ident(organization),
            student_group=student_group,
            numerator=numerator,
            denominator=denominator,
            value=value,
            missing_reason=missing_reason,
            n=n,
            source=source,
        )

    def record_all(self, observations: Iterable[Mapping[str, Any]]) -> Measure:
        """Records several observations together, all or nothing; answers with their measure.

        Each is a mapping with what :meth:`record` takes, such as the rows of a table.

        >>> months = [("2021-09-01", "2021-09-30"), ("2021-10-01", "2021-10-31")]
        >>> rows = [{"measure": measure, "period": month, "value": value} for month, value in zip(months, (3, 4))]
        >>> me.observations.record_all(rows) == measure, len(me.observations)
        (True, 2)
        """
        return cast(Measure, self._run("record_observations", {"observations": list(observations)}))

    def correct(
        self,
        observation: ObservationRef,
        *,
        reason: str,
        numerator: float | None = None,
        denominator: float | None = None,
        value: float | None = None,
        missing_reason: MissingReason | str | None = None,
        n: int | None = None,
    ) -> Observation:
        """Corrects an observation, with a reason; both numbers are kept, and a finding tells of it.

        >>> first = me.observations.record(measure=measure, period=("2021-09-01", "2021-09-30"), value=3)
        >>> me.observations.correct(first, reason="counted again", value=4).value
        4.0
        """
        return self._apply(
            "correct_observation",
            observation=ident(observation),
            reason=reason,
            numerator=numerator,
            denominator=denominator,
            value=value,
            missing_reason=missing_reason,
            n=n,
        )

    def list(
        self, *, measure: MeasureRef | None = None, organization: OrganizationRef | None = None
    ) -> Listing[Observation]:
        """Observations of a measure, or of an organization.

        >>> len(me.observations.list(measure=measure))
        0
        """
        return self._list(measure=ident(measure), organization=ident(organization))
