"""A small community that does not exist, for the notebooks: three teams over the last year.

Everything in it is made up, and the same each time but for ids and days.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import copkit

#: The day on which everything begins, a Monday.
FIRST = date.today() - timedelta(days=300 + date.today().weekday() - 300 % 7)

PEOPLE = [
    ("Ana", "Ruiz", "Alder"),
    ("Bo", "Nguyen", "Alder"),
    ("Cy", "Ochoa", "Birch"),
    ("Dee", "Park", "Birch"),
    ("Eli", "Stone", "Cedar"),
    ("Fay", "Lund", "Cedar"),
    ("Gus", "Mbeki", "Alder"),
    ("Hana", "Sato", "Birch"),
    ("Ivo", "Weiss", "Cedar"),
]
#: Who is in which team, by their place above; the first leads it.
TEAMS = {"Number talks": [0, 1, 2, 3], "Fractions": [4, 0, 5, 6], "Multilingual learners": [7, 2, 8]}
#: Title, kind, body, grades, standards, and who shares it.
RESOURCES = [
    ("Fraction strips", "task", "Fold a strip into thirds. Where is 5/3 on the number line?", ["03"], ["3.NF.A.2"], 4),
    (
        "Comparing fractions",
        "lesson_plan",
        "Compare 3/4 and 5/8 with strips, then with a number line.",
        ["04"],
        ["4.NF.A.2"],
        5,
    ),
    (
        "Dot cards",
        "task",
        "How many dots, and how do you see them? A number talk for the first weeks.",
        ["01"],
        ["1.OA.C.6"],
        0,
    ),
    ("Number talks with fractions", "video", "A class talks about 1/2 + 1/4, ten minutes.", ["05"], ["5.NF.A.1"], 1),
    (
        "Sentence frames",
        "tool",
        "Frames for explaining a step: I know that … because …",
        ["03", "04", "05"],
        ["MP.3"],
        7,
    ),
    (
        "Listening for reasoning",
        "rubric",
        "What to listen for when students explain their reasoning.",
        ["04"],
        ["MP.3"],
        2,
    ),
]
#: Title, weeks after the first day, team, minutes, and who was there; those who follow `|` facilitated.
MEETINGS = [
    ("Kick-off", 0, None, 120, "013456782|0"),
    ("Number talks 1", 3, "Number talks", 90, "123|0"),
    ("Fractions 1", 5, "Fractions", 90, "056|4"),
    ("Number talks 2", 9, "Number talks", 90, "13|0"),
    ("Frames at work", 12, "Multilingual learners", 60, "28|7"),
    ("Midyear convening", 19, None, 180, "1245678|0"),
    ("Fractions 2", 22, "Fractions", 90, "56|4"),
    ("Number talks 3", 25, "Number talks", 90, "12|0"),
    ("What we learned", 35, None, 180, "0123578|4"),
]
#: Students who explained a step aloud, of those present, fortnight by fortnight.
EXPLAINED = [(11, 52), (13, 50), (12, 53), (19, 51), (24, 54), (27, 52), (31, 53), (33, 54)]


def school_year(day: date) -> str:
    """The school year of a day, where one begins in July."""
    first = day.year if day.month >= 7 else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def community() -> copkit.Community:
    """The community, in memory."""
    cop = copkit.in_memory("Three Rivers Math CoP", charter={"domain": "students who explain their reasoning"})
    host = cop.steward()
    schools = {
        name: host.organizations.add(kind="school", name=f"{name} School") for name in ("Alder", "Birch", "Cedar")
    }
    members = []
    for given, family, school in PEOPLE:
        members.append(host.members.add(given=given, family=family))
        host.members.add_affiliation(members[-1], organization=schools[school], role="teacher", grades=["05"])
    teams = {}
    for name, places in TEAMS.items():
        teams[name] = host.teams.add(kind="cross_district", name=name, charter=f"{name}, tried out together.")
        for place in places:
            role = "lead" if place == places[0] else "member"
            host.memberships.add(team=teams[name], member=members[place], roles=role)
        host.teams.activate(teams[name])
    for title, kind, body, grades, standards, owner in RESOURCES:
        cop.as_member(members[owner]).resources.add(
            kind=kind,
            title=title,
            body=body,
            grades=grades,
            standards=standards,
            subjects=["mathematics"],
            school_year=school_year(FIRST),
            visibility="community",
            published=True,
        )
    for title, week, team, minutes, who in MEETINGS:
        _meeting(host, members, title, week, None if team is None else teams[team], minutes, who)
    _inquiry(cop, members[0], teams["Number talks"])
    story = cop.as_member(members[3]).stories.tell(
        kind="value_creation",
        title="They argue about dots",
        body="In May my students asked for a number talk when I had planned none.",
        team=teams["Number talks"],
        worth=["applied", "realized"],
    )
    cop.as_member(members[3]).stories.grant_consent(story, "community", attribution="name")
    return cop


def _meeting(
    host: copkit.Session,
    members: list[copkit.Member],
    title: str,
    week: int,
    team: copkit.Team | None,
    minutes: int,
    who: str,
) -> None:
    starts = datetime.combine(FIRST, time(15, 30)) + timedelta(weeks=week, days=1)
    meeting = host.convenings.plan(
        kind="convening" if team is None else "team_meeting",
        title=title,
        starts=starts,
        ends=starts + timedelta(minutes=minutes),
        time_zone="America/Los_Angeles",
        teams=() if team is None else team,
        mode="in_person",
        place="Alder School",
        visibility="community",
    )
    host.convenings.schedule(meeting)
    host.convenings.hold(meeting)
    attended, _, led = who.partition("|")
    host.attendances.record_all(
        {"convening": meeting, "member": members[int(place)], "minutes": minutes, "role": role}
        for role, places in (("attendee", set(attended) - set(led)), ("facilitator", set(led)))
        for place in sorted(places)
    )


def _inquiry(cop: copkit.Community, lead: copkit.Member, team: copkit.Team) -> None:
    """A theory of improvement, and a cycle that tests an idea of it."""
    me = cop.as_member(lead)
    problem = me.goals.add(kind="problem", title="Few students explain their reasoning", team=team)
    aim = me.goals.add(
        kind="aim",
        title="Two thirds explain",
        team=team,
        parents=problem,
        visibility="community",
        aim={"what": "Students explain a step aloud", "how_much": "two thirds", "by_when": FIRST + timedelta(weeks=40)},
    )
    talk = me.goals.add(kind="driver", title="Routines that make talk safe", team=team, parents=aim)
    time = me.goals.add(kind="driver", title="Time to think before talking", team=team, parents=aim)
    idea = me.goals.add(kind="change_idea", title="A number talk every Tuesday", team=team, parents=[talk, time])
    me.goals.add(kind="change_idea", title="Sentence frames on the wall", team=team, parents=talk)
    measure = me.measures.define(
        team=team,
        name="Explained aloud",
        operational_definition="Students who explain a step to the class in the fortnight, of those present, by tally.",
        unit="proportion",
        direction="increase",
        target=2 / 3,
        cadence="fortnightly",
        role="outcome",
        visibility="community",
    )
    first = FIRST + timedelta(weeks=3)
    cycle = me.cycles.start(
        team=team,
        kind="pdsa",
        title="A number talk every Tuesday",
        question="Do more students explain when talks are a routine?",
        school_year=school_year(FIRST),
        starts_on=first,
        problem=problem,
        tests=idea,
        measures=measure,
        participants=lead,
        visibility="community",
    )
    me.entries.add(subject=cycle, kind="plan", phase="plan", body="Two classes, sixteen weeks.")
    cycle = me.cycles.predict(cycle, question="How many will explain?", predicted="Half of them, once it is a routine.")
    me.cycles.advance(cycle)
    me.observations.record_all(
        {
            "measure": measure,
            "period": {"starts_on": first + timedelta(weeks=2 * n), "ends_on": first + timedelta(weeks=2 * n, days=11)},
            "numerator": explained,
            "denominator": present,
        }
        for n, (explained, present) in enumerate(EXPLAINED)
    )
    me.cycles.advance(cycle)
    me.cycles.record_result(
        cycle, prediction=cycle.predictions[0], outcome="confirmed", learning="Half explained in the second half."
    )
    me.cycles.advance(cycle)
    me.cycles.decide(cycle, "adapt", rationale="It works; the quiet ones need more time.", no_successor="next year")
