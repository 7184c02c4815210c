import XCTest

import CopKit

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
}
