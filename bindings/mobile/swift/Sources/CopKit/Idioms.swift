import Foundation

/// Founds a community in a new file, conventionally `*.cop`: `CopKit.create("math.cop", name: "Math CoP")`.
public func create(_ path: String, name: String, lowMemory: Bool = false) throws -> Community {
    try Community.create(path: path, community: NewCommunity(name: name), lowMemory: lowMemory)
}

/// Opens a community's file: `CopKit.open("math.cop")`; with `lowMemory` it takes less, for a phone that has little.
public func open(_ path: String, lowMemory: Bool = false) throws -> Community {
    try Community.open(path: path, lowMemory: lowMemory)
}

/// Founds a community in memory; it is gone with the last session.
public func inMemory(name: String) throws -> Community {
    try Community.inMemory(community: NewCommunity(name: name))
}

extension Community {
    /// A session of a member, whom the app has authenticated.
    public func asMember(_ id: MemberId) throws -> Session { try asMember(id: id) }
}

extension Session {
    /// Searches the resources, stories, goals, cycles and convenings that this session may see.
    public func search(_ query: SearchQuery) throws -> SearchHits { try search(query: query) }

    /// Searches what this session may see for `text`: the first ten hits, with facets.
    public func search(_ text: String) throws -> SearchHits { try search(query: SearchQuery(text: text)) }
}

extension Health {
    /// Whether nothing was found to be wrong.
    public var isGood: Bool { damage.isEmpty && derived == 0 }
}

extension Snippet {
    /// The matched words of the passage.
    public var matches: [String] {
        highlights.map { highlight in
            let start = String.Index(utf16Offset: Int(highlight.start), in: text)
            let end = String.Index(utf16Offset: Int(highlight.end), in: text)
            return String(text[start..<end])
        }
    }
}

extension SearchHit {
    /// The record found, to read it by: `me.record(reference: hit.reference)`.
    public var reference: RecordRef { RecordRef(kind: record, id: id) }
}

/// Milliseconds since 1970, rounded; too far away is refused by the library, not here.
func epochMillis(_ date: Date) -> Int64 {
    let millis = (date.timeIntervalSince1970 * 1000).rounded()
    return Int64(exactly: millis) ?? (millis < 0 ? Int64.min : Int64.max)
}

extension CopError {
    /// What went wrong.
    public var problem: Problem {
        switch self {
        case .InvalidInput(let problem), .NotFound(let problem), .AlreadyExists(let problem),
            .Conflict(let problem), .NotPermitted(let problem), .Precondition(let problem),
            .Suppressed(let problem), .Unsupported(let problem), .Incompatible(let problem),
            .Corrupt(let problem), .Busy(let problem), .Interrupted(let problem), .Io(let problem),
            .Internal(let problem):
            return problem
        }
    }

    /// A word that stays the same for ever, such as `cds.format`; of several problems the first one's.
    public var code: String { problem.code }

    /// Everything that is wrong, field by field; empty for errors that are not about fields.
    public var fields: [FieldProblem] { problem.fields }
}

extension CopError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { problem.text }
    public var description: String { problem.text }
}
