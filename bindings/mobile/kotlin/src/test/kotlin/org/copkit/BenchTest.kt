package org.copkit

import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.sql.DriverManager
import java.sql.ResultSet
import kotlin.io.path.copyTo
import kotlin.test.Test
import kotlin.test.assertEquals
import org.junit.jupiter.api.condition.EnabledIfSystemProperty
import org.junit.jupiter.api.io.TempDir

/**
 * How fast the library is from Kotlin, beside SQLite through JDBC in the same run: CPU time of the calling thread, which
 * a busy machine leaves as it is; of several rounds the median.
 *
 * ```sh
 * mvn -q -B test -Dtest=BenchTest -Dcop.bench=true -Dcop.library.dir=DIR   # DIR has the library of profile `mobile`
 * ```
 */
@EnabledIfSystemProperty(named = "cop.bench", matches = "true")
class BenchTest {
    @TempDir
    lateinit var dir: Path

    private val topics = listOf(
        "fractions on a number line", "number talks", "sentence frames", "ratio tables", "place value strips", "exit tickets",
        "area models", "linear functions", "gallery walk", "lesson study protocol", "math discourse", "proportional reasoning",
    )

    private fun title(number: Int) = "${topics[number % topics.size]} $number"

    private fun body(number: Int) =
        List(12) { "Students ${listOf("compare", "fold", "discuss", "sketch", "explain")[(number + it) % 5]} ${topics[(number * 7 + it) % topics.size]}." }.joinToString(" ")

    /**
     * The median CPU time of a round, in milliseconds, after some that only warm up: it takes the JVM two to three seconds
     * of them to compile what it runs.
     */
    private fun cpu(rounds: Int, round: () -> Unit): Double {
        val clock = ManagementFactory.getThreadMXBean()
        val begun = System.nanoTime()
        while (System.nanoTime() - begun < WARM_UP_NANOS) round()
        return List(rounds) {
            val before = clock.currentThreadCpuTime
            round()
            (clock.currentThreadCpuTime - before) / 1e6
        }.sorted()[rounds / 2]
    }

    private fun bar(name: String, value: String, bar: String, peer: String) = println("%-52s %-18s %-18s %s".format(name, value, bar, peer))

    @Test
    fun bars() {
        val path = dir.resolve("bench.cop")
        CopKit.create(path.toString(), "Math CoP").use { cop ->
            val host = cop.steward()
            val me = cop.asMember(host.addMember(NewMember("Ana", "Ruiz")).id)
            for (batch in 0 until RESOURCES step 2_000) {
                val ops = List(2_000) {
                    val number = batch + it
                    """{"op": "add_resource", "args": {"kind": "task", "title": "${title(number)}", "body": "${body(number)}",
                        "grades": ["0${number % 8 + 1}"], "subjects": ["mathematics"], "tags": ["${topics[number % 5]}"],
                        "visibility": "community", "published": true}}"""
                }
                me.applyAllJson(ops.toString())
            }
            cop.catchUp()
            cop.standBy()
            val copy = path.copyTo(dir.resolve("peer.db"))
            cop.resume()
            bar("what", "copkit", "bar", "SQLite through JDBC: the same columns, untyped, without rights")
            DriverManager.getConnection("jdbc:sqlite:$copy").use { peer ->
                val rows = peer.prepareStatement("SELECT * FROM resource WHERE seq > ? ORDER BY seq LIMIT ?")
                fun page(after: Long, limit: Int): List<List<Any?>> {
                    rows.setLong(1, after)
                    rows.setInt(2, limit)
                    return rows.executeQuery().use { found -> generateSequence { found.row() }.toList() }
                }

                var read = 0
                val all = cpu(9) { read = everyPage { after -> me.resources(limit = 1_000, after = after).let { it.items to it.next } }.count() }
                assertEquals(RESOURCES, read)
                val peerAll = cpu(9) {
                    val rows = everyPage { after -> page(after?.toLong() ?: 0, 1_000).let { it to it.lastOrNull()?.first()?.toString() } }
                    assertEquals(RESOURCES, rows.count())
                }
                bar("pages of 1,000 resources", rate(all), ">= 300,000 rows/s", rate(peerAll) + ", %.2f of it".format(peerAll / all))

                val fifty = cpu(41) { me.resources(limit = 50) }
                val peerFifty = cpu(41) { page(0, 50) }
                bar("a page of 50 resources", "%.2f ms".format(fifty), "<= 2 ms", "%.2f ms, %.1f times it".format(peerFifty, fifty / peerFifty))

                val one = me.resources(limit = 1).items.single().id
                bar("one resource by its id", "%.3f ms".format(cpu(201) { me.resource(one) }), "", "")
            }
            val typed = "number line "
            val typing = cpu(21) { for (end in 1..typed.length) me.search(SearchQuery(begun(typed.take(end)), facets = false)) }
            bar("search as you type, 12 keystrokes, 20,000 resources", "%.1f ms".format(typing), "< 60 ms", "")
            bar("complete, 12 keystrokes", "%.1f ms".format(cpu(21) { for (end in 1..typed.length) me.complete(typed.take(end)) }), "", "")
        }
    }

    private fun rate(ms: Double) = "%,.0f rows/s".format(RESOURCES / ms * 1_000)

    private fun ResultSet.row(): List<Any?>? = if (next()) List(metaData.columnCount) { getObject(it + 1) } else null

    private companion object {
        const val RESOURCES = 20_000
        const val WARM_UP_NANOS = 3_000_000_000L
    }
}
