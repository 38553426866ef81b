import Arithmetic
import Ethereum
import JSON
import Terms
import Testing
import TradeSamples

/// The lines that only some clauses need, and the schedule of fixings among them.
struct ClauseParametersTests {
  private func terms(_ parameters: String) throws -> OptionTerms {
    try Sample.terms().changed { economics, _ in economics.parameters = parameters }
  }

  @Test func `lines are read in their order, with what each number means`() throws {
    let parameters = try terms("Barrier 300000000000 price\nbarrier 1 count\nlast_day 0 time\n").parameters
    #expect(parameters.entries.map(\.name) == ["Barrier", "barrier", "last_day"])
    #expect(parameters.entries.map(\.unit) == [.price, .count, .time])
    #expect(parameters["Barrier"]?.value == 300_000_000_000)
    #expect(parameters["last"] == nil)
    #expect(try Sample.terms().parameters.entries == [])
  }

  @Test(arguments: [
    "barrier 1 price", "\n", "barrier 1 price\n\n", "barrier  1 price\n", " barrier 1 price\n", "barrier 1 price \n",
    "barrier 1\n", "barrier 1 price extra\n", "barrier 01 price\n", "barrier -1 price\n", "barrier +1 price\n",
    "barrier 0x1 price\n", "barrier 1.0 price\n", "barrier  price\n", "barrier 1 Price\n", "barrier 1 usd\n",
    "1barrier 1 price\n", "_barrier 1 price\n", "bar-rier 1 price\n", "bärrier 1 price\n", "b 1 price\na 1 price\n",
    "a 1 price\na 1 price\n", "a 1 price\na 2 count\n", "a 1 price\r\n", "a\t1\tprice\n",
    "a 340282366920938463463374607431768211456 amount\n", "a 18446744073709551616 time\n",
    "abcdefghijklmnopqrstuvwxyzabcdefg 1 count\n",
  ])
  func `another form is refused, and not mended`(_ text: String) throws {
    let error = try #require(throws: TermsError.self) { try terms(text) }
    #expect(error.faults.map(\.path) == ["economics.parameters"])
    #expect(error.faults.allSatisfy { !$0.found.isEmpty && !$0.fix.isEmpty })
  }

  @Test func `the largest numbers and the longest name are taken`() throws {
    let name = String(repeating: "n", count: 32)
    let largest = "340282366920938463463374607431768211455"
    let parameters = try terms("a \(largest) delivery\nb 18446744073709551615 duration\n\(name) 0 quantity\n")
      .parameters
    #expect(parameters.entries.count == 3)
    #expect(parameters["b"]?.value == UInt256(UInt64.max))
  }

  @Test func `1,024 bytes are taken, one more is not`() throws {
    // 37 lines of 27 bytes and one of 25.
    let lines = (0..<37).map { "n\($0 + 10) 1000000000000000 price\n" }.joined()
    let fits = lines + "z 1000000000000000 price\n"
    #expect(fits.utf8.count == 1_024)
    #expect(try terms(fits).parameters.entries.count == 38)
    let long = lines + "z 10000000000000000 price\n"
    #expect(throws: TermsError.self) { try terms(long) }
  }

  private func schedule(_ start: UInt64, _ interval: UInt64, _ count: UInt64) -> String {
    "fixingCount \(count) count\nfixingInterval \(interval) duration\nfixingStart \(start) time\n"
  }

  @Test func `without a schedule the one fixing is at expiration`() throws {
    let terms = try Sample.terms()
    #expect(terms.fixings.start == terms.escrow.expirationTime)
    #expect(terms.fixings.end == terms.escrow.expirationTime)
    #expect(terms.fixings.count == 1)
  }

  @Test func `a schedule ends at or before expiration`() throws {
    let end = try Sample.terms().escrow.expirationTime
    let fixings = try terms(schedule(end - 290, 10, 30)).fixings
    #expect(fixings.end == end)
    #expect(fixings.count == 30)
    #expect(throws: TermsError.self) { try terms(schedule(end - 289, 10, 30)) }
    #expect(throws: TermsError.self) { try terms(schedule(0, 10, 30)) }
  }

  @Test func `a year of daily prices by three observers is the most`() throws {
    let day: UInt64 = 86_400
    let end = try Sample.terms().escrow.expirationTime
    #expect(try terms(schedule(end - 364 * day, day, 365)).fixings.count == 365)
    #expect(throws: TermsError.self) { try terms(schedule(end - 365 * day, day, 366)) }
  }

  @Test func `a review says where the prices may not fit into a proposal`() throws {
    let end = try Sample.terms().escrow.expirationTime
    #expect(try TermsReview(of: terms(schedule(end - 81, 1, 82))).warnings == [])
    #expect(try TermsReview(of: terms(schedule(end - 82, 1, 83))).warnings == [.evidenceOffChain(quoteCount: 249)])
  }

  @Test(arguments: [
    "fixingCount 3 count\n", "fixingCount 3 count\nfixingInterval 1 duration\n",
    "fixingCount 3 count\nfixingInterval 1 time\nfixingStart 1 time\n",
    "fixingCount 0 count\nfixingInterval 1 duration\nfixingStart 1 time\n",
    "fixingCount 3 count\nfixingInterval 0 duration\nfixingStart 1 time\n",
    "fixingCount 3 count\nfixingInterval 18446744073709551615 duration\nfixingStart 1 time\n",
    "fixingCount 2 count\nfixingInterval 18446744073709551615 duration\nfixingStart 1 time\n",
    "fixingCount 18446744073709551616 count\nfixingInterval 1 duration\nfixingStart 1 time\n",
  ])
  func `half a schedule is none`(_ text: String) throws {
    let error = try #require(throws: TermsError.self) { try terms(text) }
    #expect(error.faults.map(\.path) == ["economics.parameters"])
  }

  @Test func `American and Bermudan options are exercised before expiration`() throws {
    for style in [ExerciseStyle.american, .bermudan] {
      let terms = try Sample.terms().changed { economics, escrow in
        economics.exerciseStyle = style
        escrow.exerciseStart = escrow.expirationTime - 1
      }
      #expect(terms.economics.typed.members[1].value == .string(style.rawValue))
    }
  }
}
