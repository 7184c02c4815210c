import CopKit
import SwiftUI

/// One screen: a team's goals, a form for another, and a search that follows the typing.
@main
struct PocketApp: App {
    @Environment(\.scenePhase) private var phase
    @State private var library: Library?
    @State private var failed: String?

    var body: some Scene {
        WindowGroup {
            if let library {
                LibraryView(library: library)
            } else {
                Text(failed ?? "Opening…").task { open() }
            }
        }
        .onChange(of: phase) { _, phase in
            guard let cop = library?.cop else { return }
            // Whoever holds a lock while it is suspended is ended by the system (0xdead10cc).
            let background = UIApplication.shared.beginBackgroundTask()
            Task {
                switch phase {
                case .background: try? await cop.standByInBackground()
                case .active: try? await cop.run { $0.resume() }
                default: break
                }
                UIApplication.shared.endBackgroundTask(background)
            }
        }
    }

    private func open() {
        do {
            library = try Library.open()
        } catch {
            failed = error.localizedDescription
        }
    }
}

/// What the screen shows of a community.
@MainActor
final class Library: ObservableObject {
    let cop: Community
    private let me: Session
    private let team: TeamId
    private let texts: AsyncStream<String>
    private let typed: AsyncStream<String>.Continuation
    @Published private(set) var goals: [Goal] = []
    @Published private(set) var hits: [SearchHit] = []
    @Published private(set) var wrong: [String: String] = [:]

    static func open() throws -> Library {
        // A folder of its own: the file, its index and its log are all there is, and the folder is what is backed up.
        let folder = URL.applicationSupportDirectory.appending(path: "community")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "math.cop").path
        let exists = FileManager.default.fileExists(atPath: path)
        let cop = exists ? try CopKit.open(path, lowMemory: true) : try CopKit.create(path, name: "Math CoP", lowMemory: true)
        let host = cop.steward()
        let me = try host.members(limit: 1).items.first?.id ?? host.addMember(new: NewMember(given: "Ana", family: "Ruiz")).id
        if let team = try host.teams(limit: 1).items.first?.id { return try Library(cop, me, team) }
        let team = try host.createTeam(new: NewTeam(kind: TeamKinds.crossDistrict, name: "Discourse")).id
        _ = try host.addMembership(new: NewMembership(team: team, member: me, roles: [.lead]))
        _ = try host.activateTeam(team: team)
        return try Library(cop, me, team)
    }

    private init(_ cop: Community, _ member: MemberId, _ team: TeamId) throws {
        self.cop = cop
        self.team = team
        me = try cop.asMember(member)
        (texts, typed) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
    }

    func type(_ text: String) { typed.yield(text) }

    /// Follows the goals, as long as the screen is there.
    func followGoals() async {
        let team = team
        do {
            for try await goals in me.observe({ try $0.goals(filter: GoalFilter(team: team)).items }) { self.goals = goals }
        } catch {
            wrong = ["": error.localizedDescription]
        }
    }

    /// Follows the typing, as long as the screen is there.
    func followTyping() async {
        do {
            for try await page in me.searchAsYouType(texts) { hits = page.hits }
        } catch {
            wrong = ["": error.localizedDescription]
        }
    }

    /// Adds a goal, or says what is wrong with it, field by field.
    func add(_ title: String) async {
        let team = team
        do {
            _ = try await me.run { try $0.addGoal(new: NewGoal(kind: .goal, title: title, team: team)) }
            wrong = [:]
        } catch let error as CopError {
            wrong = Dictionary(error.fields.map { ($0.path, $0.detail) }) { first, _ in first }
        } catch {
            wrong = ["": error.localizedDescription]
        }
    }
}

struct LibraryView: View {
    @ObservedObject var library: Library
    @State private var text = ""
    @State private var title = ""

    var body: some View {
        NavigationStack {
            List {
                if text.isEmpty {
                    ForEach(library.goals, id: \.id) { goal in
                        LabeledContent(goal.title, value: String(describing: goal.status))
                    }
                    Section("A new goal") {
                        TextField("Title", text: $title)
                        if let wrong = library.wrong["title"] { Text(wrong).foregroundStyle(.red) }
                        Button("Add") { Task { await library.add(title) } }
                    }
                } else {
                    ForEach(library.hits, id: \.id) { hit in
                        VStack(alignment: .leading) {
                            Text(hit.title)
                            Text(hit.snippet.text).font(.caption)
                        }
                    }
                }
            }
            .navigationTitle("Math CoP")
            .searchable(text: $text)
            .onChange(of: text) { _, text in library.type(text) }
        }
        .task { await library.followGoals() }
        .task { await library.followTyping() }
    }
}
