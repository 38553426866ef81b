public import Arithmetic
import Clauses
public import Terms

/// The acts an escrow knows, by the names that its rule gives them.
public enum Route: String, Hashable, Sendable, CaseIterable {
  case open
  case agreed
  case propose
  case dispute
  case finalise
  case settleByDefault = "default"
}

/// A route as the escrow rule sees it at one moment.
public struct RouteView: Hashable, Sendable {
  /// Which act.
  public let route: Route
  /// Whether a transaction in a block of this time would be taken.
  public let isOpen: Bool
  /// What the route releases; nothing where it is closed or releases nothing.
  public let releases: Release?
}

/// Parts of the escrow, in base units of the token.
public struct Release: Hashable, Sendable {
  /// The buyer's part.
  public let toBuyer: UInt256
  /// The seller's part; both sum to the escrow.
  public let toSeller: UInt256

  package init(toBuyer: UInt256, toSeller: UInt256) {
    self.toBuyer = toBuyer
    self.toSeller = toSeller
  }
}

/// What an escrow's state is on chain, as far as its rule reads it.
public enum VaultState: Hashable, Sendable {
  case unopened
  case open
  case proposed(at: UInt64, toBuyer: UInt256)
  case disputed(at: UInt64)
  case closed
}

/// The rule of this contract version: which routes are open at a time, and what each releases. It is a clause,
/// `Contracts/Clauses/escrow/vault.clause`, compiled into the program; the contract enforces the same.
public enum EscrowRule {
  /// The rule's source, byte for byte the file.
  public static let source = String(decoding: PackageResources.vault_clause, as: UTF8.self)

  private static let program: Result<Program, ClauseErrors> = {
    do throws(ClauseErrors) { return .success(try Program(compiling: source)) } catch { return .failure(error) }
  }()

  /// Every route, in the rule's order.
  ///
  /// - Parameter now: Unix seconds of a block.
  /// - Throws: `SettlementError.clauseFault` where the rule faults, which the terms' bounds exclude.
  public static func routes(
    of terms: OptionTerms, in state: VaultState, agreed: AgreedOutcome?, at now: UInt64
  ) throws(SettlementError) -> [RouteView] {
    let program: Program
    switch Self.program {
    case .success(let compiled): program = compiled
    case .failure(let errors): throw .brokenClause(errors.description)
    }
    let inputs = try Self.inputs(of: terms, in: state, agreed: agreed, at: now)
    let run: [Clauses.Route]
    do throws(Trap) { run = try Machine.run(program, inputs: inputs.mapValues(InputValue.number)).routes } catch {
      throw .clauseFault(error.description)
    }
    var views: [RouteView] = []
    for entry in run {
      guard let route = Route(rawValue: entry.name) else { throw .unfitClause("it names a route \(entry.name)") }
      var release: Release?
      if let toBuyer = entry.toBuyer, let toSeller = entry.toSeller {
        release = Release(toBuyer: toBuyer, toSeller: toSeller)
      }
      views.append(RouteView(route: route, isOpen: entry.isOpen, releases: release))
    }
    return views
  }

  private static func inputs(
    of terms: OptionTerms, in state: VaultState, agreed: AgreedOutcome?, at now: UInt64
  ) throws(SettlementError) -> [String: Int256] {
    let escrow = terms.escrow
    var inputs: [String: Int256] = [
      "acceptBy": try signed(UInt256(escrow.acceptBy)),
      "settleFrom": try signed(UInt256(escrow.settleFrom)),
      "settleBy": try signed(UInt256(escrow.settleBy)),
      "disputeWindow": try signed(UInt256(escrow.disputeWindow)),
      "rulingWindow": try signed(UInt256(escrow.rulingWindow)),
      "buyerCollateral": try signed(escrow.buyerCollateral),
      "sellerCollateral": try signed(escrow.sellerCollateral),
      "defaultToBuyer": try signed(escrow.defaultToBuyer),
      "defaultToSeller": try signed(escrow.defaultToSeller),
      "now": try signed(UInt256(now)),
      "status": try signed(UInt256(state.status)),
    ]
    switch state {
    case .proposed(let at, let toBuyer):
      inputs["proposedAt"] = try signed(UInt256(at))
      inputs["proposedToBuyer"] = try signed(toBuyer)
    case .disputed(let at):
      inputs["disputedAt"] = try signed(UInt256(at))
    case .unopened, .open, .closed: break
    }
    if let agreed {
      inputs["agreedToBuyer"] = try signed(agreed.toBuyer)
      inputs["agreedValidUntil"] = try signed(UInt256(agreed.validUntil))
    }
    return inputs
  }
}

extension VaultState {
  /// The contract's numbers, which are also the rule's.
  var status: UInt64 {
    switch self {
    case .unopened: 0
    case .open: 1
    case .proposed: 2
    case .disputed: 3
    case .closed: 4
    }
  }
}
