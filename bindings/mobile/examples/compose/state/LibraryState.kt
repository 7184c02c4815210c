package org.copkit.examples

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.stateIn
import org.copkit.Community
import org.copkit.CopException
import org.copkit.Goal
import org.copkit.GoalFilter
import org.copkit.GoalKind
import org.copkit.MemberId
import org.copkit.NewGoal
import org.copkit.SearchHits
import org.copkit.TeamId
import org.copkit.io
import org.copkit.observe
import org.copkit.searchAsYouType

/** What the screen shows of a community: the goals of a team as they are, and what is found while somebody types. */
class LibraryState(private val cop: Community, member: MemberId, private val team: TeamId, scope: CoroutineScope) {
    private val me = cop.asMember(member)

    /** What was typed. */
    val text: MutableStateFlow<String> = MutableStateFlow("")

    /** The team's goals, anew after every change. */
    val goals: StateFlow<List<Goal>> = me.observe { goals(GoalFilter(team = team)).items }
        .stateIn(scope, SharingStarted.WhileSubscribed(5_000), emptyList())

    /** What is found for what was typed last. */
    val found: StateFlow<SearchHits?> = me.searchAsYouType(text)
        .stateIn(scope, SharingStarted.WhileSubscribed(5_000), null)

    /** Adds a goal; answers with what is wrong with it, for the form to show beside its fields. */
    suspend fun add(title: String): Map<String, String> =
        try {
            me.io { addGoal(NewGoal(GoalKind.GOAL, title, team = team)) }
            emptyMap()
        } catch (refused: CopException.InvalidInput) {
            refused.fields.associate { it.path to it.detail }
        }

    /** The app leaves the foreground: nothing may be locked then. */
    suspend fun background(): Unit = cop.io { standBy() }

    /** The app is back. */
    suspend fun foreground(): Unit = cop.io { resume() }
}
