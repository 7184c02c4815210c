package org.copkit

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.time.LocalDate
import kotlin.io.path.exists
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.io.TempDir

class CopKitTest {
    @TempDir
    lateinit var dir: Path

    private fun community(): Community = CopKit.inMemory("Math CoP")

    private fun Community.add(given: String, family: String, vararg roles: CommunityRole): Member =
        steward().addMember(NewMember(given, family, roles = roles.toList()))

    private fun strips(visibility: Visibility = Visibility.Community) = NewResource(
        "task",
        "Fraction strips 🧮 on a number line",
        body = "Bruchstreifen: fold, compare, and place thirds and sixths on a number line.",
        grades = listOf("5"),
        alignments = listOf(NewAlignment("CCSS.Math.Content.5.NF.A.1")),
        visibility = visibility,
        published = true,
    )

    @Test
    fun `a file is founded, closed and opened again`() {
        val path = dir.resolve("math.cop").toString()
        val task = CopKit.create(path, "Math CoP").use { cop ->
            val before = cop.head()
            val ana = cop.steward().use { it.addMember(NewMember("Ana", "Ruiz")) }
            val task = cop.asMember(ana.id).use { it.addResource(strips()) }
            assertTrue(cop.head() > before)
            task
        }
        CopKit.open(path).use { cop ->
            assertEquals("Math CoP", cop.about().name)
            assertEquals(task, cop.steward().resource(task.id))
            assertEquals(1L, cop.steward().search("fractions").total)
        }
        assertFailsWith<CopException.AlreadyExists> { CopKit.create(path, "Math CoP") }
        assertFailsWith<CopException.Io> { CopKit.open(dir.resolve("none.cop").toString()) }
        val foreign = Files.writeString(dir.resolve("notes.txt"), "no community ".repeat(100))
        assertFailsWith<CopException.Incompatible> { CopKit.open(foreign.toString()) }
    }

    @Test
    fun `a file can be opened twice`() {
        val path = dir.resolve("twice.cop").toString()
        val first = CopKit.create(path, "Math CoP")
        val ana = first.add("Ana", "Ruiz")
        val second = CopKit.open(path)
        val task = second.asMember(ana.id).addResource(strips())
        assertEquals(task, first.asMember(ana.id).resource(task.id))
        assertEquals(1L, first.steward().search("fractions").total)
    }

    @Test
    fun `a member searches`() = community().use { cop ->
        val me = cop.asMember(cop.add("Ana", "Ruiz").id)
        val task = me.addResource(strips())
        me.addResource(NewResource("video", "Number talks", body = "How to begin.", published = true))
        val page = me.search(SearchQuery("fractions on a number line", grades = listOf("05"), standards = listOf("5.NF")))
        assertEquals(1L, page.total)
        val hit = page.hits.single()
        assertEquals(task.id to "Fraction strips 🧮 on a number line", ResourceId(hit.id) to hit.title)
        assertEquals(RecordKind.RESOURCE to "task", hit.record to hit.kind)
        assertEquals(0L, me.search(SearchQuery("fractions", records = listOf(RecordKind.STORY, RecordKind.GOAL))).total)
        assertTrue("number" in hit.snippet.matches && "line" in hit.snippet.matches, hit.snippet.toString())
        assertEquals(listOf(FacetCount("05", 1L)), page.facets["grade"])
        assertEquals(0L, cop.asGuest().search("number line").total)
        assertEquals(2L, me.search(SearchQuery(limit = 1, facets = false)).total)
    }

    @Test
    fun `a search helps while asking and after`() = community().use { cop ->
        val me = cop.asMember(cop.add("Ana", "Ruiz").id)
        val task = me.addResource(strips())
        me.addResource(NewResource("video", "Number talks", body = "How to begin.", published = true))
        assertEquals(listOf(Completion("a number", 2L)), me.complete("a num"))
        assertEquals(emptyList(), cop.asGuest().complete("num"))
        assertFailsWith<CopException.InvalidInput> { me.complete("num", limit = 21) }
        val page = me.search(SearchQuery("numbr tlaks", explain = true))
        assertEquals(Respelling("numbr", listOf("number")), page.respelled.first())
        val hit = page.hits.first()
        assertEquals("Number talks", hit.title)
        assertEquals(listOf("numbr", "tlaks", "numbr … tlaks"), hit.explanation.map { it.words })
        assertEquals(hit.score, hit.explanation.map { it.score }.sum(), 1e-4f)
        assertEquals(listOf("Number talks"), me.search(SearchQuery(like = task.id.reference)).hits.map { it.title })
        assertEquals(0L, me.search(SearchQuery("\"recta numérica\"")).total)
        assertEquals(1L, me.search(SearchQuery("\"recta numérica\"", widen = true)).total)
    }

