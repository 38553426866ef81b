import Arithmetic
import Chain
import Ethereum
import Settlement
import Terms

/// What the chain holds about one vault and the accounts that an act concerns, read at the head.
struct VaultView {
  /// The contract's own numbers.
  enum Status: UInt64 {
    case unopened, open, proposed, disputed, closed, ruled, appealed
  }

  /// One account at the escrow, at the vault and at the token.
  struct Account {
    let epoch: UInt64
    let isCancelled: Bool
    let claim: UInt256
    let allowance: UInt256
    let balance: UInt256
    let hasCode: Bool
  }

  /// Unix seconds of the head.
  let now: UInt64
  let status: Status
  /// What the vault stores; nil while it is not opened.
  let details: Details?
  let accounts: [Address: Account]

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
      let state = try await reader.ask(
        vault, "state()", [], ["uint8", "uint64", "address", "address", "uint64", "uint64", "uint256", "uint256"])
      guard let code = state[0].number, let known = Status(rawValue: code) else { throw Failure.otherAnswer("state()") }
      status = known
      details = try await reader.details(vault)
    }
    var read: [Address: Account] = [:]
    for address in accounts where read[address] == nil && address != .zero {
      let escrow = domain.verifyingContract
      let token = deal.terms.escrow.token
      let claim =
        isOpened ? try await reader.ask(vault, "claimOf(address)", [.address(address)], ["uint256"])[0] : .uint(0)
      read[address] = Account(
        epoch: try await reader.ask(escrow, "epochOf(address)", [.address(address)], ["uint64"])[0].number ?? 0,
        isCancelled: try await reader.ask(
          escrow, "isCancelled(bytes32,address)", [.fixedBytes(deal.vault.id.digest.bytes), .address(address)], ["bool"]
        )[0]
          == .bool(true),
        claim: claim.amount,
        allowance: try await reader.ask(
          token, "allowance(address,address)", [.address(address), .address(vault)], ["uint256"])[0].amount,
        balance: try await reader.ask(token, "balanceOf(address)", [.address(address)], ["uint256"])[0].amount,
        hasCode: !(try await chain.code(of: address, at: reader.block)).isEmpty)
    }
    return VaultView(now: head.header.timestamp, status: status, details: details, accounts: read)
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

    fileprivate func details(_ vault: Address) async throws -> Details {
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
