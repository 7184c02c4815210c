import org.copkit.*

private const val HELP = "search WORDS · goals · goal TITLE · team NAME · teams · undo · standby · resume · quit"

/** A community at the prompt: `PocketKt math.cop`, then commands, line by line. */
fun main(arguments: Array<String>) {
    val path = arguments.firstOrNull() ?: return println("usage: PocketKt FILE.cop")
    val cop = if (java.io.File(path).exists()) CopKit.open(path, lowMemory = true) else CopKit.create(path, "Math CoP", lowMemory = true)
    cop.use {
        val me = someone(cop)
        println("${cop.about().name}: $HELP")
        for (line in generateSequence(::readlnOrNull)) {
            val (command, rest) = line.trim().split(' ', limit = 2).let { it.first() to it.getOrElse(1) { "" } }
            if (command == "quit") break
            try {
                answer(cop, me, command, rest).forEach(::println)
            } catch (error: CopException) {
                // Every error has a text for people, a code for programs, and what is wrong field by field.
                println("${error.code}: ${error.message}")
            }
        }
    }
}

/** Who uses the app: the first member, who joins where there is none yet. */
private fun someone(cop: Community): Session {
    val host = cop.steward()
    val member = host.members(limit = 1).items.firstOrNull() ?: host.addMember(NewMember("Ana", "Ruiz"))
    return cop.asMember(member.id)
}

private fun answer(cop: Community, me: Session, command: String, rest: String): List<String> = when (command) {
    "search" -> me.search(SearchQuery(begun(rest), facets = false)).let { page ->
        listOf("${page.total} found") + page.hits.map { hit -> "  ${hit.title} (${hit.kind})" }
    }
    "teams" -> me.teams().items.map { "${it.name}: ${it.state.name.lowercase()}" }
    "team" -> {
        val team = cop.steward().createTeam(NewTeam(TeamKinds.CROSS_DISTRICT, rest))
        cop.steward().addMembership(NewMembership(team.id, me.memberId()!!, roles = listOf(TeamRole.LEAD)))
        listOf("${team.name} is ${cop.steward().activateTeam(team.id).state.name.lowercase()}")
    }
    "goals" -> everyPage { after -> me.goals(after = after).let { it.items to it.next } }.map { "${it.title}: ${it.status.name.lowercase()}" }.toList()
    "goal" -> listOf("added ${me.addGoal(NewGoal(GoalKind.GOAL, rest, team = me.teams(limit = 1).items.firstOrNull()?.id)).title}")
    "undo" -> me.undo().let { listOf("taken back") }
    "standby" -> cop.standBy().let { listOf("every lock and file is given back") }
    "resume" -> cop.resume().let { listOf("${cop.head()} changes") }
    else -> listOf(HELP)
}
