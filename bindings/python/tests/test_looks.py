"""What a notebook shows: everything that was said, and none of it as HTML."""

from __future__ import annotations

import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import copkit
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "notebooks"))
import sample

HOSTILE = "<script>alert('&')</script>"


class Reader(HTMLParser):
    """Checks that what is opened is closed, and keeps the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown(thing: object) -> str:
    """The text that a notebook shows."""
    reader = Reader()
    reader.feed(thing._repr_html_())  # type: ignore[attr-defined]
    reader.close()
    assert not reader.open
    assert not reader.tags & {"script", "b2", "img"}
    return "".join(reader.texts)


@pytest.fixture(scope="module")
def cop():
    with sample.community() as cop:
        yield cop


def test_everything_has_a_look_and_says_what_it_is(cop: copkit.Community) -> None:
    host = cop.steward()
    ana, team, task = host.members.list().first(), host.teams.list().first(), host.resources.list().first()
    aim = host.goals.list(kind="aim").first()
    assert ana is not None
    assert team is not None
    assert task is not None
    assert aim is not None
    hits = host.search("fraction strips")
    cases: list[tuple[object, list[str]]] = [
        (ana, ["member", "Ana", "active"]),
        (task, ["resource", "Fraction strips", "3.NF.A.2"]),
        (host.resources, ["Fraction strips", "Dot cards"]),
        (host.resources.list(kind="video"), ["Number talks with fractions"]),
        (host.resources.page(2), ["Comparing fractions"]),
        (host.findings, ["nothing"]),
        (hits, ["found", "Fraction strips", "kind"]),
        (hits.facets, ["task"]),
        (host.history(task), ["add_resource"]),
        (host.audit(task), ["added the resource"]),
        (host.driver_diagram(aim), ["Aim", "Two thirds explain", "Sentence frames on the wall", "pdsa"]),
        (host.launch_checklist(team), ["ready", "team.lead"]),
        (host.onboarding_checklist(ana), ["ready"]),
        (host.hours(ana, sample.school_year(date.today())), ["hours"]),
        (host.value_matrix(), ["1", "applied"]),
        (host.participation_levels(date.today()), ["core"]),
        (host.participation(ana, date.today()), ["core"]),
        (host.session_archive(), ["Kick-off"]),
        (host.member_page(ana), ["Ana Ruiz", "Number talks"]),
        (host.import_resources(b'{"title": "no id"}', dry_run=True), ["would be written", "severity"]),
    ]
    for thing, texts in cases:
        text = shown(thing)
        for wanted in texts:
            assert wanted in text, (thing, wanted, text)
    assert "<mark>" in hits._repr_html_()


def test_a_cycle_shows_its_phases(cop: copkit.Community) -> None:
    done = cop.steward().cycles.list().first()
    assert done is not None
    assert "✓ plan → ✓ do → ✓ study → ● act adapt" in shown(done)


def test_nothing_that_was_said_is_html() -> None:
    with copkit.in_memory(HOSTILE) as cop:
        host = cop.steward()
        ana = host.members.add(given=HOSTILE, family="Ruiz")
        me = cop.as_member(ana)
        task = me.resources.add(kind="task", title=HOSTILE, body=f"{HOSTILE} alert", tags=[HOSTILE], published=True)
        team = host.teams.add(kind="project", name=HOSTILE)
        problem = host.goals.add(kind="problem", title=HOSTILE, team=team)
        aim = host.goals.add(kind="aim", title=HOSTILE, team=team, parents=problem, aim={"what": HOSTILE})
        idea = host.goals.add(kind="driver", title=HOSTILE, team=team, parents=aim)
        assert idea.parents
        for thing in (
            ana,
            task,
            team,
            cop.about(),
            host.resources,
            host.search("alert"),
            host.search("alert", record="resource"),
            host.driver_diagram(aim),
            host.member_page(ana),
            me.history(task),
        ):
            assert "alert" in shown(thing)


def test_long_lists_are_cut_and_say_so() -> None:
    with copkit.in_memory("Math CoP") as cop:
        host = cop.steward()
        host.batch([("add_member", {"given": f"Ana {n}", "family": "Ruiz"}) for n in range(45)])
        assert "20 of 45 shown" in shown(host.members)
        assert "Ana 19" in shown(host.members)
        assert "Ana 20" not in shown(host.members)
