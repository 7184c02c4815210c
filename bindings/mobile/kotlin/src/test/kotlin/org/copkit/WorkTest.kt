package org.copkit

import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What a community does in a year, with the typed calls. */
class WorkTest {
    private class Place(val cop: Community) : AutoCloseable by cop {
        val host = cop.steward()
        val lea = host.addMember(NewMember("Lea", "Núñez")).id
        val ben = host.addMember(NewMember("Ben", "Oh")).id
        val team = host.createTeam(NewTeam(TeamKinds.CROSS_DISTRICT, "Discourse")).id
        val me: Session

        init {
            host.addMembership(NewMembership(team, lea, roles = listOf(TeamRole.LEAD)))
            host.activateTeam(team)
            me = cop.asMember(lea)
        }
    }

    private fun place() = Place(CopKit.inMemory("Math CoP"))

    @Test
    fun `a cycle of inquiry from its plan to its end`(): Unit = place().use { place ->
        val (me, team) = place.me to place.team
        val problem = me.addGoal(NewGoal(GoalKind.PROBLEM, "Pocos explican su razonamiento", team = team)).id
        val statement = AimStatement("explain", "two thirds", "grade 5", LocalDate.of(2022, 6, 30))
        val aim = me.addGoal(NewGoal(GoalKind.AIM, "Two thirds explain", team = team, parents = listOf(problem), aim = statement))
        assertEquals(statement to GoalStatus.OPEN, aim.aim to aim.status)
        val idea = me.addGoal(NewGoal(GoalKind.CHANGE_IDEA, "Sentence frames", team = team, parents = listOf(aim.id))).id
        val measure = me.defineMeasure(
            NewMeasure(team, "Explained aloud", "Students who explain a step in the week, by tally", MeasureUnit.PROPORTION, target = 0.66),
        )
        assertEquals(Triple(MeasureUnit.PROPORTION, 0.66, MeasureRole.OUTCOME), Triple(measure.unit, measure.target, measure.role))

        val cycle = me.startCycle(NewCycle(team, CycleKind.PDSA, "Frames", problem = problem)).id
        val missing = assertFailsWith<CopException.Precondition> { me.advanceCycle(cycle) }
        assertTrue(missing.fields.size > 1, "everything that is missing: ${missing.fields}")
        val first = LocalDate.of(2021, 10, 4)
        me.reviseCycle(CycleEdit(cycle, tests = listOf(idea), measures = listOf(measure.id), startsOn = first))
        val note = me.addEntry(NewEntry(cycle.reference, EntryKinds.PLAN, "Two classes, one frame a week."))
        assertEquals(RecordKind.CYCLE to cycle.value, note.about to note.subject)
        val prediction = me.predict(cycle, "How many will explain?", "Half of them").predictions.single()
        assertEquals(Phases.DO, me.advanceCycle(cycle).phase)
        val period = Period(first, LocalDate.of(2021, 10, 29))
        val seen = me.recordObservation(NewObservation(measure.id, period, numerator = 31.0, denominator = 54.0))
        assertEquals(listOf(seen), me.observations(ObservationFilter(measure = measure.id)).items)
        me.advanceCycle(cycle)
        val learned = me.recordResult(cycle, prediction.id, PredictionOutcome.CONFIRMED, "Writing first helped most")
        assertEquals(PredictionOutcome.CONFIRMED, learned.predictions.single().result?.outcome)
        me.advanceCycle(cycle)
        assertEquals(DecisionKind.ADOPT, me.decideCycle(cycle, DecisionKind.ADOPT, "It reached those it was for").decision?.kind)
        assertEquals(listOf("plan", "do", "study", "act"), me.advanceCycle(cycle).steps.map { it.from })
        assertEquals(GoalStatus.MET, me.closeGoal(aim.id, GoalStatus.MET).status)

        val diagram = me.driverDiagram(aim.id)
        assertEquals(idea to listOf(cycle), diagram.below.single().let { below -> below.goal to below.tests.map { it.cycle } })
        assertEquals(listOf(cycle), me.cycles(CycleFilter(team = team, phase = Phases.CLOSED)).items.map { it.id })
        assertEquals("Frames", assertIs<AnyRecord.OfCycle>(me.record(cycle.reference)).cycle.title)
        assertTrue(me.audit(cycle.reference).first().words.startsWith("started the cycle"))
        assertEquals(RecordKind.CYCLE to cycle.value, me.search("frames").hits.first { it.record == RecordKind.CYCLE }.let { it.record to it.id })
    }

    @Test
    fun `a convening, its people and its hours`(): Unit = place().use { place ->
        val host = place.host
        val (starts, ends) = LocalDateTime.of(2021, 9, 14, 15, 0) to LocalDateTime.of(2021, 9, 14, 17, 0)
        val convening = host.planConvening(
            NewConvening(
                ConveningKinds.WORKSHOP, "Charlas numéricas", starts, ends, "America/Los_Angeles",
                joinUrl = "https://example.org/room", series = Series("2021 quarterly", 1u),
            ),
        )
        assertEquals(Triple(starts, Instant.parse("2021-09-14T22:00:00Z"), Mode.VIRTUAL), Triple(convening.starts, convening.startsAt, convening.mode))
        host.scheduleConvening(convening.id)
        assertEquals(ConveningState.HELD, host.holdConvening(convening.id).state)
        host.recordAttendances(listOf(NewAttendance(convening.id, place.lea), NewAttendance(convening.id, place.ben, minutes = 70)))
        val walkIn = host.addWalkIn(NewWalkIn(convening.id, "R. Example"))
        assertEquals("R. Example" to null, walkIn.walkIn?.name to walkIn.member)
        val there = host.attendances(AttendanceFilter(convening = convening.id, status = AttendanceStatus.ATTENDED)).items
        assertEquals(listOf(null, 70L, null), there.map { it.minutes })
        assertEquals(120L, place.me.hours(place.lea, "2021-22").creditedMinutes)
        val year = assertFailsWith<CopException.InvalidInput> { place.me.hours(place.lea, "2021") }
        assertEquals(listOf("school_year"), year.fields.map { it.path })
        assertEquals(listOf("2021-22"), host.sessionArchive().map { it.schoolYear })
        assertEquals(place.lea, place.me.memberOverview(place.lea).profile.id)
        assertEquals(1u, place.me.participation(place.lea, LocalDate.of(2021, 9, 30)).numbers.attended)
    }