    @Test
    fun `a query's wrong filters are listed at once`() {
        val bad = assertFailsWith<CopException.InvalidInput> {
            community().asGuest().search(
                SearchQuery("x", kinds = listOf("no kind!"), grades = listOf("05", "99"), languages = listOf("?"), offset = -1),
            )
        }
        val wrong = listOf(
            "kinds[0]" to "code.format",
            "grades[1]" to "grade.unknown",
            "languages[0]" to "language.format",
            "offset" to "search.offset",
        )
        assertEquals(wrong, bad.fields.map { it.path to it.code })
    }

    @Test
    fun `a bad CDS code is refused, with every other wrong field`() {
        val bad = assertFailsWith<CopException.InvalidInput> {
            community().steward().addOrganization(NewOrganization("no kind!", "", cds = "1611190000000"))
        }
        val codes = bad.fields.associate { it.path to it.code }
        assertEquals("cds.format", codes["cds"])
        assertEquals(setOf("kind", "name", "cds"), codes.keys)
        val alone = assertFailsWith<CopException> {
            community().steward().addOrganization(NewOrganization("school", "Lincoln", cds = "123"))
        }
        assertIs<CopException.InvalidInput>(alone)
        assertEquals("cds.format", alone.code)
        assertEquals("invalid input: cds: a CDS code has 14 digits: county 2, district 5, school 7 (cds.format)", alone.message)
    }

    @Test
    fun `what one may not see does not exist`() = community().use { cop ->
        val (ana, ben) = cop.add("Ana", "Ruiz") to cop.add("Ben", "Oh")
        val draft = cop.asMember(ana.id).addResource(NewResource("task", "Draft"))
        for (session in listOf(cop.asGuest(), cop.asMember(ben.id))) {
            val hidden = assertFailsWith<CopException.NotFound> { session.resource(draft.id) }
            assertEquals("no resource ${draft.id}", hidden.message)
            assertEquals("record.not_found", hidden.code)
            assertTrue(hidden.fields.isEmpty())
            assertTrue(hidden.toString().endsWith("CopException\$NotFound: no resource ${draft.id}"), hidden.toString())
        }
        assertFailsWith<CopException.NotFound> { cop.asMember(MemberId("00000000-0000-7000-8000-000000000000")) }
        cop.asMember(ana.id).grantAccess(draft.id, Grantee.Member(ben.id))
        cop.asMember(ana.id).reviseResource(ResourceEdit(draft.id, body = "Fold a strip."))
        cop.asMember(ana.id).publishResource(draft.id)
        assertEquals(listOf(Grantee.Member(ben.id)), cop.asMember(ben.id).resource(draft.id).grants)
    }

    @Test
    fun `what one may see but not do is refused`() = community().use { cop ->
        val (ana, ben) = cop.add("Ana", "Ruiz") to cop.add("Ben", "Oh")
        val task = cop.asMember(ana.id).addResource(strips())
        val me = cop.asMember(ben.id)
        assertEquals(task, me.resource(task.id))
        val refused = assertFailsWith<CopException.NotPermitted> { me.deleteResource(task.id) }
        assertEquals("not permitted to delete_resource", refused.message)
        assertFailsWith<CopException.NotPermitted> { cop.asGuest().requestToJoin(TeamId(task.id.value)) }
        val steps = cop.asMember(ana.id).history(task.id.reference)
        assertEquals(listOf("add_resource" to Life.CREATED), steps.map { it.op to it.life })
        assertEquals("\"${task.title}\"", steps.single().fields["title"])
        assertEquals(ana.id, steps.single().actor)
    }

