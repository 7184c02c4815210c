"""Cycles of inquiry: one turn of plan, try, look and learn."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from ..types import (
    Cycle,
    CycleKind,
    CycleRef,
    DecisionKind,
    GoalRef,
    MeasureRef,
    MemberRef,
    Phase,
    Prediction,
    PredictionOutcome,
    TeamRef,
    Visibility,
)
from ._base import Collection, Day, Listing, Texts, ident, idents, texts

__all__ = ["Cycles"]


class Cycles(Collection[Cycle]):
    """Cycles of inquiry: one turn of plan, try, look and learn."""

    __slots__ = ()
    _kind = "cycle"

    def start(
        self,
        *,
        team: TeamRef,
        kind: CycleKind | str,
        title: str,
        phases: Iterable[Phase | str] | str = (),
        question: str = "",
        lenses: Texts = (),
        school_year: str | None = None,
        starts_on: Day | None = None,
        ends_on: Day | None = None,
        parent: CycleRef | None = None,
        previous: CycleRef | None = None,
        problem: GoalRef | None = None,
        tests: Iterable[GoalRef] | GoalRef = (),
        measures: Iterable[MeasureRef] | MeasureRef = (),
        lead: MemberRef | None = None,
        participants: Iterable[MemberRef] | MemberRef = (),
        visibility: Visibility | str | None = None,
    ) -> Cycle:
        """Starts a cycle of inquiry; the member who starts it leads it, unless `lead` says otherwise.

        `phases` are for custom cycles only. `parent` is the year-long inquiry it is a part of, `previous` the
        cycle that it continues, `problem` the problem of practice, `tests` the change ideas it tests.

        >>> started = me.cycles.start(team=team, kind="pdsa", title="Sentence frames")
        >>> [phase.value for phase in started.phases]
        ['plan', 'do', 'study', 'act']
        """
        return self._apply(
            "start_cycle",
            team=ident(team),
            kind=kind,
            title=title,
            phases=texts(phases),
            question=question,
            lenses=texts(lenses),
            school_year=school_year,
            starts_on=starts_on,
            ends_on=ends_on,
            parent=ident(parent),
            previous=ident(previous),
            problem=ident(problem),
            tests=idents(tests),
            measures=idents(measures),
            lead=ident(lead),
            participants=idents(participants),
            visibility=visibility,
        )

    def revise(
        self,
        cycle: CycleRef,
        *,
        title: str | None = None,
        question: str | None = None,
        lenses: Texts | None = None,
        school_year: str | None = None,
        starts_on: Day | None = None,
        ends_on: Day | None = None,
        problem: GoalRef | None = None,
        tests: Iterable[GoalRef] | GoalRef | None = None,
        measures: Iterable[MeasureRef] | MeasureRef | None = None,
        lead: MemberRef | None = None,
        participants: Iterable[MemberRef] | MemberRef | None = None,
        visibility: Visibility | str | None = None,
    ) -> Cycle:
        """Changes a cycle; an empty text clears the school year.

        >>> me.cycles.revise(cycle, starts_on="2021-10-04").starts_on
        datetime.date(2021, 10, 4)
        """
        return self._apply(
            "revise_cycle",
            cycle=ident(cycle),
            title=title,
            question=question,
            lenses=texts(lenses),
            school_year=school_year,
            starts_on=starts_on,
            ends_on=ends_on,
            problem=ident(problem),
            tests=idents(tests),
            measures=idents(measures),
            lead=ident(lead),
            participants=idents(participants),
            visibility=visibility,
        )

    def predict(self, cycle: CycleRef, *, question: str, predicted: str) -> Cycle:
        """Says what one thinks will happen.

        >>> me.cycles.predict(cycle, question="How many explain?", predicted="Half.").predictions[0].late
        False
        """
        return self._apply("predict", cycle=ident(cycle), question=question, predicted=predicted)

    def record_result(
        self,
        cycle: CycleRef,
        *,
        prediction: Prediction | UUID | str,
        outcome: PredictionOutcome | str,
        learning: str,
    ) -> Cycle:
        """Says what became of a prediction, and what was learned.

        >>> said = me.cycles.predict(cycle, question="How many explain?", predicted="Half.").predictions[0]
        >>> try:
        ...     me.cycles.record_result(cycle, prediction=said, outcome="confirmed", learning="Writing helped.")
        ... except copkit.PreconditionError as early:
        ...     early.code
        'prediction.untried'
        """
        return self._apply(
            "record_result",
            cycle=ident(cycle),
            prediction=str(prediction.id if isinstance(prediction, Prediction) else prediction),
            outcome=outcome,
            learning=learning,
        )

    def advance(self, cycle: CycleRef) -> Cycle:
        """Takes a cycle to its next phase, or to its end, once all it needs is there.

        >>> try:
        ...     me.cycles.advance(cycle)
        ... except copkit.PreconditionError as missing:
        ...     [problem.detail for problem in missing.problems][:2]
        ['missing: a change idea to test', 'missing: a prediction']
        """
        return self._apply("advance_cycle", cycle=ident(cycle))

    def step_back(self, cycle: CycleRef, reason: str) -> Cycle:
        """Takes a cycle back to the phase before, with a reason.

        >>> kaizen = me.cycles.start(team=team, kind="custom", title="Ours", phases=["look", "try"])
        >>> note = me.entries.add(subject=kaizen, kind="note", phase="look", body="Two classes.")
        >>> me.cycles.advance(kaizen).phase, me.cycles.step_back(kaizen, "looked too briefly").phase
        ('try', 'look')
        """
        return self._apply("step_back_cycle", cycle=ident(cycle), reason=reason)

    def decide(
        self, cycle: CycleRef, kind: DecisionKind | str, *, rationale: str, no_successor: str | None = None
    ) -> Cycle:
        """Decides about the change that a cycle tested.

        `no_successor` says why an adapted change has no cycle that continues this one.

        >>> try:
        ...     me.cycles.decide(cycle, "adopt", rationale="It reached those it was meant for.")
        ... except copkit.PreconditionError as early:
        ...     early.code
        'cycle.decision_early'
        """
        return self._apply(
            "decide_cycle", cycle=ident(cycle), kind=kind, rationale=rationale, no_successor=no_successor
        )

    def list(
        self,
        *,
        team: TeamRef | None = None,
        kind: CycleKind | str | None = None,
        phase: Phase | str | None = None,
        school_year: str | None = None,
        parent: CycleRef | None = None,
        member: MemberRef | None = None,
    ) -> Listing[Cycle]:
        """Cycles of a team, of a kind, in a phase, of a school year, within an inquiry, or with a member.

        >>> [each.title for each in me.cycles.list(team=team, phase="plan")]
        ['A number talk every Tuesday']
        """
        return self._list(
            team=ident(team),
            kind=kind,
            phase=phase,
            school_year=school_year,
            parent=ident(parent),
            member=ident(member),
        )