    @Test
    fun `a story is read with its teller's consent`(): Unit = place().use { place ->
        val (me, ben) = place.me to place.cop.asMember(place.ben)
        val about = listOf(place.team.reference)
        val story = me.tellStory(NewStory(StoryKinds.VALUE_CREATION, "Lo que cambió", "Ahora explican.", about = about, worth = listOf(StoryValues.APPLIED)))
        assertEquals(ConsentState.UNSAID, story.consent)
        assertFailsWith<CopException.NotFound> { ben.story(story.id) }
        assertEquals(listOf(story.id), me.stories(StoryFilter(consent = ConsentState.UNSAID)).items.map { it.id })
        val granted = me.grantConsent(story.id, Visibility.Community, Attribution.NAME)
        assertEquals(Attribution.NAME, assertIs<ConsentFact.Granted>(granted.facts.single()).consent.attribution)
        assertEquals("Lo que cambió", ben.story(story.id).title)
        assertEquals(1u, me.valueMatrix().values.first { it.value == StoryValues.APPLIED }.stories)
        assertEquals(ConsentState.WITHDRAWN, me.withdrawConsent(story.id).consent)
        assertFailsWith<CopException.NotFound> { ben.story(story.id) }
    }

    @Test
    fun `mentorships, findings, policies, standards`(): Unit = place().use { place ->
        val (me, host) = place.me to place.host
        val tie = me.proposeMentorship(NewMentorship(MentorshipKinds.COACHING, place.lea, place.ben, since = LocalDate.of(2021, 9, 1)))
        assertEquals(MentorshipState.ACTIVE, place.cop.asMember(place.ben).acceptMentorship(tie.id).state)

        repeat(2) { host.addMember(NewMember("Cai $it", "Li", emails = listOf("cai@example.org"))) }
        host.inspect()
        val finding = host.findings(FindingFilter(kind = FindingKinds.DUPLICATE_EMAIL, state = FindingState.OPEN)).items.single()
        assertEquals(FindingFact.Raised(1u), finding.facts.single())
        assertEquals(FindingState.RESOLVED, host.resolveFinding(finding.id, "On the way.").state)

        val hours = place.cop.about().policies.hours
        val steps = listOf(OnboardingStep("orientation", "Orientation", true))
        host.setPolicies(PoliciesEdit(onboarding = steps, hours = hours.copy(capMinutes = 480)))
        assertEquals(steps to 480L, place.cop.about().policies.let { it.onboarding to it.hours.capMinutes })

        val framework = host.recordFramework(NewFramework("c6496676", "Math", extra = """{"subject": ["math"]}"""))
        assertEquals("""{"subject":["math"]}""", framework.extra)
        val standard = host.recordStandard(NewStandard(framework.id, "5nf1", "Add fractions.", code = "5.NF.A.1"))
        assertEquals(listOf(standard), me.standards(StandardFilter(code = "5.NF.A.1")).items)
        val bad = assertFailsWith<CopException.InvalidInput> { host.recordFramework(NewFramework("x", "X", extra = "[]")) }
        assertEquals("json.format", bad.code)
    }

    @Test
    fun `an operation is taken back, and several are one`(): Unit = place().use { place ->
        val me = place.me
        val goal = me.addGoal(NewGoal(GoalKind.GOAL, "Discourse", team = place.team))
        me.reviseGoal(GoalEdit(goal.id, title = "Discourse in every room"))
        assertEquals("Discourse", assertIs<AnyRecord.OfGoal>(me.undo()).goal.title)
        val then = assertIs<AnyRecord.OfGoal>(me.recordAsOf(goal.id.reference, Instant.now().plusSeconds(60)))
        assertEquals("Discourse", then.goal.title)

        val add = { title: String -> """{"op": "add_goal", "args": {"kind": "goal", "title": "$title", "team": "${place.team}"}}""" }
        val refused = assertFailsWith<CopException.InvalidInput> { me.applyAllJson("[${add("One")}, ${add("")}]") }
        assertEquals(listOf("ops[1].title"), refused.fields.map { it.path })
        assertTrue("One" in me.tryOutJson(add("One")))
        assertEquals(1, me.goals().items.size)
        me.applyAllJson("[${add("One")}, ${add("Two")}]")
        assertEquals(listOf("Discourse", "One", "Two"), everyPage { after -> me.goals(limit = 1, after = after).let { it.items to it.next } }.map { it.title }.toList())
        assertNull(place.cop.asGuest().memberId())
        assertNotNull(me.memberId())
    }
}
