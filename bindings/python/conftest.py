"""The world in which the examples of the documentation run: a small community, made anew for each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import copkit
import pytest


@pytest.fixture(autouse=True)
def world(request: pytest.FixtureRequest) -> Iterator[None]:
    """For doctests: `cop`, its `host`, `ana` and her session `me`, `bo` and `his`, and some of their records."""
    if not isinstance(request.node, pytest.DoctestItem):
        yield
        return
    names: dict[str, Any] = request.getfixturevalue("doctest_namespace")
    with copkit.in_memory("Math CoP") as cop:
        host = cop.steward()
        ana = host.members.add(given="Ana", family="Ruiz")
        bo = host.members.add(given="Bo", family="Nguyen")
        me = cop.as_member(ana)
        team = host.teams.add(kind="cross_district", name="Number talks", admission="request")
        host.memberships.add(team=team, member=ana, roles="lead")
        host.teams.activate(team)
        task = me.resources.add(
            kind="task", title="Fraction strips", body="Fold thirds.", grades=["03"], standards=["3.NF.A.2"]
        )
        me.resources.add(kind="video", title="Number talks")
        problem = me.goals.add(kind="problem", title="Few students explain their reasoning", team=team)
        names.update(
            copkit=copkit,
            cop=cop,
            host=host,
            ana=ana,
            me=me,
            bo=bo,
            his=cop.as_member(bo),
            team=team,
            school=host.organizations.add(kind="school", name="Alder School"),
            task=task,
            problem=problem,
            aim=me.goals.add(kind="aim", title="Two thirds explain", team=team, parents=problem),
            cycle=me.cycles.start(team=team, kind="pdsa", title="A number talk every Tuesday"),
            measure=me.measures.define(
                team=team,
                name="Talks held",
                unit="count",
                operational_definition="Number talks of the week.",
                student_counts=False,
            ),
            workshop=_planned(host, "Dot cards", 2021),
            later=_planned(host, "Fractions", 2099),
        )
        yield
        names.clear()


def _planned(host: copkit.Session, title: str, year: int) -> copkit.Convening:
    planned = host.convenings.plan(
        kind="workshop",
        title=title,
        starts=datetime(year, 9, 14, 9),
        ends=datetime(year, 9, 14, 11),
        time_zone="America/Los_Angeles",
        mode="in_person",
        place="Alder School",
        visibility="community",
    )
    return host.convenings.schedule(planned)
