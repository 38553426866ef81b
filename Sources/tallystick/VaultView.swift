import Arithmetic
import Chain
import Coordination
import Ethereum
import Settlement
import Signing
import Terms

/// What the chain holds about one vault and the accounts that an act concerns, read at the head.
struct VaultView {
  /// The contract's own numbers.
  enum Status: UInt64 {
    case unopened, open, proposed, disputed, closed, ruled, appealed
  }

  /// One account at the escrow, and at each token of the terms.
  struct Account {
    let epoch: UInt64
    let isCancelled: Bool
    let hasCode: Bool
    let holdings: [Address: Holding]
  }

  /// What an account has of one token: its own, what the vault may take of it, what the vault owes it.
  struct Holding {
    let balance: UInt256
    let allowance: UInt256
    let claim: UInt256
  }

  /// The head's number.
  let number: UInt64
  /// Unix seconds of the head.
  let now: UInt64
  let status: Status
  /// What the vault stores; nil while it is not opened.
  let details: Details?
  let accounts: [Address: Account]
  /// Where the escrow's rules are not this program's.
  let ruleDifferences: [RuleDifference]
  /// Permits that the act carries.
  private(set) var permits: [PermitTrial] = []
  private let reader: Reader

  /// The vault's `details()`.
  struct Details {
    let termsID: Digest
    let version: UInt64
    let exercisedAt: UInt64
    let proposer: Address
    let proposedAt: UInt64
    let toBuyer: UInt256
    let disputedAt: UInt64
    let ruledAt: UInt64
    let appealedAt: UInt64
  }

  enum Failure: Error, CustomStringConvertible {
    case noHead
    case otherChain(expected: ChainID, found: ChainID)
    case otherAnswer(String)

    var description: String {
      switch self {
      case .noHead: "the node has no block yet"
      case .otherChain(let expected, let found):
        "the node is on chain \(found.rawValue), the terms on chain \(expected.rawValue); use a node of that chain"
      case .otherAnswer(let function):
        "the contract does not answer \(function) as the escrow does; check the terms' verifyingContract and token"
      }
    }
  }

  static func read(_ deal: Deal, accounts: [Address], from chain: ChainClient) async throws -> VaultView {
    let domain = deal.terms.domain
    let found = try await chain.chainID()
    guard found == domain.chainID else { throw Failure.otherChain(expected: domain.chainID, found: found) }
    guard let head = try await chain.block(.latest) else { throw Failure.noHead }
    let reader = Reader(chain: chain, block: .number(head.header.number))
    let vault = deal.vault.address
    let isOpened = !(try await chain.code(of: vault, at: reader.block)).isEmpty
    var status = Status.unopened
    var details: Details?
    if isOpened {
      (status, details) =
        try await deal.terms.escrow.settlesByDelivery
        ? reader.deliveryState(deal) : reader.state(vault)
    }
    var read: [Address: Account] = [:]
    for address in accounts where read[address] == nil && address != .zero {
      let escrow = domain.verifyingContract
      var holdings: [Address: Holding] = [:]
      for token in deal.terms.escrow.tokens {
        holdings[token] = try await reader.holding(of: address, token: token, deal, isOpened: isOpened)
      }
      read[address] = Account(
        epoch: try await reader.ask(escrow, "epochOf(address)", [.address(address)], ["uint64"])[0].number ?? 0,
        isCancelled: try await reader.ask(
          escrow, "isCancelled(bytes32,address)", [.fixedBytes(deal.vault.id.digest.bytes), .address(address)], ["bool"]
        )[0]
          == .bool(true),
        hasCode: !(try await chain.code(of: address, at: reader.block)).isEmpty, holdings: holdings)
    }
    return VaultView(
      number: head.header.number, now: head.header.timestamp, status: status, details: details, accounts: read,
      ruleDifferences: try await RuleDifference.all(at: domain.verifyingContract, on: chain, block: reader.block),
      reader: reader)
  }

  /// What the vault owes an account of a token, base units.
  func claim(of account: Address, _ token: Address) -> UInt256 { accounts[account]?.holdings[token]?.claim ?? .zero }

  /// What an account's code answers to a signature at the head; nil where it does not accept it.
  func acceptance(
    of signature: AccountSignature, over digest: Digest, by wallet: Address
  ) async throws -> ContractWallet.Acceptance? {
    guard try await ContractWallet.accepts(signature, of: digest, by: wallet, reader.chain, at: reader.block) else {
      return nil
    }
    return ContractWallet.Acceptance(wallet: wallet, digest: digest, block: number)
  }

