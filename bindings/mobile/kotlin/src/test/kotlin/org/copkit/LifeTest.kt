package org.copkit

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import kotlin.io.path.copyTo
import kotlin.io.path.createDirectory
import kotlin.io.path.exists
import kotlin.io.path.fileSize
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.io.TempDir

/** Life on a phone: into the background and back, killed, short of memory. */
class LifeTest {
    @TempDir
    lateinit var dir: Path

    private fun task(title: String) = NewResource("task", title, body = "Fold and compare. ".repeat(20), published = true)

    /** The files of the community that this process holds open. */
    private fun held(): List<String> {
        val open = Path.of("/proc/self/fd").listDirectoryEntries().mapNotNull { runCatching { Files.readSymbolicLink(it) }.getOrNull() }
        val mapped = Files.readAllLines(Path.of("/proc/self/maps")).mapNotNull { line -> line.split(' ').last().takeIf { it.startsWith("/") } }
        return (open.map { it.toString() } + mapped).filter { it.startsWith(dir.toRealPath().toString()) }.distinct()
    }

    @Test
    fun `standing by gives every lock and file back`() {
        assumeTrue(Path.of("/proc/self/fd").exists(), "no /proc here")
        val home = dir.resolve("community").createDirectory()
        val path = home.resolve("math.cop")
        CopKit.create(path.toString(), "Math CoP").use { cop ->
            val me = cop.asMember(cop.steward().addMember(NewMember("Ana", "Ruiz")).id)
            val task = me.addResource(task("Fractions"))
            cop.catchUp()
            assertEquals(1L, me.search("fractions").total)
            assertTrue(held().isNotEmpty())

            cop.standBy()
            assertEquals(emptyList(), held())
            assertFalse(cop.isOpen())
            val refused = assertFailsWith<CopException.Interrupted> { me.search("fractions") }
            assertEquals("store.suspended", refused.code)
            assertFailsWith<CopException.Interrupted> { cop.asMember(MemberId(me.memberId()!!.value)) }

            // One file is all there is to keep; the index is made of it.
            assertEquals(listOf("math.cop", "math.cop-index"), home.listDirectoryEntries().map { it.name }.sorted())
            val copy = path.copyTo(dir.resolve("backup.cop"))
            CopKit.open(copy.toString()).use { backup -> backup.steward().use { assertEquals(task, it.resource(task.id)) } }

            cop.standBy()
            cop.resume()
            cop.resume()
            assertTrue(cop.isOpen())
            assertEquals(task, me.resource(task.id))
            assertEquals(1L, me.search("fractions").total)
            me.addResource(task("Decimals"))
            cop.standBy()
            assertEquals(emptyList(), held())
        }
        CopKit.inMemory("Math CoP").use { cop ->
            cop.standBy()
            assertEquals("Math CoP", cop.about().name)
        }
    }

    @Test
    fun `whoever works meanwhile finishes or is told`() {
        CopKit.create(dir.resolve("math.cop").toString(), "Math CoP").use { cop ->
            val me = cop.asMember(cop.steward().addMember(NewMember("Ana", "Ruiz")).id)
            val stop = AtomicBoolean()
            val wrong = mutableListOf<Throwable>()
            val written = IntArray(2)
            val workers = List(2) { number ->
                thread {
                    while (!stop.get()) {
                        try {
                            me.addResource(task("Task $number"))
                            written[number]++
                            me.search("task")
                        } catch (error: CopException) {
                            if (error !is CopException.Interrupted) synchronized(wrong) { wrong += error }
                        }
                    }
                }
            }
            repeat(10) {
                Thread.sleep(20)
                cop.standBy()
                cop.resume()
            }
            stop.set(true)
            workers.forEach { it.join() }
            assertEquals(emptyList(), wrong)
            assertEquals(written.sum().toLong(), me.search(SearchQuery("task", limit = 1)).total)
        }
    }

    @Test
    fun `what is written in many steps is stopped`() {
        val path = dir.resolve("math.cop").toString()
        CopKit.create(path, "Math CoP").use { cop ->
            val host = cop.steward()
            val ops = List(20_000) { """{"op": "add_resource", "args": {"kind": "task", "title": "Task $it"}}""" }.toString()
            for (stop in listOf({ cop.interrupt() }, { cop.standBy() })) {
                var refused: Throwable? = null
                val writing = thread { refused = runCatching { host.applyAllJson(ops) }.exceptionOrNull() }
                // Until it has begun, there is nothing to stop.
                while (writing.isAlive) {
                    stop()
                    Thread.sleep(20)
                }
                cop.resume()
                assertTrue(refused is CopException.Interrupted, "$refused")
                assertEquals(0, host.resources(limit = 1).items.size)
            }
        }
    }

