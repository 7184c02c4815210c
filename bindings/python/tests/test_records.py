"""How the core's JSON becomes records, where it is more than texts and numbers."""

from __future__ import annotations

from datetime import date, datetime, timezone
from uuid import UUID

from copkit import _wire, types

ID = "00000000-0000-7000-8000-000000000001"
HEADER = {"id": ID, "created_by": None, "created_at": "2021-09-14T16:00:00Z", "revised_at": "2021-09-14T16:00:00.120Z"}
AT = datetime(2021, 9, 14, 16, tzinfo=timezone.utc)


def read(record: str, /, **fields: object) -> types.Record:
    return _wire.record({"kind": record, "record": {**HEADER, "revision": 1, **fields}})


def test_a_cycle_reads_its_predictions_and_steps() -> None:
    cycle = read(
        "cycle",
        team=ID,
        kind="pdsa",
        phases=["plan", "do", "own"],
        phase="own",
        predictions=[{"id": ID, "question": "¿?", "predicted": "sí", "at": "2021-09-14T16:00:00Z"}],
        steps=[{"number": 1, "at": "2021-09-14T16:00:00Z", "by": ID, "from": "plan", "to": "do"}],
        decision={"kind": "adapt", "rationale": "x", "at": "2021-09-14T16:00:00Z"},
        visibility="private",
    )
    assert isinstance(cycle, types.Cycle)
    assert cycle.phases == (types.Phase.PLAN, types.Phase.DO, "own")
    prediction = cycle.predictions[0]
    assert (prediction.id, prediction.late, prediction.result, prediction.by) == (UUID(ID), False, None, None)
    step = cycle.steps[0]
    assert (step.from_, step.to, step.at, step.by) == (types.Phase.PLAN, types.Phase.DO, AT, UUID(ID))
    assert cycle.decision is not None
    assert cycle.decision.kind is types.DecisionKind.ADAPT
    assert _wire.loads(_wire.dumps(step))["from"] == "plan"


def test_a_convening_reads_the_clocks_of_its_zone() -> None:
    convening = read(
        "convening",
        kind="workshop",
        starts="2021-09-14T09:00:00",
        ends="2021-09-14T11:30:00",
        starts_at="2021-09-14T16:00:00Z",
        ends_at="2021-09-14T18:30:00Z",
        mode="hybrid",
        series={"name": "2021", "index": 2},
        visibility="community",
        facts=["scheduled"],
        state="scheduled",
    )
    assert isinstance(convening, types.Convening)
    assert (convening.starts, convening.starts_at) == (datetime(2021, 9, 14, 9), AT)
    assert (convening.starts.tzinfo, convening.series) == (None, types.Series("2021", 2))


def test_consent_reads_as_what_was_granted_or_withdrawn() -> None:
    granted = {"granted": {"number": 1, "scope": f"team:{ID}", "attribution": "role"}}
    about = [{"kind": "team", "id": ID}]
    story = read(
        "story",
        kind="testimonial",
        facts=[granted, "withdrawn"],
        about=about,
        worth=["applied", "joy"],
        consent="withdrawn",
    )
    assert isinstance(story, types.Story)
    assert story.facts == (
        types.ConsentFact(
            granted=types.Consent(number=1, scope=types.Visibility.team(ID), attribution=types.Attribution.ROLE)
        ),
        types.ConsentFact(withdrawn=True),
    )
    assert story.about == (types.RecordRef(types.RecordKind.TEAM, UUID(ID)),)
    assert story.worth == (types.StoryValue.APPLIED, "joy")


def test_numbers_and_walk_ins_read() -> None:
    period = {"starts_on": "2021-09-01", "ends_on": "2021-09-30"}
    observed = read(
        "observation", measure=ID, period=period, numerator=3, denominator=4.5, missing_reason="lost", source=""
    )
    assert isinstance(observed, types.Observation)
    assert (observed.numerator, observed.denominator, observed.value, observed.missing_reason) == (3, 4.5, None, "lost")
    assert observed.period == types.Period(date(2021, 9, 1), date(2021, 9, 30))
    attended = read(
        "attendance",
        convening=ID,
        walk_in={"name": "Bo"},
        role="attendee",
        status="attended",
        check_in="2021-09-14T16:00:00Z",
    )
    assert isinstance(attended, types.Attendance)
    assert attended.walk_in == types.WalkIn(name="Bo", email=None, organization=None)
    assert (attended.check_in, attended.check_out, attended.member) == (AT, None, None)
