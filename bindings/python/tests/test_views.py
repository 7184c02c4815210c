"""What is derived from the records reaches Python whole."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import copkit
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "notebooks"))
import sample

Level = copkit.ParticipationLevel


@pytest.fixture(scope="module")
def cop():
    with sample.community() as cop:
        yield cop


@pytest.fixture
def host(cop: copkit.Community) -> copkit.Session:
    return cop.steward()


def member(host: copkit.Session, given: str) -> copkit.Member:
    return next(member for member in host.members if member.given == given)


def test_participation_by_the_communitys_own_rules(cop: copkit.Community, host: copkit.Session) -> None:
    today = date.today()
    ana, eli = member(host, "Ana"), member(host, "Eli")
    now = host.participation(ana, today)
    assert now.level in {Level.CORE, Level.ACTIVE}
    assert (now.member, now.on, now.live, now.policy) == (ana.id, today, True, cop.about().policies.participation)
    assert now.from_ == today - timedelta(days=now.policy.window_days)
    assert now.numbers.attended + now.numbers.attended_elsewhere == 7
    assert now.numbers.leadership.used
    assert now.numbers.contributions.total >= 3
    assert {each.member for each in host.participation_levels(today)} >= {ana.id, eli.id}
    series = cop.as_member(ana).participation_series(ana, today - timedelta(days=60), today, every_days=30)
    assert [each.on for each in series] == [today - timedelta(days=60), today - timedelta(days=30), today]
    with pytest.raises(copkit.NotPermittedError):
        cop.as_member(ana).participation(eli, today)
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.participation_series(ana, "2021-01-02", "2021-01-01", every_days=0)
    assert {it.code for it in refused.value.problems} == {"date.order", "participation.step"}
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.participation(ana, "yesterday")
    assert refused.value.problems[0].field == "on"


def test_hours_with_every_session(host: copkit.Session) -> None:
    bo = member(host, "Bo")
    years = {sample.school_year(sample.FIRST), sample.school_year(date.today())}
    statements = [host.hours(bo, year) for year in years]
    assert sum(each.minutes for each in statements) == 120 + 90 + 90 + 180 + 90 + 180
    sessions = [session for each in statements for convening in each.convenings for session in convening.sessions]
    assert {session.role for session in sessions} == {copkit.AttendanceRole.ATTENDEE}
    assert sum(each.to_polars()["minutes"].sum() for each in statements) == sum(each.minutes for each in statements)
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.hours(bo, "2021")
    assert refused.value.problems[0].code == "school_year.format"


def test_a_driver_diagram_to_its_tests(host: copkit.Session) -> None:
    aim = host.goals.list(kind="aim").first()
    assert aim is not None
    diagram = host.driver_diagram(aim)
    assert diagram.statement is not None
    assert (diagram.statement.how_much, diagram.truncated) == ("two thirds", False)
    assert [node.level for node in diagram.below] == [1, 1]
    test = diagram.below[0].below[0].tests[0]
    assert (test.kind, test.phase, test.decision) == ("pdsa", "act", copkit.DecisionKind.ADAPT)
    assert diagram.to_mermaid().startswith("flowchart RL\n")
    assert str(diagram) == diagram.to_text()
    rows = diagram.to_polars()
    assert rows.height == 1 + 2 + 3, "what is below two drivers appears below each"
    problem = host.goals.list(kind="problem").first()
    assert problem is not None
    with pytest.raises(copkit.InvalidInputError, match="begins with an aim"):
        host.driver_diagram(problem)


def test_checklists_say_what_is_missing(host: copkit.Session) -> None:
    team = host.teams.list().first()
    assert team is not None
    launch = host.launch_checklist(team)
    done = {item.code: item.done for item in launch.items}
    assert (done["team.lead"], done["team.charter"], done["convening.orientation"]) == (True, True, False)
    assert not launch.ready
    ready = host.onboarding_checklist(member(host, "Ana"))
    assert ready.ready
    assert "member.agreed" in {item.code for item in ready.items}


def test_the_archive_and_the_values(host: copkit.Session) -> None:
    archive = host.session_archive()
    titles = [convening.title for year in archive for convening in year.convenings]
    assert set(titles) == {title for title, *_ in sample.MEETINGS}
    assert any(year.resources for year in archive)
    matrix = host.value_matrix()
    assert (matrix.stories, len(matrix.teams)) == (1, 1)
    assert {cell.value: cell.stories for cell in matrix.values}[copkit.StoryValue.APPLIED] == 1
    assert host.value_matrix(school_year="1999-00").stories == 0
    team = matrix.teams[0].team
    assert team is not None
    assert host.value_matrix(team=team).stories == 1


def test_a_page_shows_what_one_may_know(cop: copkit.Community, host: copkit.Session) -> None:
    dee, gus = member(host, "Dee"), member(host, "Gus")
    page = host.member_page(dee)
    assert (page.profile, [team.name for team in page.teams]) == (dee, ["Number talks"])
    assert [story.title for story in page.stories] == ["They argue about dots"]
    assert page.hours is not None
    assert cop.as_member(gus).member_page(dee).hours is None
    with pytest.raises(copkit.NotFoundError):
        cop.as_guest().member_page(dee)


def test_the_past_in_words_and_as_it_was(cop: copkit.Community) -> None:
    host = cop.steward()
    eli = cop.as_member(member(host, "Eli"))
    task = eli.resources.add(kind="task", title="Halves")
    before = datetime.now(timezone.utc)
    while datetime.now(timezone.utc) - before < timedelta(milliseconds=5):
        pass
    eli.resources.revise(task, title="Thirds")
    assert [line.words for line in eli.audit(task)] == ["added the resource", "changed the resource: title"]
    assert eli.record_as_of(task, before).title == "Halves"  # type: ignore[attr-defined]
    with pytest.raises(copkit.NotFoundError):
        eli.record_as_of(task, before - timedelta(days=1))
    with pytest.raises(copkit.InvalidInputError) as refused:
        eli.record_as_of(task, datetime(2021, 9, 1))
    assert refused.value.problems[0].field == "at", "a moment says its zone"
    eli.resources.delete(task)


def test_requests_are_shown_to_those_who_answer_them(cop: copkit.Community, host: copkit.Session) -> None:
    asked = host.members.request(given="Kit", family="Moss")
    assert [each.id for each in host.join_requests()] == [asked.id]
    assert not cop.as_member(member(host, "Fay")).join_requests()
    host.members.decline(asked)


def test_what_is_like_it(host: copkit.Session) -> None:
    task = host.resources.list(kind="task").first()
    assert task is not None
    assert host.similar(task, limit=3)[0].title == "Comparing fractions"
    assert host.suggest("frac") == host.complete("frac")


def test_charts_are_data(cop: copkit.Community, host: copkit.Session) -> None:
    pytest.importorskip("altair")
    from copkit import plot

    ana = member(host, "Ana")
    today = date.today()
    series = host.participation_series(ana, today - timedelta(days=60), today)
    assert len(plot.participation(series).data.values) == len(series)
    people = {row["level"]: row["people"] for row in plot.levels(host.participation_levels(today)).data.values}
    assert sum(people.values()) == len(host.participation_levels(today))
    came = {row["title"]: row["people"] for row in plot.attendance(host).data.values}
    assert came["Kick-off"] == 9
    measure = host.measures.list().first()
    assert measure is not None
    chart = plot.observations(host, measure).to_dict()
    assert len(chart["layer"]) == 2, "the line, and what shall be reached"
    assert not plot.attendance(cop.as_guest()).data.values


def test_a_network_has_no_names(host: copkit.Session) -> None:
    pytest.importorskip("networkx")
    from copkit import network

    ana, bo, fay = (member(host, given).id for given in ("Ana", "Bo", "Fay"))
    teams = network.people(host, by="team")
    assert teams.get_edge_data(ana, bo) == {"weight": 1}
    assert not teams.has_edge(bo, fay)
    assert network.people(host).get_edge_data(ana, bo)["weight"] == 1 + 6
    assert "Ana" not in str(network.together(host).nodes(data=True))
    with pytest.raises(ValueError, match="there are team, cycle"):
        network.people(host, by=["friendship"])