    @Test
    fun `a call that does not end is waited for no longer than said`() {
        CopKit.create(dir.resolve("math.cop").toString(), "Math CoP").use { cop ->
            val host = cop.steward()
            val ops = List(20_000) { """{"op": "add_resource", "args": {"kind": "task", "title": "Task $it"}}""" }.toString()
            var refused: Throwable? = null
            val writing = thread { refused = runCatching { host.applyAllJson(ops) }.exceptionOrNull() }
            Thread.sleep(50)
            val busy = runCatching { cop.standBy(patienceMs = 0) }.exceptionOrNull()
            assertTrue(busy is CopException.Busy?, "$busy")
            writing.join()
            assertTrue(refused is CopException.Interrupted, "$refused")
            assertEquals(emptyList(), held())
            cop.resume()
            assertEquals(0, host.resources(limit = 1).items.size)
        }
    }

    @Test
    fun `a copy is checked, and takes the place of what is damaged`() {
        val path = dir.resolve("math.cop")
        val backup = dir.resolve("backup.cop")
        val sum = CopKit.create(path.toString(), "Math CoP").use { cop ->
            cop.steward().addMember(NewMember("Ana", "Ruiz"))
            assertTrue(cop.check().isGood)
            assertEquals(0L, cop.repair())
            assertFailsWith<CopException.AlreadyExists> { cop.copyTo(path.toString()) }
            cop.copyTo(backup.toString()).also { assertEquals(cop.checksum(), it) }
        }
        assertEquals("$path.damaged-1", CopKit.setAside(path.toString()))
        assertFalse(path.exists())
        backup.copyTo(path)
        CopKit.open(path.toString()).use { cop ->
            assertEquals(sum, cop.checksum())
            val head = cop.head()
            assertEquals(head, cop.waitForChanges(head, timeoutMs = 0))
            val writing = thread {
                Thread.sleep(50)
                // As another process would: by a handle of its own.
                CopKit.open(path.toString()).use { it.steward().addMember(NewMember("Ben", "Oh")) }
            }
            assertTrue(cop.waitForChanges(head, timeoutMs = 30_000) > head)
            writing.join()
        }
    }

    @Test
    fun `what was acknowledged outlives a kill`() {
        val path = dir.resolve("killed.cop").toString()
        CopKit.create(path, "Math CoP").use { it.steward().addMember(NewMember("Ana", "Ruiz")) }
        val java = Path.of(System.getProperty("java.home"), "bin", "java").toString()
        val command = listOf(
            java, "-Djna.library.path=${System.getProperty("jna.library.path")}",
            "-cp", System.getProperty("java.class.path"), "org.copkit.LifeTestKt", path,
        )
        val writer = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val acknowledged = writer.inputStream.bufferedReader().useLines { it.take(50).toList() }
        writer.destroyForcibly().waitFor(30, TimeUnit.SECONDS)
        assertEquals(50, acknowledged.size)
        CopKit.open(path).use { cop ->
            acknowledged.forEach { assertTrue(cop.steward().resource(ResourceId(it)).title.startsWith("Task")) }
            assertTrue(cop.steward().search(SearchQuery("task", limit = 1)).total >= 50)
        }
    }

    @Test
    fun `with little memory, the log beside the file stays short`() {
        val path = dir.resolve("small.cop")
        CopKit.create(path.toString(), "Math CoP", lowMemory = true).use { cop ->
            val host = cop.steward()
            val ops = List(500) { """{"op": "add_resource", "args": {"kind": "task", "title": "Task $it", "body": "${"Fold and compare. ".repeat(300)}"}}""" }
            repeat(4) { host.applyAllJson(ops.toString()) }
            host.addResource(task("Last"))
            val log = dir.resolve("small.cop-wal")
            assertTrue(path.fileSize() > 8_000_000, "enough was written to fill the log twice: ${path.fileSize()}")
            assertTrue(log.fileSize() <= 5_000_000, "${log.fileSize()} bytes of log")
            assertEquals(2_000L, host.search(SearchQuery("compare", limit = 1)).total - 1)
        }
    }

    @Test
    fun `a watcher that fails spoils nothing`(): Unit = CopKit.inMemory("Math CoP").use { cop ->
        val failing = object : Watcher {
            override fun changed(head: Long) = error("cannot draw now")
        }
        var told = 0L
        val counting = object : Watcher {
            override fun changed(head: Long) {
                told = head
            }
        }
        cop.watch(failing).use {
            val watch = cop.watch(counting)
            cop.steward().addMember(NewMember("Ana", "Ruiz"))
            assertEquals(cop.head(), told)
            watch.stop()
            watch.close()
        }
        cop.steward().addMember(NewMember("Ben", "Oh"))
        assertTrue(told < cop.head())
        assertEquals(2, cop.steward().members().items.size)
    }
}

/** Writes until it is killed, and says what was written. */
fun main(arguments: Array<String>) {
    CopKit.open(arguments.single()).use { cop ->
        val me = cop.asMember(cop.steward().members().items.single().id)
        var number = 0
        while (true) {
            val task = me.addResource(NewResource("task", "Task ${number++}", body = "Fold.", published = true))
            println(task.id)
        }
    }
}