  /// A token's own decimals; nil where it tells none, which ERC-20 allows.
  func decimals(of token: Address) async throws -> UInt64? {
    let call = Call(to: token, data: try ABIFunction(signature: "decimals()").encodeCall([]))
    do throws(ChainError) {
      let reply = try await reader.chain.call(call, at: reader.block)
      return (try? ABIValue.decode(reply, as: ["uint8"]))?.first?.number
    } catch {
      if case .reverted = error { return nil }
      throw error
    }
  }

  /// Holds permits against the tokens, each of one party.
  mutating func hold(_ signed: [UnverifiedMessage<Permit>], in deal: Deal) async throws {
    let escrow = deal.terms.escrow
    for each in signed {
      guard let party = escrow.party(at: each.message.owner) else { continue }
      let opening = escrow.opening(of: party)
      permits.append(
        try await PermitTrial.hold(
          each, for: opening, allowed: accounts[each.message.owner]?.holdings[opening.token]?.allowance ?? .zero,
          in: deal, at: now, reader))
    }
  }

  /// Questions to contracts, all at one block.
  struct Reader {
    let chain: ChainClient
    let block: BlockReference

    func ask(
      _ contract: Address, _ function: ABIFunction, _ arguments: [ABIValue], _ types: [ABIType]
    ) async throws -> [ABIValue] {
      let data = try function.encodeCall(arguments)
      return try await answer(contract, function.signature, data, types)
    }

    func answer(_ contract: Address, _ name: String, _ data: [UInt8], _ types: [ABIType]) async throws -> [ABIValue] {
      let reply = try await chain.call(Call(to: contract, data: data), at: block)
      guard let values = try? ABIValue.decode(reply, as: types), values.count == types.count else {
        throw Failure.otherAnswer(name)
      }
      return values
    }

    fileprivate func holding(
      of account: Address, token: Address, _ deal: Deal, isOpened: Bool
    ) async throws -> Holding {
      let vault = deal.vault.address
      let claim =
        if !isOpened {
          ABIValue.uint(0)
        } else if deal.terms.escrow.settlesByDelivery {
          try await ask(vault, "claimOf(address,address)", [.address(token), .address(account)], ["uint256"])[0]
        } else {
          try await ask(vault, "claimOf(address)", [.address(account)], ["uint256"])[0]
        }
      return Holding(
        balance: try await ask(token, "balanceOf(address)", [.address(account)], ["uint256"])[0].amount,
        allowance: try await ask(
          token, "allowance(address,address)", [.address(account), .address(vault)], ["uint256"])[0].amount,
        claim: claim.amount)
    }

    fileprivate func state(_ vault: Address) async throws -> (Status, Details) {
      let state = try await ask(
        vault, "state()", [], ["uint8", "uint64", "address", "address", "uint64", "uint64", "uint256", "uint256"])
      guard let code = state[0].number, let status = Status(rawValue: code) else {
        throw Failure.otherAnswer("state()")
      }
      return (status, try await details(vault))
    }

    /// Of a vault that settles by delivery, whose terms stay the first.
    fileprivate func deliveryState(_ deal: Deal) async throws -> (Status, Details) {
      let state = try await ask(deal.vault.address, "deliveryState()", [], ["uint8", "uint64", "uint64"])
      guard let code = state[0].number, let status = Status(rawValue: code), let version = state[1].number,
        let exercisedAt = state[2].number
      else { throw Failure.otherAnswer("deliveryState()") }
      return (
        status,
        Details(
          termsID: deal.first.digest, version: version, exercisedAt: exercisedAt, proposer: .zero, proposedAt: 0,
          toBuyer: .zero, disputedAt: 0, ruledAt: 0, appealedAt: 0)
      )
    }

    private func details(_ vault: Address) async throws -> Details {
      let type: ABIType =
        "(string,bytes32,bytes32,uint64,uint64,address,uint64,uint256,uint256,address,uint64,uint64,uint256,uint8,uint64)"
      guard case .tuple(let values) = try await ask(vault, "details()", [], [type])[0],
        case .fixedBytes(let terms) = values[2], let termsID = try? Digest(terms),
        case .address(let proposer) = values[5],
        let version = values[3].number, let exercisedAt = values[4].number, let proposedAt = values[6].number,
        let disputedAt = values[10].number, let ruledAt = values[11].number, let appealedAt = values[14].number
      else { throw Failure.otherAnswer("details()") }
      return Details(
        termsID: termsID, version: version, exercisedAt: exercisedAt, proposer: proposer, proposedAt: proposedAt,
        toBuyer: values[7].amount, disputedAt: disputedAt, ruledAt: ruledAt, appealedAt: appealedAt)
    }
  }
}

extension ABIValue {
  /// A number below two to the 64th.
  var number: UInt64? { if case .uint(let value) = self { value.asUInt64 } else { nil } }

  /// A number; zero where it is none, which a decoded `uint256` never is.
  var amount: UInt256 { if case .uint(let value) = self { value } else { .zero } }
}
