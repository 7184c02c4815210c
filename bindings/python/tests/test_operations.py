"""How people and teams come, work and go; reviews, findings, rules and undoing."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import date, datetime, timezone

import copkit
import pytest
from copkit import MemberEvent, MembershipState, MemberState, types


@pytest.fixture
def cop():
    with copkit.in_memory("Math CoP") as cop:
        yield cop


@pytest.fixture
def host(cop: copkit.Community) -> copkit.Session:
    return cop.steward()


@pytest.fixture
def ana(cop: copkit.Community, host: copkit.Session) -> copkit.Session:
    return cop.as_member(host.members.add(given="Ana", family="Ruiz", roles="owner"))


@pytest.fixture
def bo(cop: copkit.Community, host: copkit.Session) -> copkit.Session:
    return cop.as_member(host.members.add(given="Bo", family="Nguyễn"))


def test_a_newcomer_asks_is_approved_and_takes_the_steps(cop: copkit.Community, ana: copkit.Session) -> None:
    about = ana.set_policies(
        onboarding=[types.OnboardingStep("orientation", "Orientación", required=True)], commitment_required=True
    )
    assert about.policies.onboarding == (types.OnboardingStep("orientation", "Orientación", required=True),)
    assert about.policies == cop.about().policies
    lien = cop.steward().members.request(given="Liên", family="Trần")
    assert lien.state is MemberState.REQUESTED
    approved = ana.members.approve(lien, reason="Willkommen")
    assert approved.state is MemberState.ONBOARDING
    assert approved.decision is not None
    assert (approved.decision.approved, approved.decision.by, approved.decision.reason) == (
        True,
        ana.member_id,
        "Willkommen",
    )
    me = cop.as_member(lien)
    with pytest.raises(copkit.PreconditionError) as refused:
        me.members.activate(lien)
    assert {problem.field for problem in refused.value.problems} == {"steps.orientation", "commitments"}
    assert me.members.complete_step(lien, "orientation").steps == ("orientation",)
    today = datetime.now(timezone.utc)
    year = today.year if today.month >= about.policies.school_year_starts_in else today.year - 1
    committed = me.members.commit_to_year(lien, f"{year}-{(year + 1) % 100:02}")
    assert committed.commitments[0].school_year.startswith(str(year))
    assert committed.commitments[0].at.tzinfo is not None
    assert me.members.activate(lien).state is MemberState.ACTIVE


def test_a_member_pauses_leaves_and_comes_again(cop: copkit.Community, ana: copkit.Session) -> None:
    bo = cop.steward().members.add(given="Bo", family="Nguyễn")
    me = cop.as_member(bo)
    assert me.members.pause(bo).state is MemberState.PAUSED
    assert me.members.resume(bo).state is MemberState.ACTIVE
    assert me.members.end(bo).state is MemberState.ENDED
    asked = me.members.ask_to_rejoin(bo)
    assert asked.state is MemberState.REQUESTED
    assert "requested:2" in asked.facts
    fact = next(fact for fact in asked.facts if fact.event is MemberEvent.REQUESTED)
    assert (fact.number, fact) == (2, "requested:2")
    assert next(fact for fact in asked.facts if fact.event is MemberEvent.LEFT).number == 1
    assert ana.members.decline(bo, reason="full").state is MemberState.ENDED
    assert ana.members.invite(bo).state is MemberState.INVITED
    assert me.members.accept(bo).state is MemberState.ONBOARDING
    assert me.members.revise(bo, pronouns="he", bio="Maestro").pronouns == "he"
    assert me.members.revise(bo, pronouns="").pronouns is None


def test_two_records_become_one_person_who_may_be_forgotten(ana: copkit.Session, host: copkit.Session) -> None:
    one = host.members.add(given="Bo", family="Nguyễn", emails="bo@example.org")
    two = host.members.add(given="Bo", family="Nguyen", emails="bo@example.org")
    finding = ana.findings.list(kind="duplicate_email", about=two).first()
    assert finding is not None
    assert set(finding.about) == {one.reference, two.reference}
    assert finding.facts == (types.FindingFact(raised=1),)
    assert {ana.record(about).id for about in finding.about} == {one.id, two.id}
    root = ana.members.merge(one, two)
    other = two if root.id == one.id else one
    assert root.same_as == (other.id,)
    merged = host.members.get(other)
    assert (merged.state, merged.merged_into) == (MemberState.MERGED, root.id)
    settled = ana.findings.resolve(finding, "una persona")
    assert (settled.state, settled.facts[-1]) == (types.FindingState.RESOLVED, types.FindingFact(resolved=1))
    assert settled.resolution is not None
    assert (settled.resolution.by, settled.resolution.note) == (ana.member_id, "una persona")
    erased = ana.members.erase(root)
    assert (erased.state, erased.given, erased.emails) == (MemberState.ERASED, "", ())


def test_a_team_is_formed_by_applications(ana: copkit.Session, bo: copkit.Session, host: copkit.Session) -> None:
    hub = host.organizations.add(kind="county_office", name="Condado")
    team = ana.teams.add(
        kind="working_group",
        name="UDL",
        starts=date(2021, 9, 1),
        ends="2099-06-30",
        admission="application",
        questions="¿Por qué?",
        hub=hub,
        formation=types.FormationRule(min_members=2),
    )
    assert (team.hub, team.questions, team.stage, team.facts) == (hub.id, ("¿Por qué?",), None, ())
    assert team.formation == types.FormationRule(min_members=2)
    assert ana.teams.revise(team, stage="maturing", ends=date(2098, 6, 30)).stage is types.DevelopmentStage.MATURING
    host.memberships.add(team=team, member=ana.member_id, roles="lead")
    with pytest.raises(copkit.PreconditionError) as refused:
        ana.teams.activate(team)
    assert [problem.code for problem in refused.value.problems] == ["formation.members"]
    applied = bo.memberships.apply(team, "Por los números")
    assert (applied.state, applied.answers) == (
        MembershipState.REQUESTED,
        (types.Answer("¿Por qué?", "Por los números"),),
    )
    approved = ana.memberships.approve(applied, reason="sí")
    assert approved.decision is not None
    assert (approved.state, approved.decision.reason) == (MembershipState.ACTIVE, "sí")
    assert ana.teams.activate(team).facts == (types.TeamFact.ACTIVATED,)
    assert bo.memberships.show(applied).public
    assert not bo.memberships.show(applied, public=False).public
    assert ana.memberships.complete(applied).state is MembershipState.ENDED
    # Ended by completion, the team is too small: noticed, not refused.
    host.inspect()
    noticed = ana.findings.list(team=team, state="open")
    assert types.FindingKind.FORMATION_RULE in {finding.kind for finding in noticed}


def test_a_resource_is_reviewed_published_and_embargoed(
    cop: copkit.Community, ana: copkit.Session, bo: copkit.Session
) -> None:
    content = "Rúbrica".encode()
    draft = bo.resources.add(
        kind="rubric",
        title="Rúbrica",
        visibility="public",
        files=[
            types.FileRef(
                sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), media_type="text/plain", label="texto"
            )
        ],
    )
    assert (draft.files[0].bytes, draft.files[0].label, draft.embargo, draft.reviews) == (8, "texto", None, ())
    assert bo.resources.submit(draft).state is types.ResourceState.IN_REVIEW
    review = ana.resources.review(draft, types.Verdict.APPROVED, comment="Très bien").reviews[0]
    assert (review.verdict, review.by, review.comment) == (types.Verdict.APPROVED, ana.member_id, "Très bien")
    bo.resources.publish(draft)
    assert bo.resources.set_embargo(draft, date(2099, 1, 1)).embargo == date(2099, 1, 1)
    with pytest.raises(copkit.NotFoundError):
        cop.as_guest().record(draft)
    assert bo.resources.set_embargo(draft, None).embargo is None
    assert cop.as_guest().record(draft) == bo.resources.get(draft)
    newer = bo.resources.add(kind="rubric", title="Otra", supersedes=draft)
    assert newer.supersedes == draft.id
    assert bo.resources.revise(newer, files=[]).files == ()


def test_hits_say_what_they_are_and_are_read_by_their_name(bo: copkit.Session) -> None:
    made = bo.resources.add(kind="task", title="Tiras", body="fracciones", visibility="public", published=True)
    hit = bo.search("fracciones", record="resource")[0]
    assert (hit.record, hit.reference) == (types.RecordKind.RESOURCE, made.reference)
    assert bo.record(hit.reference) == made
    assert bo.search("fracciones", record=[types.RecordKind.STORY, "goal"]).total == 0
    assert [step.op for step in bo.history(hit.reference)] == ["add_resource"]


def test_what_one_did_last_is_taken_back(bo: copkit.Session) -> None:
    made = bo.resources.add(kind="task", title="Tiras", body="x")
    bo.resources.revise(made, title="Tira")
    bo.resources.delete(made)
    back = bo.undo()
    assert (back.id, back.title) == (made.id, "Tira")
    assert [step.life for step in bo.history(back)][-2:] == [types.Life.DELETED, types.Life.RESTORED]
    assert bo.undo(operations=1).title == "Tiras"
    with pytest.raises(copkit.InvalidInputError) as refused:
        bo.undo(operations=0)
    assert refused.value.problems[0].field == "operations"


def test_one_rule_is_changed_and_the_others_stay(cop: copkit.Community, ana: copkit.Session) -> None:
    hours = cop.about().policies.hours
    assert types.AttendanceRole.PRESENTER in hours.credited_roles
    changed = ana.set_policies(hours=dataclasses.replace(hours, cap_minutes=480)).policies
    assert changed.hours == dataclasses.replace(hours, cap_minutes=480)
    assert ana.set_policies(participation={"version": "2", "core_attendance": 0.8}).policies.hours.cap_minutes == 480
    assert cop.about().policies.participation.core_attendance == 0.8


def test_a_workshop_is_planned_announced_held_and_attended(
    host: copkit.Session, ana: copkit.Session, bo: copkit.Session
) -> None:
    team = host.teams.add(kind="project", name="UDL")
    host.memberships.add(team=team, member=ana.member_id, roles="lead")
    workshop = ana.convenings.plan(
        kind=types.ConveningKind.WORKSHOP,
        title="Charlas numéricas",
        starts=datetime(2021, 9, 14, 9),
        ends=datetime(2021, 9, 14, 11, 30),
        time_zone="America/Los_Angeles",
        teams=team,
        place="Biblioteca",
        mode="in_person",
        topics="number talks",
        series=types.Series("2021", 1),
        visibility="community",
    )
    assert (workshop.starts.tzinfo, workshop.starts) == (None, datetime(2021, 9, 14, 9))
    assert workshop.starts_at == datetime(2021, 9, 14, 16, tzinfo=timezone.utc)
    assert (workshop.state, workshop.topics, workshop.teams) == ("draft", ("number talks",), (team.id,))
    assert ana.convenings.schedule(workshop).state is types.ConveningState.SCHEDULED
    assert ana.convenings.hold(workshop).state is types.ConveningState.HELD
    came = ana.attendances.record(
        convening=workshop, member=bo.member_id, check_in=workshop.starts_at, check_out=workshop.ends_at, source="lista"
    )
    assert (came.status, came.role, came.check_in) == ("attended", "attendee", workshop.starts_at)
    rows = [{"convening": workshop, "member": ana.member_id, "role": types.AttendanceRole.FACILITATOR, "minutes": 150}]
    assert ana.attendances.record_all(rows).id == workshop.id
    guest = ana.attendances.add_walk_in(convening=workshop, name="Bo N.", minutes=90)
    assert guest.walk_in == types.WalkIn(name="Bo N.", email=None, organization=None)
    cy = host.members.add(given="Cy", family="Ochoa")
    assert ana.attendances.match_walk_in(guest, cy).minutes == 90
    assert {each.member for each in ana.attendances.list(convening=workshop)} >= {ana.member_id, bo.member_id, cy.id}
    later = ana.convenings.plan(
        kind="team_meeting", title="Otra", starts="2021-09-21T09:00:00", ends="2021-09-21T10:00:00", time_zone="UTC"
    )
    assert ana.convenings.cancel(later, "lluvia").cancelled_because == "lluvia"


def test_a_measure_is_observed_and_corrected(host: copkit.Session, ana: copkit.Session) -> None:
    team = host.teams.add(kind="project", name="UDL")
    host.memberships.add(team=team, member=ana.member_id, roles="lead")
    measure = ana.measures.define(
        team=team,
        name="Explican su estrategia",
        operational_definition="Students who explain a strategy, of those asked.",
        unit=types.Unit.PROPORTION,
        direction="increase",
        target=0.8,
        cadence="fortnightly",
        student_counts=False,
    )
    assert (measure.target, measure.unit, measure.cadence) == (0.8, types.Unit.PROPORTION, "fortnightly")
    september = types.Period(date(2021, 9, 1), date(2021, 9, 30))
    first = ana.observations.record(measure=measure, period=september, numerator=12, denominator=30)
    assert (first.numerator, first.value, first.period) == (12.0, None, september)
    rows = [
        {"measure": measure.id, "period": {"starts_on": "2021-10-01", "ends_on": "2021-10-31"}, **number}
        for number in ({"numerator": 20, "denominator": 30, "student_group": types.StudentGroup("caaspp", "160")},)
    ]
    assert ana.observations.record_all(rows) == ana.measures.get(measure)
    assert ana.observations.correct(first, reason="recuento", numerator=13, denominator=30).numerator == 13
    noticed = ana.findings.list(kind=types.FindingKind.CORRECTED_NUMBER).first()
    assert noticed is not None
    assert noticed.about == (first.reference,)
    phase = ana.measures.add_phase(measure, starts_on=date(2021, 10, 1), reason="nuevo protocolo").phases[0]
    assert (phase.starts_on, phase.freeze_after, phase.cycle) == (date(2021, 10, 1), None, None)
    assert ana.measures.exclude(first, "simulacro").exclusions == (types.Exclusion(first.id, "simulacro"),)
    listed = ana.observations.list(measure=measure).first()
    assert listed is not None
    assert listed.id == first.id
