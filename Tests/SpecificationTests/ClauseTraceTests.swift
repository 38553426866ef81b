import Arithmetic
import Clauses
import Ethereum
import Foundation
import JSON
import Testing

/// Every step of every clause of the library, against the machine that was written from the specification in another
/// language.
struct ClauseTraceTests {
  private static let clauses: [String] = {
    (try? Specification.traces().at("clauses").asObject?.members.map(\.name)) ?? []
  }()

  @Test func `the other machine ran the whole library`() throws {
    #expect(Self.clauses.count == 39)
    #expect(Self.clauses.contains("payoff/american-put"))
  }

  @Test(arguments: clauses)
  func `all steps of all cases are the same`(_ name: String) throws {
    let program = try Program(compiling: String(decoding: Self.bytes("\(name).clause"), as: UTF8.self))
    var hasher = Keccak256()
    for golden in try JSONValue(parsing: Self.bytes("\(name).cases.json")).at("cases").list() {
      let inputs = try Self.inputs(golden.at("inputs"))
      guard let trace = try? Machine.run(program, inputs: inputs, tracing: true).trace else { continue }
      hasher.update(trace.bytes)
    }
    #expect(try Hex.encode(hasher.finalize().bytes) == Specification.traces().at("clauses", .member(name)).text())
  }

  @Test func `programs written by hand are accepted and run the same`() throws {
    for stated in try Specification.traces().at("programs").list() {
      let program = try Program(bytecode: Hex.decode(stated.at("bytecode").text()))
      let found = try Machine.run(program, inputs: Self.inputs(stated.at("inputs")), tracing: true)
      #expect(found["r"]?.description == stated["r"]?.asString)
      #expect(String(found.cost) == stated["cost"]?.asString)
      #expect(found.cost == program.costBound)
      let trace = try #require(found.trace)
      #expect(try Hex.encode(Keccak256.hash(trace.bytes).bytes) == stated.at("traceDigest").text())
    }
  }

  private static func bytes(_ name: String) throws -> [UInt8] {
    try Specification.bytes("../../Contracts/Clauses/\(name)")
  }

  private static func inputs(_ document: JSONValue) throws -> [String: InputValue] {
    var inputs: [String: InputValue] = [:]
    for member in try #require(document.asObject).members {
      if let elements = member.value.asArray {
        inputs[member.name] = .list(try elements.map { try Int256(decimal: $0.text()) })
      } else {
        inputs[member.name] = .number(try Int256(decimal: member.value.text()))
      }
    }
    return inputs
  }
}
