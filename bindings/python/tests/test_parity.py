"""Holds the typed face against the core: every field, every code, every argument, every filter."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import copkit
import pytest
from copkit import _native, _wire, types
from face import FACE, UNFOLDED, collection, verb

#: What a verb takes beside what its operation does.
SHORTHANDS = {"add_resource": {"standards"}, "revise_resource": {"standards"}}


@pytest.fixture
def host():
    with copkit.in_memory("Math CoP") as cop:
        yield cop.steward()


@pytest.mark.parametrize("kind", _native.FIELDS)
def test_every_record_has_the_fields_of_the_core(kind: str) -> None:
    header = [field.name for field in fields(types.Record)]
    assert [field.name for field in fields(_wire.RECORDS[kind])] == header + _native.FIELDS[kind]


@pytest.mark.parametrize("name", _native.VALUES)
def test_every_value_has_the_fields_of_the_core(name: str) -> None:
    # In another order, where an author gives the first ones by place.
    ours = {field.name.rstrip("_") for field in fields(getattr(types, name)) if not field.name.startswith("_")}
    assert ours == set(_native.VALUES[name])


def test_no_value_is_left_out() -> None:
    names = (*types.values.__all__, *types.views.__all__)
    ours = {name for name in names if is_dataclass(getattr(types, name))}
    assert ours | {"RecordRef"} == set(_native.VALUES) | {"ConsentFact", "FindingFact"}


def test_every_kind_of_record_has_a_class_and_a_collection(host: copkit.Session) -> None:
    assert set(_wire.RECORDS) == set(_native.FIELDS)
    for kind in set(_native.FIELDS) - {"community"}:
        assert collection(host, kind)._kind == kind


@pytest.mark.parametrize("name", _native.CODES)
def test_every_vocabulary_has_the_codes_of_the_core(name: str) -> None:
    assert [code.value for code in getattr(copkit, name)] == _native.CODES[name]


def test_no_vocabulary_is_left_out() -> None:
    ours = {code.__name__ for code in types.Code.__subclasses__()}
    # How a record's life changed is a word of the log, not of a record.
    assert ours - set(_native.CODES) == {"Life"}
    assert not set(_native.CODES) - ours


def test_every_record_value_and_code_is_shown() -> None:
    modules = (types.codes, types.header, types.records, types.texts, types.values, types.views)
    assert set(types.__all__) == {name for module in modules for name in module.__all__}
    assert set(types.__all__) < set(copkit.__all__)
    assert all(hasattr(copkit, name) for name in copkit.__all__)


def known_to_the_core(error: copkit.InvalidInputError) -> set[str]:
    """What the core expects where it was given an unknown field."""
    detail = error.problems[0].detail
    assert detail.startswith("unknown field"), detail
    return set(re.findall("`(\\w+)`", detail.partition(", ")[2]))


def arguments(host: copkit.Session, op: str) -> set[str]:
    with pytest.raises(copkit.InvalidInputError) as refused:
        host.apply(op, {"?": 0})
    wanted = known_to_the_core(refused.value)
    if op in UNFOLDED:
        with pytest.raises(copkit.InvalidInputError) as refused:
            host.apply(op, {UNFOLDED[op]: {"?": 0}})
        wanted = wanted - {UNFOLDED[op]} | known_to_the_core(refused.value)
    return wanted


@pytest.mark.parametrize("op", FACE)
def test_every_verb_takes_what_its_operation_takes(host: copkit.Session, op: str) -> None:
    taken = set(inspect.signature(verb(host, op)).parameters)
    assert taken - SHORTHANDS.get(op, set()) == arguments(host, op)


@pytest.mark.parametrize("kind", sorted(set(_native.FIELDS) - {"community"}))
def test_every_list_takes_the_filters_of_the_core(host: copkit.Session, kind: str) -> None:
    with pytest.raises(copkit.InvalidInputError) as refused:
        host._native.list(_wire.dumps({"kind": kind, "filter": {"?": 0}}), 1)
    listing = collection(host, kind).list
    assert set(inspect.signature(listing).parameters) == known_to_the_core(refused.value)


#: What a search calls otherwise than the core, which has several of each.
SEVERAL = {"record", "kind", "grade", "subject", "standard", "language", "team", "school_year"}


def test_a_search_takes_what_the_core_takes(host: copkit.Session) -> None:
    with pytest.raises(copkit.InvalidInputError) as refused:
        host._native.search('{"?": 0}')
    taken = inspect.signature(host.search).parameters
    assert {f"{name}s" if name in SEVERAL else name for name in taken} == known_to_the_core(refused.value)


ID = UUID(int=7)
NAMED = {
    "aim": types.AimStatement(what="Talk", by_when=date(2022, 6, 30)),
    "check_in": datetime(2021, 9, 14, 16, tzinfo=timezone.utc),
    "check_out": datetime(2021, 9, 14, 18, tzinfo=timezone.utc),
    "formation": types.FormationRule(min_members=3),
    "hours": types.HoursPolicy(
        unit_minutes=30, minimum_minutes=60, rounding=types.Rounding.UP, credited_roles=(types.AttendanceRole.STAFF,)
    ),
    "origin": types.NodeRef("x"),
    "destination": {"identifier": "y"},
    "part_of": types.PartOf(ID, 1),
    "participation": {"window_days": 180},
    "period": types.Period(date(2021, 9, 1), date(2021, 9, 30)),
    "region": types.Region("ccsesa", "5"),
    "series": types.Series("quarterly", 1),
    "student_group": types.StudentGroup("caaspp", "160"),
    "affiliations": [types.Affiliation(organization=ID, role="coach")],
    "onboarding": [types.OnboardingStep("orientation", "Orientation", required=True)],
    "files": [types.FileRef(sha256="0" * 64, bytes=1, media_type="text/plain")],
    "attendances": [{"convening": ID, "member": ID, "minutes": 90, "check_in": datetime.now(timezone.utc)}],
    "observations": [{"measure": ID, "period": types.Period(date(2021, 9, 1), date(2021, 9, 30)), "value": 1.5}],
    "external_id": types.ExternalId("nces", "1"),
    "external_ids": {"nces": "1"},
    "grantee": types.Grantee.member(ID),
    "language": "en",
    "cds": "01611190000000",
    "school_year": "2021-22",
    "extra": {"x": 1},
}
#: By what a parameter takes, in this order.
TYPED: tuple[tuple[str, Any], ...] = (
    ("AnyRef", types.RecordRef(types.RecordKind.TEAM, ID)),
    ("Charter", types.Charter(domain="Fractions")),
    ("Ref", ID),
    ("UUID", ID),
    ("Day", date(2021, 9, 1)),
    ("Time", datetime(2021, 9, 14, 9)),
    ("bool", True),
    ("float", 0.5),
    ("int", 1),
    ("Links", "https://example.org"),
    ("str", "x"),
    ("Texts", ["x"]),
    ("Alignments", "5.NF"),
    ("Creators", "Ana"),
)


def sample(parameter: inspect.Parameter) -> Any:
    if parameter.name in NAMED:
        return NAMED[parameter.name]
    annotation = str(parameter.annotation)
    codes = re.findall(r"\w+", annotation)
    if isinstance(getattr(types, codes[0], None), type) and issubclass(getattr(types, codes[0]), types.Code):
        return next(iter(getattr(types, codes[0])))
    return next(value for name, value in TYPED if name in annotation)


#: What the core says of arguments that are not what an operation takes.
MISFITS = {"input.type", "input.unknown", "input.missing", "id.format"}


def problems(call: Any, given: dict[str, Any]) -> set[str]:
    try:
        call(**given)
    except copkit.CopError as error:
        return {problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("op", FACE)
def test_what_a_verb_is_given_reaches_the_core_as_what_it_is(host: copkit.Session, op: str) -> None:
    method = verb(host, op)
    given = {name: sample(parameter) for name, parameter in inspect.signature(method).parameters.items()}
    assert not problems(method, given) & MISFITS, given


@pytest.mark.parametrize("kind", sorted(set(_native.FIELDS) - {"community"}))
def test_every_filter_reaches_the_core_as_what_it_is(host: copkit.Session, kind: str) -> None:
    listing = collection(host, kind).list
    for name, parameter in inspect.signature(listing).parameters.items():
        assert listing(**{name: sample(parameter)}).page(1).items == ()


def test_the_face_uses_all_of_the_native_half() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(copkit.__file__).parent.rglob("*.py"))
    holders = (_native, _native.Community, _native.Session, _native.Transaction, _native.Hits, _native.Table)
    names = {name for holder in holders for name in vars(holder) if not name.startswith("_")}
    unused = {name for name in names if f"native.{name}" not in source}
    # What only tests and benchmarks ask for.
    assert unused == {"CODES", "ERRORS", "FIELDS", "OPS", "VALUES", "scripted", "nanoseconds"}
