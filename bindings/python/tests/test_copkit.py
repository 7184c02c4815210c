"""What an educator's programme does with copkit, from founding a community to its refusals."""

from __future__ import annotations

import copy
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, asdict, fields, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import copkit
import pytest
from copkit import _native, _wire, errors, types

Community = copkit.Community


@pytest.fixture
def cop(tmp_path: Path):
    with copkit.create(tmp_path / "math.cop", "Math CoP") as cop:
        yield cop


@pytest.fixture
def ana(cop: Community) -> copkit.Member:
    return cop.steward().members.add(given="Ana", family="Muñoz", emails="Ana@Example.ORG")


def strips(session: copkit.Session, **more: object) -> copkit.Resource:
    given = {
        "kind": "task",
        "title": "Fraction strips",
        "body": "Fold, compare, and place thirds: fractions on a number line.",
        "grades": "5",
        "standards": ["3.NF.A.2"],
        "visibility": "public",
        "published": True,
    }
    return session.resources.add(**{**given, **more})


NOON = datetime(2021, 9, 14, 12)


def workshop(**more: object) -> dict[str, object]:
    given = {"kind": "workshop", "title": "Number talks", "starts": NOON, "ends": NOON, "time_zone": "Asia/Tokyo"}
    return {**given, **more}


def attended(**more: object) -> dict[str, object]:
    return {"convening": UUID(int=1), "member": UUID(int=2), **more}


def observed(**more: object) -> dict[str, object]:
    return {"measure": UUID(int=1), "period": types.Period(date(2021, 9, 1), date(2021, 9, 30)), **more}


def test_a_file_is_founded_opened_and_searched(tmp_path: Path) -> None:
    path = tmp_path / "math.cop"
    with copkit.create(path, "Math CoP", charter={"domain": "Fractions — fracciones"}) as cop:
        ana = cop.steward().members.add(given="Ana", family="Ruiz")
        strips(cop.as_member(ana.id))
        head = cop.head()
    with copkit.open(str(path)) as cop:
        assert cop.about().name == "Math CoP"
        assert cop.about().charter.domain == "Fractions — fracciones"
        assert cop.head() == head
        page = cop.as_member(ana).search("fractions", grade="05", standard="3.NF", limit=5)
        assert (len(page), page.total) == (1, 1)
        assert page.facets["kind"] == {"task": 1}
        assert page[0].kind is copkit.ResourceKind.TASK
        snippet = page[0].snippet
        assert "<mark>fractions</mark>" in snippet.html
        assert [snippet.text[start:end] for start, end in snippet.highlights] == ["fractions"]
        assert not cop.as_guest().search("fractions", grade=["01", "02"])


def test_a_search_helps_while_asking_and_after(cop: Community) -> None:
    host = cop.steward()
    given = strips(host)
    strips(host, title="Recta numérica", body="Tercios y sextos.", language="es")
    strips(host, title="Exit ticket", body="A question about fractions.")
    assert [(it.text, it.count) for it in host.complete("adding fr")] == [("adding fraction", 1)]
    assert [str(it) for it in host.complete("numer", limit=1)] == ["numérica"]
    assert not host.complete("f")
    with pytest.raises(copkit.InvalidInputError):
        host.complete("fr", limit=21)

    page = host.search("exit tikcet", explain=True)
    assert page.respelled == (copkit.Respelling("tikcet", ("ticket",)),)
    reasons = page[0].explanation
    assert [(it.words, it.times, it.records) for it in reasons[:2]] == [("exit", 3, 1), ("tikcet", 3, 1)]
    assert sum(it.score for it in reasons) == pytest.approx(page[0].score, abs=1e-4)
    assert str(reasons[0]) == f"“exit” stands there 3 times, and in 1 of 3 records: {reasons[0].score:.2f}"
    assert host.search("exit")[0].explanation == ()

    # All three have a standard in common, these two fractions as well.
    assert [hit.title for hit in host.search(like=given)] == ["Exit ticket", "Recta numérica"]
    assert host.search(like=page[0].reference)[0].title == "Fraction strips"
    assert host.search("recta numérica").total == 1
    assert host.search("recta numérica", widen=True).total == 2
    policies = host.set_policies(synonyms=[("exit ticket", "ticket to leave")]).policies
    assert policies.synonyms == (("exit ticket", "ticket to leave"),)
    assert host.search("ticket to leave", widen=True)[0].title == "Exit ticket"


