import Arithmetic
import Clauses
import TestSupport
import Testing

@Suite struct LibraryTests {
  @Test func `the library is found`() {
    #expect(Set(ClauseFile.allCases.map(\.name)).isSuperset(of: ["payoff/european-call", "escrow/vault"]))
  }

  @Test(arguments: ClauseFile.allCases)
  func `every golden case gives what the independent model says`(_ file: ClauseFile) throws {
    let program = try file.program
    let cases = try file.cases
    #expect(cases.count > 20)
    for golden in cases {
      #expect(golden.answer(of: program) == golden.expected, "\(file.name): \(golden.name)")
    }
  }

  @Test(arguments: ClauseFile.allCases)
  func `bytecode without its source gives the same`(_ file: ClauseFile) throws {
    let compiled = try file.program
    let loaded = try Program(bytecode: compiled.bytecode)
    #expect(loaded == compiled)
    #expect(loaded.sourceMap == nil)
    for golden in try file.cases {
      #expect(golden.answer(of: loaded) == golden.expected, "\(file.name): \(golden.name)")
    }
  }

  @Test(arguments: ClauseFile.allCases)
  func `no golden case costs more than the bound, and some case costs nearly as much`(_ file: ClauseFile) throws {
    let program = try file.program
    let costs = try file.cases.compactMap { try? Machine.run(program, inputs: $0.inputs).cost }
    let highest = try #require(costs.max())
    #expect(highest <= program.costBound)
    #expect(highest * 2 > program.costBound)
  }

  @Test(arguments: ClauseFile.allCases)
  func `a trace repeats, has a step for each instruction run, and does not need the source`(_ file: ClauseFile) throws {
    let compiled = try file.program
    let loaded = try Program(bytecode: compiled.bytecode)
    let inputs = try #require(try file.cases.first).inputs
    let first = try #require(try Machine.run(compiled, inputs: inputs, tracing: true).trace)
    let second = try #require(try Machine.run(loaded, inputs: inputs, tracing: true).trace)
    #expect(first.bytes == second.bytes)
    #expect(!first.steps.isEmpty)
    #expect(first.steps.allSatisfy { $0.source != nil })
    #expect(try Machine.run(compiled, inputs: inputs).trace == nil)
  }

  @Test(arguments: ClauseFile.allCases)
  func `listing and bytecode are the committed ones`(_ file: ClauseFile) throws {
    let program = try file.program
    Golden.expect(program.listing, in: "Contracts/Clauses/\(file.name).listing")
    let hex = program.bytecode.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    Golden.expect("0x\(hex)\n", in: "Contracts/Clauses/\(file.name).bytecode")
  }

  @Test func `the call pays 150 tokens when 1.500 units are 100.00 in the money`() throws {
    let payments = try #require(
      try Machine.run(
        try ClauseFile.call.program,
        inputs: [
          "strikePrice": 250_000, "quantity": 1_500, "buyerCollateral": 40, "sellerCollateral": 300_000_000,
          "scaleUp": 10, "scaleDown": 1, "settlementPrice": 260_000,
        ]
      ).payments)
    #expect(payments.toBuyer == 150_000_040)
    #expect(payments.toSeller == 150_000_000)
  }
}
