package org.copkit

import java.time.Instant

/** Where everything starts: `CopKit.open("math.cop").use { cop -> … }`. */
public object CopKit {
    /** The version of the native library. */
    public val version: String get() = libraryVersion()

    /** Founds a community in a new file, conventionally `*.cop`. */
    public fun create(path: String, name: String, lowMemory: Boolean = false): Community =
        create(path, NewCommunity(name), lowMemory)

    /** Founds a community in a new file, conventionally `*.cop`. */
    public fun create(path: String, community: NewCommunity, lowMemory: Boolean = false): Community =
        Community.create(path, community, lowMemory)

    /** Opens a community's file; with [lowMemory] it takes less, for a phone that has little. */
    public fun open(path: String, lowMemory: Boolean = false): Community = Community.open(path, lowMemory)

    /** Founds a community in memory; it is gone with the last session. */
    public fun inMemory(name: String): Community = Community.inMemory(NewCommunity(name))

    /**
     * Moves a damaged file aside, with what lies beside it: `math.cop` becomes `math.cop.damaged-1`, and its place is free
     * for a copy. Nothing is deleted. Answers with where it is now. Nobody may have it open.
     */
    public fun setAside(path: String): String = org.copkit.setAside(path)
}

/** Whether nothing was found to be wrong. */
public val Health.isGood: Boolean get() = damage.isEmpty() && derived == 0L

/** Searches what this session may see for [text]: the first ten hits, with facets. */
public fun Session.search(text: String): SearchHits = search(SearchQuery(text))

/** The matched words of the passage. */
public val Snippet.matches: List<String> get() = highlights.map { text.substring(it.start, it.end) }

/** The record found, to read it by: `me.record(hit.reference)`. */
public val SearchHit.reference: RecordRef get() = RecordRef(record, id)

/**
 * All records of a list, page after page, read as they are asked for:
 * `everyPage { after -> me.resources(limit = 1_000, after = after).let { it.items to it.next } }`.
 */
public fun <T> everyPage(read: (after: String?) -> Pair<List<T>, String?>): Sequence<T> = sequence {
    var after: String? = null
    do {
        val (items, next) = read(after)
        yieldAll(items)
        after = next
    } while (after != null)
}

/** Milliseconds since 1970; an instant too far away is refused by the library, not here. */
internal fun epochMillis(instant: Instant): Long =
    try {
        instant.toEpochMilli()
    } catch (_: ArithmeticException) {
        if (instant.isBefore(Instant.EPOCH)) Long.MIN_VALUE else Long.MAX_VALUE
    }