def test_a_hit_is_a_value_whatever_was_looked_at(cop: Community) -> None:
    host = cop.steward()
    strips(host)
    looked, fresh = host.search("fractions", explain=True)[0], host.search("fractions", explain=True)[0]
    assert looked.snippet.text
    assert looked.record is copkit.RecordKind.RESOURCE
    for other in (fresh, pickle.loads(pickle.dumps(fresh)), copy.copy(fresh), replace(fresh)):
        assert other == looked
        assert hash(other) == hash(looked)
        assert repr(other) == repr(looked)
    assert {field.name for field in fields(fresh)} == set(asdict(fresh))
    assert type(fresh.id) is UUID
    assert UUID(str(fresh.id)) == fresh.id == pickle.loads(pickle.dumps(fresh.id))
    assert fresh.id.is_safe is looked.id.is_safe is UUID(int=1).is_safe
    assert not hasattr(fresh, "nothing")
    with pytest.raises(FrozenInstanceError):
        fresh.score = 0.0
    made = copkit.SearchHit(looked.record, looked.id, "T", "task", "en", 1.0, looked.snippet)
    assert made.explanation == ()
    assert made != looked


def test_opens_the_file_that_rust_wrote(tmp_path: Path) -> None:
    given = os.environ.get("COP_TEST_FILE")
    if not given:
        pytest.skip("skipped: COP_TEST_FILE does not name a file that Rust wrote")
    path = shutil.copy(given, tmp_path)
    if Path(f"{given}-index").is_dir():
        shutil.copytree(f"{given}-index", f"{path}-index")
    with copkit.open(path) as cop:
        member = next(each for each in cop.steward().members if each.state == "active")
        me = cop.as_member(member)
        added = strips(
            me, title="Plegado de papel", body="Dobla una tira de papel.", language="es", visibility="private"
        )
        assert me.search("plegado de papel")[0].id == added.id
        assert added.id not in [hit.id for hit in cop.as_guest().search("plegado de papel")]
        with pytest.raises(copkit.InvalidInputError) as refused:
            cop.steward().organizations.add(kind="school", name="Nowhere", cds="123")
        assert refused.value.code == "cds.format"


def test_a_bad_code_names_its_field_among_all_that_is_wrong(cop: Community) -> None:
    with pytest.raises(copkit.InvalidInputError) as refused:
        cop.steward().organizations.add(kind="a b", name="", cds="1100170130401")
    error = refused.value
    assert isinstance(error, ValueError)
    assert {(problem.field, problem.code) for problem in error.problems} == {
        ("kind", "code.format"),
        ("name", "text.empty"),
        ("cds", "cds.format"),
    }
    with pytest.raises(copkit.InvalidInputError) as refused:
        cop.steward().organizations.add(kind="school", name="Nowhere", cds="1100170130401")
    assert refused.value.code == "cds.format"
    assert refused.value.problems[0].field == "cds"


@pytest.mark.parametrize(
    ("call", "field", "code"),
    [
        (lambda s: s.members.add(given="Ana", family=7), "family", "input.type"),
        (lambda s: s.members.end("nobody"), "member", "id.format"),
        (lambda s: s.members.get("nobody"), "id", "id.format"),
        (lambda s: s.resources.add(kind="task", title="t", links=[{"label": "x"}]), "links[0].url", "input.missing"),
        (lambda s: s.resources.add(kind="task", title="\ud800"), "title", "input.type"),
        (lambda s: s.search(grade=["05", "99"]), "grades[1]", "grade.unknown"),
        (lambda s: s.members.list(state="asleep").first(), "state", "code.unknown"),
        (lambda s: s.apply("no_such", {}), "op", "input.unknown"),
        (lambda s: s.apply("add_member", {"given": "Ana"}), "family", "input.missing"),
        (lambda s: s.apply("add_member", []), "", "input.type"),
        (lambda s: s.batch([("end_member", {"member": "x"})]), "ops[0].member", "id.format"),
        (lambda s: s.search(limit=-1), "limit", "input.type"),
        (lambda s: s.search(record="thing"), "records[0]", "input.unknown"),
        (lambda s: s.resources.set_embargo(UUID(int=1), datetime(2021, 9, 14)), "until", "input.type"),
        (lambda s: s.convenings.plan(**workshop(starts=NOON.replace(tzinfo=timezone.utc))), "starts", "input.type"),
        (lambda s: s.attendances.record(**attended(check_in=NOON)), "check_in", "input.type"),
        (lambda s: s.observations.record(**observed(value=float("nan"))), "value", "input.type"),
        (lambda s: s.observations.record_all([observed(), observed(n="x")]), "observations[1].n", "input.type"),
    ],
)
def test_what_does_not_fit_is_invalid_input_with_its_field(cop: Community, call, field: str, code: str) -> None:
    with pytest.raises(copkit.InvalidInputError) as refused:
        call(cop.steward())
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


