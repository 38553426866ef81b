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

  private static let exercise = Option.flag(
    "exercise", "approve what exercising a delivery takes of the buyer instead, once the vault is open")

  static let all =
    [
      Command(
        "escrow approve", "let this agreement's vault take what the terms ask of a party, and no more",
        operands: [TermsCommands.file], options: [rpcURL, exercise] + KeyOptions.all
      ) { arguments in
        let terms = try TermsCommands.terms(arguments)
        let key = try KeyOptions.key(arguments)
        guard let party = terms.escrow.party(at: key.address) else {
          throw SettlementError.notAParty(of: "approval", found: key.address)
        }
        let vault = EscrowContract.vault(of: AgreementID(terms.digest), under: terms)
        var due = terms.escrow.due(from: party)
        if arguments.flag(exercise.name) {
          guard let brought = terms.exercising else {
            throw SettlementError.otherSettlement(act: "approval of an exercise", settled: .cash)
          }
          guard party == .buyer else {
            throw SettlementError.notAParty(of: "approval of an exercise", found: key.address)
          }
          due = brought
        }
        let data = try ABIFunction(signature: "approve(address,uint256)").encodeCall([
          .address(vault), .uint(due.amount),
        ])
        let receipt = try await PartyTransaction.send(
          data, to: due.token, on: terms.domain.chainID, key, rpcURL: arguments.value("rpc-url") ?? "")
        return Reply(
          text: receipt.transactionHash.hex,
          data: [
            "transaction": .string(receipt.transactionHash.hex), "vault": .string(vault.checksummed),
            "token": .string(due.token.checksummed), "amount": .string(due.amount.description),
          ])
      },
      EscrowSigning.command,
      EscrowState.command,
    ] + EscrowActCommands.all
}
