package org.copkit.examples

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.ListItem
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.lifecycleScope
import java.io.File
import kotlinx.coroutines.launch
import org.copkit.CopKit
import org.copkit.NewMember
import org.copkit.NewMembership
import org.copkit.NewTeam
import org.copkit.Snippet
import org.copkit.TeamKinds
import org.copkit.TeamRole

/** One screen: a team's goals, a form for another, and a search that follows the typing. */
class LibraryActivity : ComponentActivity() {
    private lateinit var state: LibraryState

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        // A folder of its own: the file, its index and its log are all there is, and the folder is what is backed up.
        val file = File(filesDir, "community").apply { mkdirs() }.resolve("math.cop").path
        val cop = if (File(file).exists()) CopKit.open(file, lowMemory = true) else CopKit.create(file, "Math CoP", lowMemory = true)
        val host = cop.steward()
        val me = host.members(limit = 1).items.firstOrNull()?.id ?: host.addMember(NewMember("Ana", "Ruiz")).id
        val team = host.teams(limit = 1).items.firstOrNull()?.id ?: host.createTeam(NewTeam(TeamKinds.CROSS_DISTRICT, "Discourse")).id.also {
            host.addMembership(NewMembership(it, me, roles = listOf(TeamRole.LEAD)))
            host.activateTeam(it)
        }
        state = LibraryState(cop, me, team, lifecycleScope)
        setContent { MaterialTheme { LibraryScreen(state) } }
    }
}

@Composable
fun LibraryScreen(state: LibraryState) {
    val text by state.text.collectAsStateWithLifecycle()
    val found by state.found.collectAsStateWithLifecycle()
    val goals by state.goals.collectAsStateWithLifecycle()
    Column(Modifier.padding(16.dp)) {
        OutlinedTextField(text, { state.text.value = it }, Modifier.fillMaxWidth(), label = { Text("Search") })
        LazyColumn {
            if (text.isNotBlank()) {
                items(found?.hits.orEmpty(), key = { it.id }) { hit ->
                    ListItem(headlineContent = { Text(hit.title) }, supportingContent = { Text(marked(hit.snippet)) })
                }
            } else {
                items(goals, key = { it.id.value }) { goal ->
                    ListItem(headlineContent = { Text(goal.title) }, supportingContent = { Text(goal.status.name.lowercase()) })
                }
            }
        }
        HorizontalDivider()
        GoalForm(state)
    }
}

@Composable
private fun GoalForm(state: LibraryState) {
    var title by remember { mutableStateOf("") }
    var wrong by remember { mutableStateOf(emptyMap<String, String>()) }
    val scope = rememberCoroutineScope()
    OutlinedTextField(
        title, { title = it }, Modifier.fillMaxWidth(), label = { Text("A new goal") },
        isError = "title" in wrong, supportingText = { wrong["title"]?.let { Text(it) } },
    )
    Button(onClick = {
        scope.launch {
            wrong = state.add(title)
            if (wrong.isEmpty()) title = ""
        }
    }) { Text("Add") }
}

/** The passage with the matched words in bold: highlights count as Kotlin's texts do. */
private fun marked(snippet: Snippet): AnnotatedString = buildAnnotatedString {
    append(snippet.text)
    snippet.highlights.forEach { addStyle(SpanStyle(fontWeight = FontWeight.Bold), it.start, it.end) }
}
