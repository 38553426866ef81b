import Arithmetic
import Chain
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// What a party sends to the chain itself.
enum EscrowCommands {
  static let rpcURL = Option.value(
    "rpc-url", "URL", environment: "ETH_RPC_URL", isRequired: true, "the chain's JSON-RPC endpoint")

  private static let wallet = Option.value(
    "wallet", "ADDRESS", "a party that is a contract wallet: print the call for its owners to execute")
  private static let exercise = Option.flag(
    "exercise", "approve what exercising a delivery takes of the buyer instead, once the vault is open")

  static let all =
    [
      Command(
        "escrow approve", "let this agreement's vault take what the terms ask of a party, and no more",
        operands: [TermsCommands.file],
        options: [EscrowActCommands.rpcURL, exercise, wallet] + KeyOptions.optional, replying: approve),
      EscrowSigning.command,
      EscrowState.command,
    ] + EscrowActCommands.all

  private static func approve(_ arguments: Arguments) async throws -> Reply {
    let terms = try TermsCommands.terms(arguments)
    let vault = EscrowContract.vault(of: AgreementID(terms.digest), under: terms)
    if let wallet = try WalletSigning.wallet(arguments) {
      let (due, data) = try approval(of: wallet, for: vault, terms, arguments)
      return Reply(
        text: "to    \(due.token)\nvalue 0\ndata  \(Hex.encode(data))",
        data: [
          "call": ["to": .string(due.token.checksummed), "value": "0", "data": .string(Hex.encode(data))],
          "vault": .string(vault.checksummed), "token": .string(due.token.checksummed),
          "amount": .string(due.amount.description),
        ])
    }
    guard let url = arguments.value("rpc-url") else {
      throw ConsoleError.missingOption("--rpc-url", environment: "ETH_RPC_URL")
    }
    let key = try KeyOptions.required(arguments)
    let (due, data) = try approval(of: key.address, for: vault, terms, arguments)
    let receipt = try await PartyTransaction.send(data, to: due.token, on: terms.domain.chainID, key, rpcURL: url)
    return Reply(
      text: receipt.transactionHash.hex,
      data: [
        "transaction": .string(receipt.transactionHash.hex), "vault": .string(vault.checksummed),
        "token": .string(due.token.checksummed), "amount": .string(due.amount.description),
      ])
  }

  private static func approval(
    of account: Address, for vault: Address, _ terms: OptionTerms, _ arguments: Arguments
  ) throws -> (due: Funding, data: [UInt8]) {
    guard let party = terms.escrow.party(at: account) else {
      throw SettlementError.notAParty(of: "approval", found: account)
    }
    var due = terms.escrow.due(from: party)
    if arguments.flag(exercise.name) {
      guard let brought = terms.exercising else {
        throw SettlementError.otherSettlement(act: "approval of an exercise", settled: .cash)
      }
      guard party == .buyer else { throw SettlementError.notAParty(of: "approval of an exercise", found: account) }
      due = brought
    }
    let function = try ABIFunction(signature: "approve(address,uint256)")
    return (due, try function.encodeCall([.address(vault), .uint(due.amount)]))
  }
}