    @Test
    fun `people come together in a team`() = community().use { cop ->
        val host = cop.steward()
        val (ana, ben) = cop.add("Ana", "Ruiz") to cop.add("Ben", "Oh")
        val team = host.createTeam(
            NewTeam(
                "working_group",
                "Fractions",
                starts = LocalDate.of(2021, 8, 1),
                ends = LocalDate.of(2022, 5, 31),
                admission = Admission.REQUEST,
                maximumVisibility = Visibility.Community,
            ),
        )
        assertEquals(Term(LocalDate.of(2021, 8, 1), LocalDate.of(2022, 5, 31)), team.term)
        assertEquals(Visibility.Team(team.id), team.defaultVisibility)
        val missing = assertFailsWith<CopException.Precondition> { host.activateTeam(team.id) }
        assertEquals("team.no_lead", missing.code)
        host.addMembership(NewMembership(team.id, ana.id, roles = listOf(TeamRole.LEAD)))
        assertEquals(TeamState.ACTIVE, cop.asMember(ana.id).activateTeam(team.id).state)
        val asked = cop.asMember(ben.id).requestToJoin(team.id)
        assertEquals(MembershipState.REQUESTED, asked.state)
        assertEquals(MembershipState.ACTIVE, cop.asMember(ana.id).approveMembership(asked.id).state)
        val tool = cop.asMember(ben.id).addResource(NewResource("tool", "Protocol", body = "…", team = team.id, published = true))
        assertEquals(Visibility.Team(team.id), tool.visibility)
        val wide = assertFailsWith<CopException.Precondition> { cop.asMember(ben.id).setVisibility(tool.id, Visibility.Public) }
        assertEquals("resource.too_wide", wide.code)
        assertEquals(2, host.memberships(MembershipFilter(team = team.id)).items.size)
        assertEquals(MembershipState.ENDED, cop.asMember(ben.id).endMembership(asked.id).state)
        assertEquals(ResourceState.RETIRED, cop.asMember(ana.id).retireResource(tool.id).state)
    }

    @Test
    fun `a member comes, pauses, goes and comes again`() = community().use { cop ->
        val bo = cop.steward().requestParticipation(NewMember("Bo", "Nguyễn"))
        assertEquals(MemberState.REQUESTED, bo.state)
        val me = cop.asMember(cop.add("Ana", "Ruiz").id)
        val id = checkNotNull(me.memberId())
        assertEquals(MemberState.PAUSED, me.pauseMember(id).state)
        assertEquals(MemberState.ACTIVE, me.resumeMember(id).state)
        assertEquals(listOf("activated", "paused", "resumed", "left"), me.endMember(id).facts)
        val asked = me.askToRejoin(id)
        assertTrue("requested:2" in asked.facts, asked.facts.toString())
        assertEquals(MemberState.ONBOARDING, cop.steward().inviteMember(bo.id).state)
        assertEquals(MemberState.ERASED, me.eraseMember(id).state)
    }

    @Test
    fun `an application is answered with a reason`() = community().use { cop ->
        val host = cop.steward()
        val (ana, ben) = cop.add("Ana", "Ruiz") to cop.add("Ben", "Oh")
        val team = host.createTeam(
            NewTeam("project", "UDL", admission = Admission.APPLICATION, formation = FormationRule(minMembers = 2u), questions = listOf("¿Por qué?")),
        )
        assertEquals(FormationRule(2u) to listOf("¿Por qué?"), team.formation to team.questions)
        host.addMembership(NewMembership(team.id, ana.id, roles = listOf(TeamRole.LEAD)))
        val early = assertFailsWith<CopException.Precondition> { host.activateTeam(team.id) }
        assertEquals("formation.members", early.code)
        val op = """{"op": "apply_to_team", "args": {"team": "${team.id}", "answers": ["Por los números"]}}"""
        cop.asMember(ben.id).applyJson(op)
        val applied = host.memberships(MembershipFilter(member = ben.id)).items.single()
        assertEquals(listOf(Answer("¿Por qué?", "Por los números")), applied.answers)
        val approved = cop.asMember(ana.id).approveMembership(applied.id, "sí")
        assertEquals(Triple(true, ana.id, "sí"), approved.decision?.let { Triple(it.approved, it.by, it.reason) })
        assertEquals(listOf(TeamFact.ACTIVATED), host.activateTeam(team.id).facts)
        assertEquals(MembershipState.ENDED, cop.asMember(ana.id).completeMembership(applied.id).state)
        assertEquals(7u to 30L, cop.about().policies.let { it.schoolYearStartsIn to it.hours.minimumMinutes })
    }

