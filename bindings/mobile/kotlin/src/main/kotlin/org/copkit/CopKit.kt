package org.copkit

import java.time.Instant

/** Where everything starts: `CopKit.open("math.cop").use { cop -> … }`. */
public object CopKit {
    /** The version of the native library. */
    public val version: String get() = libraryVersion()

    /** Founds a community in a new file, conventionally `*.cop`. */
    public fun create(path: String, name: String): Community = create(path, NewCommunity(name))

    /** Founds a community in a new file, conventionally `*.cop`. */
    public fun create(path: String, community: NewCommunity): Community = Community.create(path, community)

    /** Opens a community's file. */
    public fun open(path: String): Community = Community.open(path)

    /** Founds a community in memory; it is gone with the last session. */
    public fun inMemory(name: String): Community = Community.inMemory(NewCommunity(name))
}

/** Searches what this session may see for [text]: the first ten hits, with facets. */
public fun Session.search(text: String): SearchHits = search(SearchQuery(text))

/** The matched words of the passage. */
public val Snippet.matches: List<String> get() = highlights.map { text.substring(it.start, it.end) }

/** The id of the community itself. */
public data class CommunityId(val value: String) {
    override fun toString(): String = value
}

/** The id of an [Organization]. */
public data class OrganizationId(val value: String) {
    override fun toString(): String = value
}

/** The id of a [Member]. */
public data class MemberId(val value: String) {
    override fun toString(): String = value
}

/** The id of a [Team]. */
public data class TeamId(val value: String) {
    override fun toString(): String = value
}

/** The id of a [Membership]. */
public data class MembershipId(val value: String) {
    override fun toString(): String = value
}

/** The id of a standard. */
public data class StandardId(val value: String) {
    override fun toString(): String = value
}

/** The id of a [Resource]. */
public data class ResourceId(val value: String) {
    override fun toString(): String = value
}

/** The id of a convening. */
public data class ConveningId(val value: String) {
    override fun toString(): String = value
}

/** The id of a cycle of inquiry. */
public data class CycleId(val value: String) {
    override fun toString(): String = value
}

/** Milliseconds since 1970; an instant too far away is refused by the library, not here. */
internal fun epochMillis(instant: Instant): Long =
    try {
        instant.toEpochMilli()
    } catch (_: ArithmeticException) {
        if (instant.isBefore(Instant.EPOCH)) Long.MIN_VALUE else Long.MAX_VALUE
    }
