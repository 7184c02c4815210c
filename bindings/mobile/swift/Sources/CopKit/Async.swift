import Foundation

// Every call of the library blocks: a read for microseconds, a write until it is safe on the disk. None belongs on the
// main actor, nor on the few threads that `async` code shares.

/// Where blocking calls run.
private let blocking = DispatchQueue(label: "org.copkit", qos: .userInitiated, attributes: .concurrent)

private func offMain<T: Sendable>(_ call: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        blocking.async { continuation.resume(with: Result { try call() }) }
    }
}

extension Session {
    /// Runs `call` on a thread that may block: `let teams = try await me.run { try $0.teams() }`.
    public func run<T: Sendable>(_ call: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await offMain { try call(self) }
    }

    /// What `read` answers: now, and again whenever something was written, if it answers something else then.
    ///
    ///     for try await goals in me.observe({ try $0.goals(filter: GoalFilter(team: team)).items }) { show(goals) }
    ///
    /// An error of `read` ends the stream; while the community stands by it waits for `resume`, and reads again then.
    public func observe<T: Equatable & Sendable>(
        _ read: @escaping @Sendable (Session) throws -> T
    ) -> AsyncThrowingStream<T, any Error> {
        let ticks = Ticks()
        let watch = self.watch(watcher: ticks)
        return AsyncThrowingStream { continuation in
            let reader = Task {
                do {
                    var last: T?
                    for await _ in ticks.stream {
                        do {
                            let now = try await self.run(read)
                            if now != last { continuation.yield(now) }
                            last = now
                        } catch CopError.Interrupted {
                            // `resume` is a tick.
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                watch.stop()
                reader.cancel()
            }
        }
    }

    /// Searches while somebody types: of texts that follow each other faster than they are searched, only the last is,
    /// and what was found for an earlier one is dropped.
    ///
    /// Unless `query` says otherwise, the last word counts as the beginning of one, and there are no facets.
    public func searchAsYouType(
        _ texts: AsyncStream<String>,
        query: @escaping @Sendable (String) -> SearchQuery = { SearchQuery(text: begun($0), facets: false) }
    ) -> AsyncThrowingStream<SearchHits, any Error> {
        AsyncThrowingStream { continuation in
            let typing = Task {
                var search: Task<Void, Never>?
                for await text in texts {
                    let previous = search
                    previous?.cancel()
                    search = Task {
                        // One at a time; whoever was cancelled meanwhile does not begin.
                        await previous?.value
                        if Task.isCancelled { return }
                        do {
                            let hits = try await self.run { try $0.search(query: query(text)) }
                            if !Task.isCancelled { continuation.yield(hits) }
                        } catch {
                            continuation.finish(throwing: error)
                        }
                    }
                }
                await search?.value
                continuation.finish()
            }
            continuation.onTermination = { _ in typing.cancel() }
        }
    }
}

extension Community {
    /// Runs `call` on a thread that may block: `try await cop.run { try $0.standBy() }`.
    public func run<T: Sendable>(_ call: @escaping @Sendable (Community) throws -> T) async throws -> T {
        try await offMain { try call(self) }
    }

    /// Gives every lock and file back before the system suspends the app, which otherwise ends it (0xdead10cc): call it
    /// from `scenePhase == .background`, inside a background task.
    public func standByInBackground() async throws {
        try await run { try $0.standBy() }
    }
}

/// The text as a query whose last word is still being typed: `number li*`.
public func begun(_ text: String) -> String {
    guard let last = text.last, last.isLetter || last.isNumber else { return text }
    return text + "*"
}

/// Something once now, and once after what was written since.
private final class Ticks: Watcher {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
    }

    func changed(head: Int64) throws {
        continuation.yield()
    }
}
