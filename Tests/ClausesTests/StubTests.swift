import Foundation
import Clauses
import Testing

@Test func tryit() throws {
  for p in ["payoff/european-call", "escrow/vault"] {
    let url = "/tmp/wt/clauses/Contracts/Clauses/\(p).clause"
    let f = try String(contentsOfFile: url, encoding: .utf8)
    do { print(try Program(compiling: f).listing) } catch { print(error) }
  }
}