    @Test
    fun `a resource has files and is reviewed`() = community().use { cop ->
        val me = cop.asMember(cop.add("Ana", "Ruiz").id)
        val file = FileRef("0".repeat(64), 1_024uL, "application/pdf")
        val draft = me.addResource(NewResource("rubric", "Rúbrica", files = listOf(file)))
        assertEquals(listOf(file), draft.files)
        assertEquals(ResourceState.IN_REVIEW, me.submitResource(draft.id).state)
        val op = """{"op": "review_resource", "args": {"resource": "${draft.id}", "verdict": "approved", "comment": "¡Sí!"}}"""
        cop.steward().applyJson(op)
        assertEquals(listOf(Verdict.APPROVED to "¡Sí!"), me.resource(draft.id).reviews.map { it.verdict to it.comment })
    }

    @Test
    fun `lists come in pages`() = community().use { cop ->
        repeat(5) { cop.add("Ana $it", "Ruiz") }
        val host = cop.steward()
        val names = mutableListOf<String>()
        var after: String? = null
        do {
            val page = host.members(limit = 2, after = after)
            names += page.items.map { it.given }
            after = page.next
        } while (after != null)
        assertEquals(List(5) { "Ana $it" }, names)
        assertEquals(5, host.members(MemberFilter(state = MemberState.ACTIVE)).items.size)
        assertEquals("page.limit", assertFailsWith<CopException.InvalidInput> { host.teams(limit = 0) }.code)
        assertEquals("cursor.format", assertFailsWith<CopException.InvalidInput> { host.teams(after = "x") }.code)
        assertEquals("cds.format", assertFailsWith<CopException.InvalidInput> { host.organizations(OrganizationFilter(cds = "1")) }.code)
    }

    @Test
    fun `an id that is none is a wrong input`() {
        val bad = assertFailsWith<CopException.InvalidInput> { community().asMember(MemberId("nobody")) }
        assertEquals("id.format", bad.code)
        val nested = assertFailsWith<CopException.InvalidInput> {
            community().steward().addResource(strips(Visibility.Team(TeamId("nowhere"))))
        }
        assertEquals("id.format", nested.code)
    }

    @Test
    fun `times keep their milliseconds, and are refused out of reach`() {
        val clock = Instant.parse("2026-01-05T08:00:00.123Z")
        Community.scripted("Math CoP", clock, 1u).use { assertEquals(clock, it.about().createdAt) }
        for (time in listOf(Instant.MIN, Instant.MAX)) {
            val bad = assertFailsWith<CopException.InvalidInput> { Community.scripted("Math CoP", time, 1u) }
            assertEquals("time.range", bad.code)
        }
    }

    @Test
    fun `JSON that does not fit is refused without repeating it`() {
        val bad = assertFailsWith<CopException.InvalidInput> {
            community().steward().applyJson("""{"op": "add_member", "args": {"given": "Ana", "family": "Ruiz", "emails": "ana@x.org"}}""")
        }
        assertEquals("json.format", bad.code)
        assertTrue("ana" !in bad.message.lowercase(), bad.message)
    }

    @Test
    fun `use after close is refused`() {
        val cop = community()
        val guest = cop.asGuest()
        cop.close()
        assertFailsWith<IllegalStateException> { cop.asGuest() }
        // A session is a handle of its own.
        assertEquals(0L, guest.search("").total)
        guest.close()
        assertFailsWith<IllegalStateException> { guest.search("") }
        assertEquals("0.1.0", CopKit.version)
    }

    @Test
    fun `the file that Rust wrote`() {
        val source = System.getenv("COP_TEST_FILE")?.let { Path.of(it) }
        if (source == null) println("skipped: COP_TEST_FILE names no file that Rust wrote")
        assumeTrue(source != null, "COP_TEST_FILE is not set")
        assertTrue(assertNotNull(source).exists(), "$source is missing")
        val copy = Files.copy(source, dir.resolve("copy.cop")).toString()
        CopKit.open(copy).use { cop ->
            val host = cop.steward()
            val member = assertNotNull(host.members(MemberFilter(state = MemberState.ACTIVE)).items.firstOrNull())
            val me = cop.asMember(member.id)
            val task = me.addResource(strips())
            val page = me.search(SearchQuery("\"number line\"", grades = listOf("05"), standards = listOf("5.NF")))
            assertTrue(page.hits.any { it.id == task.id.value }, "$page")
            val draft = me.addResource(NewResource("task", "Draft"))
            assertFailsWith<CopException.NotFound> { cop.asGuest().resource(draft.id) }
            assertNull(cop.asGuest().search("Draft").hits.find { it.id == draft.id.value })
            println("opened what Rust wrote: ${cop.about().name}, ${me.search("").total} resources for one member")
        }
    }
}
