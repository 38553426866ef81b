public import Chain
public import Ethereum
public import Settlement

/// A rule to which the escrow keeps, and which is another one than this program's: what the program says of routes, prices
/// and rulings is then not what the contract does.
public struct RuleDifference: Hashable, Sendable, CustomStringConvertible {
  /// Which rule.
  public let rule: NamedRule
  /// The program's own.
  public let expected: Digest
  /// What the escrow names; nothing where it names none.
  public let found: Digest?

  /// Every rule in which an escrow and this program differ, in the rules' order; mostly none.
  ///
  /// - Throws: `CoordinationError.chain` where the node fails, `.refused` where a rule of the program does not compile.
  public static func all(
    at escrow: Address, on chain: ChainClient, block: BlockReference = .latest
  ) async throws(CoordinationError) -> [RuleDifference] {
    var differences: [RuleDifference] = []
    for rule in NamedRule.allCases {
      let expected = try refusing { () throws(SettlementError) in try rule.digest }
      let found = try await digest(of: rule, at: escrow, on: chain, block)
      if found != expected { differences.append(RuleDifference(rule: rule, expected: expected, found: found)) }
    }
    return differences
  }

  private static func digest(
    of rule: NamedRule, at escrow: Address, on chain: ChainClient, _ block: BlockReference
  ) async throws(CoordinationError) -> Digest? {
    let reply: [UInt8]
    do throws(ChainError) {
      reply = try await chain.call(Call(to: escrow, data: rule.question.selector.bytes), at: block)
    } catch {
      // A contract that does not know the question reverts; a node that does not answer says nothing about it.
      switch error {
      case .reverted: return nil
      case .node where !error.isRetryable: return nil
      default: throw .chain(error)
      }
    }
    return try? Digest(reply)
  }

  /// The rule and both digests.
  public var description: String {
    "\(rule.rawValue) rule: the escrow names \(found?.description ?? "none"), this program has \(expected)"
  }
}
