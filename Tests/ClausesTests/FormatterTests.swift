import ClauseAgreement
import Clauses
import TestSupport
import Testing

@Suite struct FormatterTests {
  @Test(arguments: ClauseFile.allCases)
  func `the library is in its layout`(_ file: ClauseFile) throws {
    #expect(try Formatter.format(file.source) == file.source, "write it with `tallystick clause format --write`")
  }

  @Test(arguments: ClauseFile.allCases)
  func `a clause of the library keeps its bytecode and its comments`(_ file: ClauseFile) throws {
    let text = try Formatter.format(file.source)
    #expect(try Program(compiling: text).bytecode == file.program.bytecode)
    #expect(try comments(text) == comments(file.source))
    #expect(try Formatter.format(text) == text)
  }

  @Test(arguments: ClauseFile.allCases)
  func `however a clause is torn apart, its layout comes back`(_ file: ClauseFile) throws {
    var random = SeededGenerator("torn apart")
    // Without comments, which end a line, and empty lines, which are kept.
    let plain = try file.source.replacing(/--.*/, with: "").replacing(/\n\s*\n/, with: "\n")
    let expected = try Formatter.format(plain)
    for _ in 0..<10 {
      let torn = plain.replacing(/\s+/) { _ in [" ", "\n", "\t  ", "\r\n"].randomElement(using: &random) ?? " " }
      #expect(try Formatter.format(torn) == expected)
    }
  }

  @Test func `random programs keep their bytecode, and comments anywhere stay`() throws {
    var random = SeededGenerator("formatter")
    var generator = ProgramGenerator(seed: random.next())
    var compared = 0
    while compared < 150 {
      let source = generator.program()
      guard let program = try? Program(compiling: source) else { continue }
      compared += 1
      let text = try Formatter.format(source)
      #expect(try Program(compiling: text).bytecode == program.bytecode)
      #expect(try Formatter.format(text) == text)
      var count = 0
      let commented = source.replacing(/\s+/) { match in
        guard Int.random(in: 0..<8, using: &random) == 0 else { return String(match.output) }
        count += 1
        return ["\n-- comment \(count)\n", " -- comment \(count)\n"].randomElement(using: &random) ?? ""
      }
      let laidOut = try Formatter.format(commented)
      #expect(try Program(compiling: laidOut).bytecode == program.bytecode)
      #expect(comments(laidOut) == (0..<count).map { "-- comment \($0 + 1)" })
      #expect(try Formatter.format(laidOut) == laidOut, "\(laidOut)")
    }
  }

  @Test func `headings stand apart, columns are aligned, comments stay where they were`() throws {
    let source = """
      -- Before.
      payoff   Call language 1
      enum Colour=Red|Green
      terms strikePrice:Price -- the strike


      quantity:Quantity
        -- of the seller
        sellerCollateral:Amount of token   -- all of it
      facts settlementPrice:Price
      let gain=max(settlementPrice-strikePrice,0 Price)
      let x = -1 -- one
      let longer=( x+1 )*2

      escrow sellerCollateral
      pay buyer min(amount(quantity,gain,floor),sellerCollateral) pay seller remainder
      -- After.

      """
    #expect(
      try Formatter.format(source) == """
        -- Before.
        payoff Call language 1

        enum Colour = Red | Green

        terms
          strikePrice : Price  -- the strike

          quantity : Quantity
          -- of the seller
          sellerCollateral : Amount of token  -- all of it

        facts
          settlementPrice : Price
        let gain   = max(settlementPrice - strikePrice, 0 Price)
        let x      = -1  -- one
        let longer = (x + 1) * 2

        escrow sellerCollateral
        pay buyer min(amount(quantity, gain, floor), sellerCollateral)
        pay seller remainder
        -- After.

        """)
  }

  @Test func `what is too wide is broken from the outside in`() throws {
    let source = """
      escrow Long language 1
      let a = if one then two else if three then four else five
      let b = match status case Open or Proposed then 1 case Closed then
      if aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa == bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb then 1 else 2 else 3
      let c = fold total = 0 Price over p in prices, i in indices(prices), k below 100
      with if i > 0 and k > 5 then total + p else total
      let d = any p in prices with p > 0 Price
      let e = min(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
      cccccccccccccccccccccccccccccccccccccc,
      0x00000000000000000000000000000000000000FF)
      escrow whole
      stage Offer while status == Unopened until acceptBy route open open pays nothing
      after route late
      open when not (a or b) and ccccccccccccccccccccccccccccccccccccccccc and dddddddddddddddddddddddddddd and eeeeeeeeeeeeeee
      pays buyer 1 Amount pays buyer 0 Amount of deliveryToken end
      route other
      open when aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbb or ccccccccccccccccccccccccccccc
      pays nothing
      """
    #expect(
      try Formatter.format(source) == """
        escrow Long language 1

        let a =
          if one then two
          else if three then four
          else five
        let b =
          match status
            case Open or Proposed then 1
            case Closed then
              if aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa == bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb then 1 else 2
            else 3
        let c =
          fold total = 0 Price over p in prices, i in indices(prices), k below 100 with
            if i > 0 and k > 5 then total + p else total
        let d = any p in prices with p > 0 Price
        let e =
          min(
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
            cccccccccccccccccccccccccccccccccccccc,
            0x00000000000000000000000000000000000000FF)
        escrow whole

        stage Offer
          while status == Unopened
          until acceptBy
          route open
            open
            pays nothing
          after
          route late
            open when not (a or b) and ccccccccccccccccccccccccccccccccccccccccc and dddddddddddddddddddddddddddd
                and eeeeeeeeeeeeeee
            pays buyer 1 Amount
            pays buyer 0 Amount of deliveryToken
        end

        route other
          open when aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbb
              or ccccccccccccccccccccccccccccc
          pays nothing

        """)
  }

  @Test func `a text that is no clause is refused with all its faults`() {
    #expect {
      try Formatter.format("payoff Call language 1\nlet = 1\nlet a = )\nfacts\n")
    } throws: {
      ($0 as? ClauseErrors)?.diagnostics.count == 3
    }
  }

  private func comments(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      line.firstRange(of: "--").map { String(line[$0.lowerBound...]).trimmingSuffix { $0 == " " } }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(while isPadding: (Character) -> Bool) -> String {
    var rest = self[...]
    while let last = rest.last, isPadding(last) { rest.removeLast() }
    return String(rest)
  }
}
