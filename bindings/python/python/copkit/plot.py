"""Charts, with altair (``pip install "copkit[plot]"``).

A chart is an :class:`altair.Chart`: shown where it is the last value of a notebook's cell, changed with altair's own
methods, saved with ``chart.save("chart.html")``. Altair, because a chart is then data (Vega-Lite) that works without a
display, tells its numbers on hovering, and takes the tables of this package as they are.

>>> from copkit import plot
>>> chart = plot.attendance(host)
>>> chart.to_dict()["mark"]["type"]
'bar'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from .session import Session
from .types import AttendanceStatus, ConveningState, Measure, MeasureRef, Participation, ParticipationLevel, Unit

if TYPE_CHECKING:
    import altair

__all__ = ["attendance", "levels", "observations", "participation"]


def participation(series: Iterable[Participation]) -> altair.Chart:
    """How much somebody took part over time, as :meth:`Session.participation_series` has it: a step for each level.

    >>> from copkit import plot
    >>> series = me.participation_series(ana, "2021-07-01", "2021-12-31")
    >>> plot.participation(series).to_dict()["encoding"]["y"]["field"]
    'level'
    """
    import altair as alt

    rows = [
        {
            "on": each.on.isoformat(),
            "level": None if each.level is None else each.level.value,
            "attended": each.numbers.attended,
            "open": each.numbers.open,
            "contributions": each.numbers.contributions.total,
        }
        for each in series
    ]
    order = [level.value for level in ParticipationLevel]
    chart: altair.Chart = (
        alt.Chart(_data(rows))
        .mark_line(interpolate="step-after", point=True)
        .encode(
            x=alt.X("on:T", title="day"),
            y=alt.Y("level:N", sort=order, scale=alt.Scale(domain=order), title="level of participation"),
            tooltip=["on:T", "level:N", "attended:Q", "open:Q", "contributions:Q"],
        )
    )
    return chart


def levels(levels: Iterable[Participation]) -> altair.Chart:
    """How many people take part how much, as :meth:`Session.participation_levels` has it.

    >>> from copkit import plot
    >>> chart = plot.levels(host.participation_levels(ana.created_at.date()))
    >>> [(row["level"], row["people"]) for row in chart.data.values if row["people"]]
    [('peripheral', 2)]
    """
    import altair as alt

    counts = Counter(each.level for each in levels)
    order = [level.value for level in ParticipationLevel]
    rows = [{"level": level.value, "people": counts[level]} for level in ParticipationLevel]
    chart: altair.Chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("people:Q", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("level:N", sort=order),
            tooltip=["level:N", "people:Q"],
        )
    )
    return chart


def attendance(session: Session) -> altair.Chart:
    """How many came to each convening and session that was held, as far as `session` sees the attendances.

    >>> from copkit import plot
    >>> plot.attendance(host).to_dict()["encoding"]["x"]["field"]
    'day'
    """
    import altair as alt

    held = {each.id: each for each in session.convenings.list(state=ConveningState.HELD)}
    came = Counter(each.convening for each in session.attendances.list(status=AttendanceStatus.ATTENDED))
    rows = [
        {"day": each.starts.date().isoformat(), "title": each.title, "kind": str(each.kind), "people": came[id]}
        for id, each in held.items()
        if came[id]
    ]
    chart: altair.Chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("day:T"),
            y=alt.Y("people:Q", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("kind:N"),
            tooltip=["day:T", "title:N", "kind:N", "people:Q"],
        )
    )
    return chart


def observations(session: Session, measure: MeasureRef) -> altair.LayerChart | altair.FacetChart:
    """The observations of a measure over time, with what shall be reached; without limits or signals.

    Proportions and rates are what was counted divided by of how many; what is missing leaves a gap.

    >>> from copkit import plot
    >>> plot.observations(host, measure).to_dict()["layer"][0]["encoding"]["y"]["title"]
    'Talks held'
    """
    import altair as alt

    defined = measure if isinstance(measure, Measure) else session.measures.get(measure)
    rows: list[dict[str, Any]] = []
    for each in session.observations.list(measure=defined):
        value = each.value
        if each.numerator is not None and each.denominator:
            value = each.numerator / each.denominator
        rows.append({"day": _middle(each.period.starts_on, each.period.ends_on), "value": value, "n": each.n})
    share = defined.unit == Unit.PROPORTION
    line = (
        alt.Chart(_data(rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("day:T"),
            y=alt.Y("value:Q", title=defined.name, axis=alt.Axis(format="%") if share else alt.Axis()),
            tooltip=["day:T", "value:Q", "n:Q"],
        )
    )
    if defined.target is None:
        return alt.layer(line)
    target = alt.Chart(_data([{"target": defined.target}])).mark_rule(strokeDash=[4, 4]).encode(y="target:Q")
    return alt.layer(line, target)


def _data(rows: Iterable[Mapping[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=list(rows))


def _middle(first: date, last: date) -> str:
    return (first + (last - first) / 2).isoformat()
