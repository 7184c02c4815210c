package org.copkit

import java.nio.file.Path
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.io.TempDir

class FlowTest {
    private fun waiting(test: suspend kotlinx.coroutines.CoroutineScope.() -> Unit): Unit =
        runBlocking { withTimeout(60.seconds) { test() } }

    @Test
    fun `a list is observed`(): Unit = CopKit.inMemory("Math CoP").use { cop ->
        val host = cop.steward()
        waiting {
            val seen = Channel<List<String>>(Channel.UNLIMITED)
            val observing = launch(Dispatchers.Default) {
                host.observe { members().items.map { it.given } }.collect { seen.send(it) }
            }
            assertEquals(emptyList(), seen.receive())
            host.io { addMember(NewMember("Ana", "Ruiz")) }
            assertEquals(listOf("Ana"), seen.receive())
            // What changes nothing of the list is not told again; the next thing that does is.
            host.io { createTeam(NewTeam("project", "UDL")) }
            host.io { addMember(NewMember("Ben", "Oh")) }
            assertEquals(listOf("Ana", "Ben"), seen.receive())
            observing.cancel()
            observing.join()
            host.io { addMember(NewMember("Cai", "Li")) }
            assertTrue(seen.tryReceive().isFailure)
        }
    }

    @Test
    fun `what is observed waits while the community stands by`(@TempDir dir: Path) {
        val path = dir.resolve("math.cop").toString()
        CopKit.create(path, "Math CoP").use { cop ->
            val host = cop.steward()
            waiting {
                val seen = Channel<List<String>>(Channel.UNLIMITED)
                val observing = launch(Dispatchers.Default) {
                    host.observe { members().items.map { it.given } }.collect { seen.send(it) }
                }
                assertEquals(emptyList(), seen.receive())
                cop.io { standBy() }
                // A widget or an extension writes meanwhile, which is told by nobody else.
                CopKit.open(path).use { it.steward().addMember(NewMember("Ana", "Ruiz")) }
                cop.io { resume() }
                assertEquals(listOf("Ana"), seen.receive())
                observing.cancel()
                observing.join()
            }
        }
    }

    @Test
    fun `an error ends what is observed`(): Unit = CopKit.inMemory("Math CoP").use { cop ->
        waiting {
            assertFailsWith<CopException.InvalidInput> { cop.steward().observe { members(limit = 0) }.toList() }
        }
    }

    @Test
    fun `a search follows the typing, and only the last text has to be found`(): Unit = CopKit.inMemory("Math CoP").use { cop ->
        val me = cop.asMember(cop.steward().addMember(NewMember("Ana", "Ruiz")).id)
        me.addResource(NewResource("task", "Fractions on a number line", body = "Fold.", published = true))
        waiting {
            val found = me.searchAsYouType(flowOf("f", "fr", "fra", "frac")).toList()
            assertEquals(1L, found.last().total)
            assertTrue(found.size <= 4, "$found")
            assertEquals(listOf(0L), me.searchAsYouType(flowOf("xyz")).toList().map { it.total })
        }
        assertEquals(listOf("number li*", "5/3*", "\"number line\"", "", "¿"), listOf("number li", "5/3", "\"number line\"", "", "¿").map(::begun))
    }

    @Test
    fun `a search that is overtaken is dropped`(): Unit = CopKit.inMemory("Math CoP").use { cop ->
        val (asked, answered) = AtomicInteger() to mutableListOf<SearchHits>()
        val second = Channel<Unit>()
        val texts = flow {
            emit("one")
            second.receive()
            emit("two")
        }
        waiting {
            // While the first is being searched, the second is typed.
            cop.steward().searchAsYouType(texts) { text ->
                if (asked.incrementAndGet() == 1) runBlocking { second.send(Unit) }
                Thread.sleep(if (text == "one") 100L else 0L)
                SearchQuery(text)
            }.collect { answered += it }
        }
        assertEquals(2 to 1, asked.get() to answered.size)
    }
}
