package org.copkit

import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import org.junit.jupiter.api.io.TempDir

/** The example in the README compiles and runs: what stands here between the markers stands there, word for word. */
class ReadmeTest {
    @TempDir
    lateinit var dir: Path

    private fun example(path: String): SearchHits =
        // begin
        CopKit.create(path, "Math CoP").use { cop ->
            val ana = cop.steward().addMember(NewMember("Ana", "Ruiz"))
            val me = cop.asMember(ana.id)
            me.addResource(
                NewResource(
                    kind = "task", title = "Fraction strips on a number line", body = "Fold a strip into thirds. Where is 5/3?",
                    grades = listOf("05"), alignments = listOf(NewAlignment("5.NF.B.3")),
                    visibility = Visibility.Public, published = true,
                )
            )
            val page = cop.asGuest().search(SearchQuery("fractions", grades = listOf("05"), standards = listOf("5.NF")))
            println("${page.total} ${page.hits.first().title} ${page.facets["kind"]}")
            // end
            page
        }

    @Test
    fun `the example runs`() {
        assertEquals(1L, example(dir.resolve("math.cop").toString()).total)
    }

    @Test
    fun `the README shows this example`() {
        val here = Path.of("src/test/kotlin/org/copkit/ReadmeTest.kt").readText()
        val lines = here.substringAfter("// begin\n").substringBefore("// end").lines().drop(1).map { it.trim() }
        val readme = Path.of("../../../README.md").readText().lines().joinToString("\n") { it.trim() }
        assertContains(readme, lines.joinToString("\n").trim())
    }
}
