"""The theory of improvement: goals, problems of practice, aims, drivers and change ideas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..types import AimStatement, Goal, GoalKind, GoalRef, GoalStatus, MeasureRef, TeamRef, Visibility
from ._base import Collection, Listing, ident, idents

__all__ = ["Goals"]


class Goals(Collection[Goal]):
    """The theory of improvement: goals, problems of practice, aims, drivers and change ideas."""

    __slots__ = ()
    _kind = "goal"

    def add(
        self,
        *,
        kind: GoalKind | str,
        title: str,
        body: str = "",
        team: TeamRef | None = None,
        parents: Iterable[GoalRef] | GoalRef = (),
        school_year: str | None = None,
        aim: AimStatement | Mapping[str, Any] | None = None,
        measures: Iterable[MeasureRef] | MeasureRef = (),
        visibility: Visibility | str | None = None,
    ) -> Goal:
        """Adds a goal, below its `parents`; without a team it is the whole community's.

        Objectives need a school year. `visibility` is the team, or the community where it has none, unless said.

        >>> aim = me.goals.add(
        ...     kind="aim", title="Two thirds explain", team=team, parents=problem, aim={"how_much": "two thirds"}
        ... )
        >>> aim.aim.how_much
        'two thirds'
        """
        return self._apply(
            "add_goal",
            kind=kind,
            title=title,
            body=body,
            team=ident(team),
            parents=idents(parents),
            school_year=school_year,
            aim=aim,
            measures=idents(measures),
            visibility=visibility,
        )

    def revise(
        self,
        goal: GoalRef,
        *,
        title: str | None = None,
        body: str | None = None,
        school_year: str | None = None,
        aim: AimStatement | Mapping[str, Any] | None = None,
        measures: Iterable[MeasureRef] | MeasureRef | None = None,
        visibility: Visibility | str | None = None,
    ) -> Goal:
        """Changes a goal; an empty text clears the school year.

        >>> me.goals.revise(aim, title="Three quarters explain").title
        'Three quarters explain'
        """
        return self._apply(
            "revise_goal",
            goal=ident(goal),
            title=title,
            body=body,
            school_year=school_year,
            aim=aim,
            measures=idents(measures),
            visibility=visibility,
        )

    def link(self, goal: GoalRef, *, parent: GoalRef) -> Goal:
        """Puts a goal below another.

        >>> idea = me.goals.add(kind="change_idea", title="Sentence frames", team=team, parents=aim)
        >>> talk = me.goals.add(kind="driver", title="Safe talk", team=team, parents=aim)
        >>> me.goals.link(idea, parent=talk).parents == (aim.id, talk.id)
        True
        """
        return self._apply("link_goal", goal=ident(goal), parent=ident(parent))

    def unlink(self, goal: GoalRef, *, parent: GoalRef) -> Goal:
        """Takes a goal away from below another.

        >>> talk = me.goals.add(kind="driver", title="Safe talk", team=team, parents=aim)
        >>> idea = me.goals.add(kind="change_idea", title="Sentence frames", team=team, parents=[aim, talk])
        >>> me.goals.unlink(idea, parent=talk).parents == (aim.id,)
        True
        """
        return self._apply("unlink_goal", goal=ident(goal), parent=ident(parent))

    def close(self, goal: GoalRef, status: GoalStatus | str, *, superseded_by: GoalRef | None = None) -> Goal:
        """Ends a goal: met, dropped, or superseded by another.

        >>> me.goals.close(aim, "met").status.value
        'met'
        """
        return self._apply("close_goal", goal=ident(goal), status=status, superseded_by=ident(superseded_by))

    def list(
        self,
        *,
        kind: GoalKind | str | None = None,
        team: TeamRef | None = None,
        status: GoalStatus | str | None = None,
        school_year: str | None = None,
        parent: GoalRef | None = None,
    ) -> Listing[Goal]:
        """Goals of a kind, of a team, with a status, of a school year, or directly below one.

        >>> [each.title for each in me.goals.list(kind="aim", team=team)]
        ['Two thirds explain']
        """
        return self._list(kind=kind, team=ident(team), status=status, school_year=school_year, parent=ident(parent))