def test_what_may_not_be_seen_does_not_exist(cop: Community, ana: copkit.Member) -> None:
    draft = strips(cop.as_member(ana), visibility="private")
    bo = cop.as_member(cop.steward().members.add(given="Bo", family="Nguyễn"))
    missing = uuid4()
    texts = []
    for id in (draft.id, missing):
        with pytest.raises(copkit.NotFoundError) as refused:
            bo.resources.get(id)
        assert isinstance(refused.value, LookupError)
        assert refused.value.code == "record.not_found"
        texts.append(str(refused.value).replace(str(id), "<id>"))
    assert texts[0] == texts[1]
    assert bo.search("fractions").total == 0
    assert list(bo.resources) == []
    cop.as_member(ana).resources.grant(draft, copkit.Grantee.member(bo.member_id))
    assert bo.resources.get(draft).title == "Fraction strips"


def test_what_one_may_not_do_is_refused(cop: Community, ana: copkit.Member) -> None:
    task = strips(cop.as_member(ana))
    bo = cop.as_member(cop.steward().members.add(given="Bo", family="Nguyễn"))
    with pytest.raises(PermissionError) as refused:
        bo.resources.revise(task, title="Mine now")
    assert isinstance(refused.value, copkit.NotPermittedError)
    assert refused.value.code == "access.not_permitted"
    with pytest.raises(copkit.NotPermittedError):
        bo.resources.history(task)
    with pytest.raises(copkit.NotPermittedError):
        strips(cop.as_guest())


def test_records_are_typed_frozen_and_comparable(cop: Community, ana: copkit.Member) -> None:
    assert isinstance(ana.id, UUID)
    assert ana.created_at.utcoffset() == timedelta(0)
    assert ana.created_at.astimezone(timezone.utc) == ana.created_at
    assert ana.state is copkit.MemberState.ACTIVE
    assert ana.emails == ("Ana@example.org",)
    assert cop.steward().members.get(ana) == ana
    assert hash(ana) == hash(cop.steward().members.get(ana.id))
    assert pickle.loads(pickle.dumps(ana)) == ana
    with pytest.raises(FrozenInstanceError):
        ana.given = "Anna"
    made = strips(cop.as_member(ana), kind="lab:report", published_on=date(2021, 9, 1), creators=[ana, "Bo"])
    assert made.kind == "lab:report"
    assert type(made.kind) is str
    assert made.published_on == date(2021, 9, 1)
    assert {(creator.name, creator.member) for creator in made.creators} == {("Ana Muñoz", ana.id), ("Bo", None)}
    assert made.visibility == copkit.Visibility.PUBLIC
    assert made.alignments == (copkit.Alignment(code="3.NF.A.2"),)


