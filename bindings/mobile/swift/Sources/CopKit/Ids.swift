/// What the ids of records have in common: a text that is a type of its own for each kind of record.
public protocol RecordId: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The kind of record that it is the id of.
    static var kind: RecordKind { get }
    /// The id as text: a lower-case UUID.
    var value: String { get }
    /// The id that `value` spells.
    init(_ value: String)
}

extension RecordId {
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { value }
    /// The record's name, with its kind: what a note, a story or a query is about.
    public var reference: RecordRef { RecordRef(kind: Self.kind, id: value) }
}

/// The id of the community itself.
public struct CommunityId: RecordId {
    public static var kind: RecordKind { .community }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of an organization.
public struct OrganizationId: RecordId {
    public static var kind: RecordKind { .organization }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a member.
public struct MemberId: RecordId {
    public static var kind: RecordKind { .member }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a team.
public struct TeamId: RecordId {
    public static var kind: RecordKind { .team }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a membership.
public struct MembershipId: RecordId {
    public static var kind: RecordKind { .membership }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a framework of standards.
public struct FrameworkId: RecordId {
    public static var kind: RecordKind { .framework }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a standard.
public struct StandardId: RecordId {
    public static var kind: RecordKind { .standard }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of an association of standards.
public struct AssociationId: RecordId {
    public static var kind: RecordKind { .association }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a resource.
public struct ResourceId: RecordId {
    public static var kind: RecordKind { .resource }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a goal.
public struct GoalId: RecordId {
    public static var kind: RecordKind { .goal }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a cycle of inquiry.
public struct CycleId: RecordId {
    public static var kind: RecordKind { .cycle }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a measure.
public struct MeasureId: RecordId {
    public static var kind: RecordKind { .measure }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of an observation.
public struct ObservationId: RecordId {
    public static var kind: RecordKind { .observation }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a convening.
public struct ConveningId: RecordId {
    public static var kind: RecordKind { .convening }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of an attendance.
public struct AttendanceId: RecordId {
    public static var kind: RecordKind { .attendance }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a story.
public struct StoryId: RecordId {
    public static var kind: RecordKind { .story }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a mentorship.
public struct MentorshipId: RecordId {
    public static var kind: RecordKind { .mentorship }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a note.
public struct EntryId: RecordId {
    public static var kind: RecordKind { .entry }
    public let value: String
    public init(_ value: String) { self.value = value }
}

/// The id of a finding.
public struct FindingId: RecordId {
    public static var kind: RecordKind { .finding }
    public let value: String
    public init(_ value: String) { self.value = value }
}
