package org.copkit

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.*
import kotlinx.serialization.json.*
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** Runs the conformance vectors that every language runs: one test for each file. */
class VectorTest {
    @TestFactory
    fun vectors(): List<DynamicTest> {
        val shared = Path.of(System.getProperty("cop.vectors"))
        if (!shared.exists()) println("skipped: no vectors in $shared")
        return (files(shared) + files(Path.of("src/test/resources/vectors"))).map { file ->
            DynamicTest.dynamicTest(file.name) {
                failed++
                run(Json.parseToJsonElement(Files.readString(file)).jsonObject)
                failed--
                passed++
            }
        }
    }

    private fun files(dir: Path): List<Path> =
        if (!dir.exists()) emptyList() else Files.list(dir).use { all -> all.filter(::isVector).sorted().toList() }

    /** Other files beside them, such as the list of the API, have no steps. */
    private fun isVector(file: Path): Boolean =
        file.extension == "json" && "steps" in Json.parseToJsonElement(Files.readString(file)).jsonObject

    private fun run(vector: JsonObject) {
        check(vector.getValue("v").jsonPrimitive.int == 1) { "version ${vector["v"]}" }
        val clock = Instant.parse(text(vector, "clock"))
        val seed = vector.getValue("id_seed").jsonPrimitive.int.toUShort()
        Community.scripted(text(vector, "name"), clock, seed).use { cop ->
            val saved = mutableMapOf<String, JsonElement>()
            for ((index, element) in vector.getValue("steps").jsonArray.withIndex()) {
                val step = resolve(element, saved).jsonObject
                val at = "step ${index + 1} (${text(step, "op")})"
                val (answer, error) = outcome { answer(session(cop, text(step, "as")), step) }
                val expected = step["err"]
                when {
                    expected != null -> compare(expected, error ?: throw AssertionError("$at: no error but $answer"), at)
                    answer == null -> throw AssertionError("$at: $error")
                    else -> step["ok"]?.let { compare(it, answer, at) }
                }
                if (answer != null) step["save"]?.let { saved[it.jsonPrimitive.content] = answer }
            }
        }
    }

    private fun outcome(call: () -> JsonElement): Pair<JsonElement?, JsonElement?> =
        try {
            call() to null
        } catch (error: CopException) {
            null to buildJsonObject {
                put("kind", JsonPrimitive(error::class.simpleName))
                put("code", JsonPrimitive(error.code))
                put("message", JsonPrimitive(error.message))
                put("problems", JsonArray(error.fields.map { problem ->
                    JsonObject(mapOf("field" to problem.path, "code" to problem.code, "detail" to problem.detail).mapValues { JsonPrimitive(it.value) })
                }))
            }
        }

    private fun session(cop: Community, name: String): Session = when (name) {
        "host" -> cop.steward()
        "guest" -> cop.asGuest()
        else -> cop.asMember(MemberId(name))
    }

    private fun answer(session: Session, step: JsonObject): JsonElement {
        val args = (step["args"] ?: JsonObject(emptyMap())).jsonObject
        return when (val op = text(step, "op")) {
            "get" -> parse(session.getJson(text(args, "kind"), text(args, "id"))).jsonObject.getValue("record")
            "list" -> {
                val filter = (args["filter"] ?: JsonObject(emptyMap())).toString()
                val limit = args["limit"]?.jsonPrimitive?.int ?: 100
                val after = args["after"]?.jsonPrimitive?.contentOrNull
                val page = parse(session.listJson(text(args, "kind"), filter, limit, after)).jsonObject
                val items = page.getValue("items").jsonArray.map { it.jsonObject.getValue("record") }
                JsonObject(page + ("items" to JsonArray(items)))
            }
            "search" -> parse(session.searchJson(args.toString()))
            "history" -> parse(session.historyJson(text(args, "kind"), text(args, "id")))
            else -> {
                val call = JsonObject(mapOf("op" to JsonPrimitive(op), "args" to args))
                parse(session.applyJson(call.toString())).jsonObject.getValue("record")
            }
        }
    }

    /** Puts saved answers in the place of references such as `$ana.id`, also inside a text. */
    private fun resolve(element: JsonElement, saved: Map<String, JsonElement>): JsonElement = when (element) {
        is JsonObject -> JsonObject(element.mapValues { (_, value) -> resolve(value, saved) })
        is JsonArray -> JsonArray(element.map { resolve(it, saved) })
        is JsonPrimitive -> {
            val whole = element.takeIf { it.isString }?.let { REFERENCE.matchEntire(it.content) }
            when {
                !element.isString -> element
                whole != null -> look(whole, saved) ?: element
                else -> JsonPrimitive(REFERENCE.replace(element.content) { found ->
                    look(found, saved)?.jsonPrimitive?.content ?: found.value
                })
            }
        }
    }

    private fun look(reference: MatchResult, saved: Map<String, JsonElement>): JsonElement? {
        val steps = reference.value.removePrefix("$").split('.')
        return steps.drop(1).fold(saved[steps[0]]) { at, step ->
            when (at) {
                is JsonObject -> at[step]
                is JsonArray -> step.toIntOrNull()?.let(at::getOrNull)
                else -> null
            }
        }
    }

    /** An object may say more than expected, an array has as many elements, and everything else is equal. */
    private fun compare(expected: JsonElement, actual: JsonElement, at: String) {
        when {
            expected is JsonObject && actual is JsonObject ->
                expected.forEach { (key, value) -> compare(value, actual[key] ?: JsonNull, "$at.$key") }
            expected is JsonArray && actual is JsonArray && expected.size == actual.size ->
                expected.forEachIndexed { index, value -> compare(value, actual[index], "$at[$index]") }
            expected == actual -> Unit
            else -> throw AssertionError("$at: expected $expected, got $actual")
        }
    }

    private fun text(json: JsonObject, key: String): String = json.getValue(key).jsonPrimitive.content

    private fun parse(text: String): JsonElement = Json.parseToJsonElement(text)

    companion object {
        private val REFERENCE = Regex("""\$[a-z_][a-z0-9_]*(\.[a-z0-9_]+)+""")
        private var passed = 0
        private var failed = 0

        @AfterAll
        @JvmStatic
        fun report() = println("vectors: $passed passed, $failed failed")
    }
}