def test_teams_from_founding_to_their_archive(cop: Community, ana: copkit.Member) -> None:
    host = cop.steward()
    school = host.organizations.add(kind="school", name="Año Nuevo", cds="01-10017-0130401", external_ids={"nces": "6"})
    assert school.external_ids == (copkit.ExternalId("nces", "6"),)
    host.members.add_affiliation(ana, organization=school, role="teacher", grades=["K"], since=date(2020, 8, 15))
    team = host.teams.add(kind="site", name="Fractions", organizations=school, admission="request")
    with pytest.raises(copkit.PreconditionError) as refused:
        host.teams.activate(team)
    assert refused.value.code == "team.no_lead"
    lead = host.memberships.add(team=team, member=ana, roles="lead")
    assert lead.roles == (copkit.TeamRole.LEAD,)
    assert host.teams.activate(team).state == "active"

    bo = host.members.add(given="Bo", family="Nguyễn")
    asked = cop.as_member(bo).memberships.request(team)
    assert asked.state == "requested"
    assert cop.as_member(ana).memberships.approve(asked).state == "active"
    assert {each.member for each in host.memberships.list(team=team, state="active")} == {ana.id, bo.id}

    task = strips(cop.as_member(bo), team=team, visibility=copkit.Visibility.team(team))
    assert task.visibility.id == team.id
    assert cop.as_member(ana).search("fractions", team=team).total == 1
    assert cop.as_guest().search("fractions").total == 0
    assert host.organizations.list(cds="01100170130401").first() == school
    assert host.members.list(organization=school).first().id == ana.id
    assert host.teams.archive(team).state is copkit.TeamState.ARCHIVED


def test_a_resource_has_a_history(cop: Community, ana: copkit.Member) -> None:
    me = cop.as_member(ana)
    task = strips(me, published=False)
    me.resources.revise(task, title="Tiras de fracciones", tags=["papel"], standards=[])
    me.resources.publish(task)
    assert [step.op for step in me.history(task)] == ["add_resource", "revise_resource", "publish_resource"]
    last = me.resources.history(task.id)[-1]
    assert (last.life, last.actor, last.fields) == (copkit.Life.REVISED, ana.id, {"state": "published"})
    assert me.resources.get(task).alignments == ()
    me.resources.delete(task)
    with pytest.raises(copkit.NotFoundError):
        me.resources.get(task)


def test_lists_go_on_over_pages(cop: Community) -> None:
    host = cop.steward()
    people = host.batch(("add_member", {"given": f"M{i}", "family": "X"}) for i in range(1203))
    assert [member.id for member in host.members] == [member.id for member in people]
    first = host.members.list(state="active").page(limit=7)
    second = host.members.list(state="active").page(limit=7, after=first.next)
    assert [member.given for member in first.items + second.items] == [f"M{i}" for i in range(14)]
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.members.list().page(limit=0)
    assert refused.value.code == "page.limit"


def test_a_batch_is_all_or_nothing(cop: Community) -> None:
    host, head = cop.steward(), cop.head()
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.batch([("add_member", {"given": "A", "family": "B"}), ("add_member", {"given": "", "family": "B"})])
    assert refused.value.problems[0].field == "ops[1].given"
    assert cop.head() == head
    assert host.try_out("add_member", {"given": "A", "family": "B"}).given == "A"
    assert cop.head() == head


