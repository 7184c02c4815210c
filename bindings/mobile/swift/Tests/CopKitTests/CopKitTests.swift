import CopKit
import Foundation
import XCTest

final class CopKitTests: XCTestCase {
    func testAMemberSearches() throws {
        let cop = try CopKit.inMemory(name: "Math CoP")
        let ana = try cop.steward().addMember(new: NewMember(given: "Ana", family: "Ruiz"))
        let me = try cop.asMember(ana.id)
        let task = try me.addResource(
            new: NewResource(
                kind: "task", title: "Fraction strips 🧮 on a number line", body: "Fold and compare.", grades: ["5"],
                alignments: [NewAlignment(code: "5.NF.A.1")], visibility: .community, published: true))
        let page = try me.search(SearchQuery(text: "number line", grades: ["05"], standards: ["5.NF"]))
        XCTAssertEqual(page.hits.map { ResourceId($0.id) }, [task.id])
        XCTAssertEqual(try cop.asGuest().search("number line").total, 0)
    }

    func testABadCdsCodeIsRefused() throws {
        let host = try CopKit.inMemory(name: "Math CoP").steward()
        let school = NewOrganization(kind: "school", name: "Lincoln", cds: "123")
        XCTAssertThrowsError(try host.addOrganization(new: school)) { error in
            guard case CopError.InvalidInput(let problem) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(problem.code, "cds.format")
            XCTAssertEqual(problem.fields.map(\.path), ["cds"])
        }
    }

    func testWhatOneMayNotSeeDoesNotExist() throws {
        let cop = try CopKit.inMemory(name: "Math CoP")
        let ana = try cop.steward().addMember(new: NewMember(given: "Ana", family: "Ruiz"))
        let draft = try cop.asMember(ana.id).addResource(new: NewResource(kind: "task", title: "Draft"))
        XCTAssertThrowsError(try cop.asGuest().resource(id: draft.id)) { error in
            guard case CopError.NotFound(let problem) = error else { return XCTFail("\(error)") }
            XCTAssertEqual(problem.code, "record.not_found")
            XCTAssertEqual(error.localizedDescription, "no resource \(draft.id)")
        }
    }

    func testACycleTurns() throws {
        let cop = try CopKit.inMemory(name: "Math CoP")
        let host = cop.steward()
        let lea = try host.addMember(new: NewMember(given: "Lea", family: "Núñez")).id
        let team = try host.createTeam(new: NewTeam(kind: TeamKinds.crossDistrict, name: "Discourse")).id
        _ = try host.addMembership(new: NewMembership(team: team, member: lea, roles: [.lead]))
        _ = try host.activateTeam(team: team)
        let me = try cop.asMember(lea)
        let problem = try me.addGoal(new: NewGoal(kind: .problem, title: "Pocos explican", team: team)).id
        let cycle = try me.startCycle(
            new: NewCycle(team: team, kind: .pdsa, title: "Frames", startsOn: Day(2021, 10, 4), problem: problem))
        XCTAssertEqual(cycle.startsOn, Day(2021, 10, 4))
        XCTAssertEqual(cycle.phase, Phases.plan)
        XCTAssertThrowsError(try me.advanceCycle(cycle: cycle.id)) { error in
            guard case CopError.Precondition(let problem) = error else { return XCTFail("\(error)") }
            XCTAssertGreaterThan(problem.fields.count, 1)
        }
        _ = try me.addEntry(new: NewEntry(subject: cycle.id.reference, kind: EntryKinds.note, body: "Two classes."))
        XCTAssertEqual(try me.entries(filter: EntryFilter(subject: cycle.id.reference)).items.map(\.body), ["Two classes."])
        let stories = try me.stories(filter: StoryFilter(consent: .unsaid)).items
        XCTAssertEqual(stories, [])
    }

    func testStandingByAndBack() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let cop = try CopKit.create(folder.appendingPathComponent("math.cop").path, name: "Math CoP", lowMemory: true)
        let ana = try cop.steward().addMember(new: NewMember(given: "Ana", family: "Ruiz"))
        let me = try cop.asMember(ana.id)
        try cop.standBy()
        XCTAssertFalse(cop.isOpen())
        XCTAssertThrowsError(try me.member(id: ana.id)) { XCTAssertEqual(($0 as? CopError)?.code, "store.suspended") }
        XCTAssertFalse(FileManager.default.fileExists(atPath: folder.appendingPathComponent("math.cop-wal").path))
        cop.resume()
        XCTAssertEqual(try me.member(id: ana.id), ana)
    }

    func testACopyIsCheckedAndTakesThePlaceOfWhatIsDamaged() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("math.cop").path
        let backup = folder.appendingPathComponent("backup.cop").path
        do {
            let cop = try CopKit.create(path, name: "Math CoP")
            _ = try cop.steward().addMember(new: NewMember(given: "Ana", family: "Ruiz"))
            XCTAssertTrue(try cop.check().isGood)
            XCTAssertEqual(try cop.repair(), 0)
            XCTAssertEqual(try cop.copyTo(path: backup), try cop.checksum())
            let head = try cop.head()
            XCTAssertEqual(try cop.waitForChanges(seq: head, timeoutMs: 0), head)
        }
        XCTAssertEqual(try setAside(path: path), path + ".damaged-1")
        try FileManager.default.moveItem(atPath: backup, toPath: path)
        XCTAssertEqual(try CopKit.open(path).about().name, "Math CoP")
    }

    func testAListIsObservedAndASearchFollowsTheTyping() async throws {
        let cop = try CopKit.inMemory(name: "Math CoP")
        let host = cop.steward()
        var seen: [[String]] = []
        for try await names in host.observe({ try $0.members().items.map(\.given) }) {
            seen.append(names)
            if seen.count == 2 { break }
            _ = try await host.run { try $0.addMember(new: NewMember(given: "Ana", family: "Ruiz")) }
        }
        XCTAssertEqual(seen, [[], ["Ana"]])
        let me = try cop.asMember(host.members().items[0].id)
        _ = try me.addResource(new: NewResource(kind: ResourceKinds.task, title: "Fractions", body: "Fold.", published: true))
        let (texts, typed) = AsyncStream.makeStream(of: String.self)
        for text in ["f", "fr", "frac"] { typed.yield(text) }
        typed.finish()
        var last: SearchHits?
        for try await page in me.searchAsYouType(texts) { last = page }
        XCTAssertEqual(last?.total, 1)
    }

    func testDaysAndTimesAreWhatTheySay() throws {
        XCTAssertEqual(Day("2021-07-01"), Day(2021, 7, 1))
        XCTAssertNil(Day("2021-07"))
        XCTAssertLessThan(Day(2021, 12, 31), Day(2022, 1, 1))
        XCTAssertEqual(CivilTime("2021-09-14T16:05:00")?.description, "2021-09-14T16:05:00")
        XCTAssertEqual(begun("number li"), "number li*")
    }
}
