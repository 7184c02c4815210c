package org.copkit

// A class for the ids of each kind of record, so that one is not taken for another. `reference` names the record
// wherever it may be of any kind: what a note, a story or a query is about.

/** The id of the community itself. */
public data class CommunityId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.COMMUNITY, value)

    override fun toString(): String = value
}

/** The id of an [Organization]. */
public data class OrganizationId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.ORGANIZATION, value)

    override fun toString(): String = value
}

/** The id of a [Member]. */
public data class MemberId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.MEMBER, value)

    override fun toString(): String = value
}

/** The id of a [Team]. */
public data class TeamId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.TEAM, value)

    override fun toString(): String = value
}

/** The id of a [Membership]. */
public data class MembershipId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.MEMBERSHIP, value)

    override fun toString(): String = value
}

/** The id of a [Framework] of standards. */
public data class FrameworkId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.FRAMEWORK, value)

    override fun toString(): String = value
}

/** The id of a [Standard]. */
public data class StandardId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.STANDARD, value)

    override fun toString(): String = value
}

/** The id of an [Association] of standards. */
public data class AssociationId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.ASSOCIATION, value)

    override fun toString(): String = value
}

/** The id of a [Resource]. */
public data class ResourceId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.RESOURCE, value)

    override fun toString(): String = value
}

/** The id of a [Goal]. */
public data class GoalId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.GOAL, value)

    override fun toString(): String = value
}

/** The id of a [Cycle] of inquiry. */
public data class CycleId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.CYCLE, value)

    override fun toString(): String = value
}

/** The id of a [Measure]. */
public data class MeasureId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.MEASURE, value)

    override fun toString(): String = value
}

/** The id of an [Observation]. */
public data class ObservationId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.OBSERVATION, value)

    override fun toString(): String = value
}

/** The id of a [Convening]. */
public data class ConveningId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.CONVENING, value)

    override fun toString(): String = value
}

/** The id of an [Attendance]. */
public data class AttendanceId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.ATTENDANCE, value)

    override fun toString(): String = value
}

/** The id of a [Story]. */
public data class StoryId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.STORY, value)

    override fun toString(): String = value
}

/** The id of a [Mentorship]. */
public data class MentorshipId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.MENTORSHIP, value)

    override fun toString(): String = value
}

/** The id of an [Entry]. */
public data class EntryId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.ENTRY, value)

    override fun toString(): String = value
}

/** The id of a [Finding]. */
public data class FindingId(val value: String) {
    /** The record's name, with its kind. */
    public val reference: RecordRef get() = RecordRef(RecordKind.FINDING, value)

    override fun toString(): String = value
}