def test_an_import_reports_stops_and_comes_back_the_same(cop: Community, tmp_path: Path) -> None:
    host, file = cop.steward(), tmp_path / "resources.jsonl"
    lines = [
        {"id": f"t:{i}", "title": f"Tarea {i} ½", "type": "task", "url": f"https://example.org/{i}"} for i in range(9)
    ]
    file.write_text("\n".join(json.dumps(line) for line in [*lines, {"title": "no id"}]), encoding="utf-8")
    assert host.import_resources(file, dry_run=True).dry_run
    assert list(host.resources) == []
    with pytest.raises(copkit.InterruptedCallError):
        host.import_resources(file, progress=lambda done, total: False)
    with pytest.raises(ZeroDivisionError):
        host.import_resources(file, progress=lambda done, total: 1 // 0)
    assert list(host.resources) == []
    report = host.import_resources(str(file), visibility="public")
    assert report.records["resource"].added == report.changes == 9
    assert report.issues
    assert "resource" in str(report)
    assert host.import_resources(file.read_bytes(), visibility="public").changes == 0
    assert cop.as_guest().search("tarea").total == 9


def test_the_community_itself_is_revised(cop: Community) -> None:
    hub = cop.steward().organizations.add(kind="county_office", name="Condado")
    assert cop.steward().revise_community(language="es-mx", hub=hub).language == "es-MX"
    assert (cop.about().hub, cop.about().name) == (hub.id, "Math CoP")


def test_errors_are_complete_and_pickle() -> None:
    classes = {cls.kind: cls for cls in errors.CopError.__subclasses__()}
    assert set(classes) == set(_native.ERRORS)
    for kind, cls in classes.items():
        error = cls("no resource 1", "record.not_found", [("field", "code", "détail")])
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is cls
        assert (str(again), again.code, again.kind) == ("no resource 1", "record.not_found", kind)
        assert again.problems == [errors.Problem("field", "code", "détail")]
        assert len(cls.__mro__) > len(errors.CopError.__mro__) + 1, "also a builtin"


def test_what_is_shut_down_refuses(tmp_path: Path) -> None:
    path = tmp_path / "math.cop"
    with copkit.create(path, "Math CoP") as cop:
        host = cop.steward()
        assert not cop.closed
    assert cop.closed
    cop.shutdown()
    for call in (cop.about, cop.steward, cop.head, lambda: host.members.add(given="A", family="B"), host.search):
        with pytest.raises(copkit.PreconditionError) as refused:
            call()
        assert refused.value.code == "handle.closed"
    # The file is closed although the session is still there.
    assert not list(tmp_path.glob("*-wal"))
    with pytest.raises(copkit.AlreadyExistsError):
        copkit.create(path, "Again")
    with pytest.raises(OSError, match="input/output") as missing:
        copkit.open(tmp_path / "nowhere.cop")
    assert isinstance(missing.value, copkit.IoError)
    (tmp_path / "other").write_bytes(b"something else " * 500)
    with pytest.raises((copkit.IncompatibleError, copkit.CorruptError)):
        copkit.open(tmp_path / "other")


def test_threads_share_a_community(cop: Community, ana: copkit.Member) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            me = cop.as_member(ana)
            for i in range(10):
                strips(me, title=f"Hilo {number}.{i}")
                assert me.search("fractions", limit=100).total >= i + 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert cop.as_guest().search("fractions").total == 40


@pytest.mark.parametrize("text", ["Añó ½ 漢字 🧮", "مرحبا", "e\u0301", "a<b>&\"'", "x" * 300])
def test_texts_come_back(cop: Community, ana: copkit.Member, text: str) -> None:
    made = strips(cop.as_member(ana), title=text, body=f"{text} — fractions 🧮 fractions", tags=[])
    assert cop.as_guest().resources.get(made.id).title == (text if text != "e\u0301" else "é")
    snippet = cop.as_guest().search("fractions")[0].snippet
    assert {snippet.text[start:end] for start, end in snippet.highlights} <= {"fractions", "Fraction"}
    assert snippet.highlights


FORK = """
import os, sys, copkit
with copkit.create(sys.argv[1], "Math CoP") as cop:
    host = cop.steward()
    host.members.add(given="A", family="B")
    child = os.fork()
    if child == 0:
        for call in (cop.about, host.search, cop.steward):
            try:
                call()
            except copkit.UnsupportedError as error:
                assert error.code == "handle.forked"
            else:
                os._exit(1)
        cop.shutdown()
        del call, cop, host
        for _ in range(2):
            try:
                copkit.open(sys.argv[1])
            except copkit.UnsupportedError as error:
                assert error.code == "handle.forked"
            else:
                os._exit(1)
        copkit.in_memory("Math CoP").shutdown()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    host.members.add(given="C", family="D")
child = os.fork()
if child == 0:
    with copkit.open(sys.argv[1]) as mine:
        mine.steward().members.add(given="E", family="F")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
with copkit.open(sys.argv[1]) as cop:
    assert len(list(cop.steward().members)) == 3
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="skipped: this system does not fork")
def test_a_forked_child_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FORK, str(tmp_path / "math.cop")], check=True, timeout=60)


def test_every_field_has_a_reader_and_codes_are_texts() -> None:
    for record in _wire.RECORDS.values():
        for field in fields(record):
            _wire._reader(str(field.type))
    assert str(types.ResourceKind.TASK) == "task" == types.ResourceKind.TASK


def test_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    exec(compile(text.split("```python\n")[1].split("```")[0], "README.md", "exec"), {})
    assert "<mark>fractions</mark>" in capsys.readouterr().out
