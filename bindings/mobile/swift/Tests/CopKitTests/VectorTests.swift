import CopKit
import Foundation
import XCTest

/// Runs the conformance vectors that every language runs.
final class VectorTests: XCTestCase {
    func testVectors() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let own = tests.appendingPathComponent("Vectors")
        let files = try FileManager.default.contentsOfDirectory(at: own, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" && $0.lastPathComponent != "api.json" }
            .sorted { $0.path < $1.path }
        XCTAssertFalse(files.isEmpty, "no vectors in \(own.path): run prepare.sh")
        var failed = 0
        for file in files {
            do {
                try run(JSONDecoder().decode(JSON.self, from: Data(contentsOf: file)))
            } catch {
                failed += 1
                XCTFail("\(file.lastPathComponent): \(error)")
            }
        }
        print("vectors: \(files.count - failed) passed, \(failed) failed")
    }

    private func run(_ vector: JSON) throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let text = try vector["clock"].text()
        let plain = ISO8601DateFormatter()
        guard let clock = formatter.date(from: text) ?? plain.date(from: text) else { throw Mismatch("clock \(text)") }
        let seed = UInt16(try vector["id_seed"].number())
        let cop = try Community.scripted(name: vector["name"].text(), clock: clock, idSeed: seed)
        var saved: [String: JSON] = [:]
        for (index, raw) in try vector["steps"].items().enumerated() {
            let step = resolve(raw, saved)
            let at = try "step \(index + 1) (\(step["op"].text()))"
            var answer: JSON?
            var refusal: JSON?
            do {
                answer = try self.answer(session(cop, step["as"].text()), step)
            } catch let error as CopError {
                refusal = described(error)
            }
            switch (step.has("err"), answer, refusal) {
            case (true, _, let found?): try compare(step["err"], found, at)
            case (true, let found, nil): throw Mismatch("\(at): no error, but \(String(describing: found))")
            case (false, let found?, _): if step.has("ok") { try compare(step["ok"], found, at) }
            case (false, nil, let found): throw Mismatch("\(at): \(String(describing: found))")
            }
            if let answer, step.has("save") { saved[try step["save"].text()] = answer }
        }
    }

    private func described(_ error: CopError) -> JSON {
        // The name of the case, as Rust and Kotlin have it.
        let kind = Mirror(reflecting: error).children.first?.label ?? ""
        let problems = error.fields.map { field in
            JSON.object(["field": .text(field.path), "code": .text(field.code), "detail": .text(field.detail)])
        }
        return .object([
            "kind": .text(kind), "code": .text(error.code), "message": .text(error.problem.text),
            "problems": .array(problems),
        ])
    }

    private func session(_ cop: Community, _ name: String) throws -> Session {
        switch name {
        case "host": return cop.steward()
        case "guest": return cop.asGuest()
        default: return try cop.asMember(MemberId(name))
        }
    }

    private func answer(_ session: Session, _ step: JSON) throws -> JSON {
        let args = step.has("args") ? step["args"] : .object([:])
        switch try step["op"].text() {
        case "get":
            return try JSON(session.getJson(kind: args["kind"].text(), id: args["id"].text()))["record"]
        case "list":
            let filter = args.has("filter") ? args["filter"].written : "{}"
            let limit = args.has("limit") ? Int32(try args["limit"].number()) : 100
            let after = args.has("after") ? try args["after"].text() : nil
            let page = try JSON(session.listJson(kind: args["kind"].text(), filter: filter, limit: limit, after: after))
            return .object(["items": .array(try page["items"].items().map { $0["record"] }), "next": page["next"]])
        case "search":
            return try JSON(session.searchJson(query: args.written))
        case "history":
            return try JSON(session.historyJson(kind: args["kind"].text(), id: args["id"].text()))
        case let op:
            return try JSON(session.applyJson(op: JSON.object(["op": .text(op), "args": args]).written))["record"]
        }
    }

    /// Puts saved answers in the place of references such as `$ana.id`, also inside a text.
    private func resolve(_ json: JSON, _ saved: [String: JSON]) -> JSON {
        switch json {
        case .object(let fields): return .object(fields.mapValues { resolve($0, saved) })
        case .array(let items): return .array(items.map { resolve($0, saved) })
        case .text(let text):
            var left = Substring(text)
            var out = ""
            while let dollar = left.firstIndex(of: "$") {
                out += left[..<dollar]
                let name = left[left.index(after: dollar)...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
                let whole = "$" + name
                if let found = look(String(name), saved) {
                    if whole == text { return found }
                    out += (try? found.text()) ?? whole
                } else {
                    out += whole
                }
                left = left[name.endIndex...]
            }
            return .text(out + left)
        default: return json
        }
    }

    private func look(_ name: String, _ saved: [String: JSON]) -> JSON? {
        let steps = name.split(separator: ".").map(String.init)
        guard steps.count > 1, var at = saved[steps[0]] else { return nil }
        for step in steps.dropFirst() {
            switch at {
            case .object(let fields):
                guard let next = fields[step] else { return nil }
                at = next
            case .array(let items):
                guard let index = Int(step), items.indices.contains(index) else { return nil }
                at = items[index]
            default: return nil
            }
        }
        return at
    }

    /// An object may say more than expected, an array has as many elements, and everything else is equal.
    private func compare(_ expected: JSON, _ actual: JSON, _ at: String) throws {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            for (key, value) in wanted { try compare(value, found[key] ?? .null, "\(at).\(key)") }
        case (.array(let wanted), .array(let found)) where wanted.count == found.count:
            for (index, value) in wanted.enumerated() { try compare(value, found[index], "\(at)[\(index)]") }
        default:
            if expected != actual { throw Mismatch("\(at): expected \(expected), got \(actual)") }
        }
    }
}

private struct Mismatch: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// JSON as a value that can be compared.
private enum JSON: Equatable, Codable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: String) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

    init(from decoder: any Decoder) throws {
        let one = try decoder.singleValueContainer()
        if one.decodeNil() {
            self = .null
        } else if let it = try? one.decode(Bool.self) {
            self = .bool(it)
        } else if let it = try? one.decode(Double.self) {
            self = .number(it)
        } else if let it = try? one.decode(String.self) {
            self = .text(it)
        } else if let it = try? one.decode([JSON].self) {
            self = .array(it)
        } else {
            self = .object(try one.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var one = encoder.singleValueContainer()
        switch self {
        case .null: try one.encodeNil()
        case .bool(let it): try one.encode(it)
        case .number(let it): if let whole = Int64(exactly: it) { try one.encode(whole) } else { try one.encode(it) }
        case .text(let it): try one.encode(it)
        case .array(let it): try one.encode(it)
        case .object(let it): try one.encode(it)
        }
    }

    var written: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null" }

    subscript(_ key: String) -> JSON {
        if case .object(let fields) = self { return fields[key] ?? .null }
        return .null
    }

    func has(_ key: String) -> Bool {
        if case .object(let fields) = self { return fields[key] != nil }
        return false
    }

    func text() throws -> String {
        if case .text(let it) = self { return it }
        throw Mismatch("\(self) is no text")
    }

    func number() throws -> Double {
        if case .number(let it) = self { return it }
        throw Mismatch("\(self) is no number")
    }

    func items() throws -> [JSON] {
        if case .array(let it) = self { return it }
        throw Mismatch("\(self) is no array")
    }
}
