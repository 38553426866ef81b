import Chain
import Ethereum
import Testing

@Suite struct SendOutcomeTests {
  /// What nodes answer, from their sources and their users' reports.
  static let refusals: [(Int, String, SendOutcome)] = [
    (-32000, "already known", .alreadyKnown), (1000, "Already known transaction", .alreadyKnown),
    (-32000, "Known transaction", .alreadyKnown), (-32000, "known transaction: 0xabcd", .alreadyKnown),
    (-32010, "AlreadyKnown", .alreadyKnown), (-32000, "ALREADY_EXISTS: already known", .alreadyKnown),
    (-32010, "Transaction with the same hash was already imported.", .alreadyKnown),
    (-32000, "INTERNAL_ERROR: existing tx with same hash", .alreadyKnown),
    (-32003, "transaction already imported", .alreadyKnown),
    (-32000, "nonce too low", .nonceTooLow), (1, "Nonce too low", .nonceTooLow),
    (-32001, "Nonce too low", .nonceTooLow),
    (-32000, "nonce too low: next nonce 13337, tx nonce 13321", .nonceTooLow),
    (-32000, "nonce too low: address 0x00, tx: 1 state: 2", .nonceTooLow), (-32010, "OldNonce", .nonceTooLow),
    (-32010, "Transaction nonce is too low. Try incrementing the nonce.", .nonceTooLow),
    (-32000, "Nonce too low. Expected nonce to be 1 but got 0.", .nonceTooLow),
    (-32010, "OldNonce, Current nonce: 2, nonce of rejected tx: 1", .nonceTooLow),
    (-32000, "replacement transaction underpriced", .underpriced), (-32000, "transaction underpriced", .underpriced),
    (-32000, "Replacement transaction underpriced", .underpriced), (-32010, "FeeTooLow", .underpriced),
    (-32000, "INTERNAL_ERROR: could not replace existing tx", .underpriced),
    (-32010, "ReplacementNotAllowed", .underpriced),
    (-32009, "Gas price below configured minimum gas price", .underpriced),
    (-32000, "max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1 baseFee: 7", .underpriced),
    (
      -32010, "Transaction gas price is too low. There is another transaction with same nonce in the queue.",
      .underpriced
    ),
    (802, "Gas price too low / Gas price below configured minimum", .underpriced), (806, "", .underpriced),
    (
      -32000, "insufficient funds for gas * price + value: balance 0, tx cost 21000, overshot 21000", .insufficientFunds
    ),
    (-32003, "Insufficient funds for gas * price + value", .insufficientFunds),
    (-32004, "Upfront cost exceeds account balance", .insufficientFunds),
    (-32010, "InsufficientFunds, Account balance: 0", .insufficientFunds),
    (-32000, "Sender doesn't have enough funds to send tx. The max upfront cost is: 1", .insufficientFunds),
    (809, "x", .insufficientFunds),
    (
      -32000, "future transaction tries to replace pending",
      .rejected(code: -32000, text: "future transaction tries to replace pending")
    ),
    (-32000, "nonce too high", .rejected(code: -32000, text: "nonce too high")),
    (-32000, "txpool is full", .rejected(code: -32000, text: "txpool is full")),
    (-32000, "intrinsic gas too low", .rejected(code: -32000, text: "intrinsic gas too low")),
    (-32602, "invalid sender", .rejected(code: -32602, text: "invalid sender")),
  ]

  @Test(arguments: refusals)
  func `a refusal is known by number, then by text, and else kept`(
    code: Int, text: String, outcome: SendOutcome
  ) async throws {
    let client = ChainClient(ReplayTransport(error: #"{"code":\#(code),"message":"\#(text)"}"#))
    #expect(try await client.sendRawTransaction([0xC0]) == outcome)
  }

  @Test(arguments: [(-32005, "daily request count exceeded"), (-32603, "internal error")])
  func `a refusal that says nothing about the transaction is an error to retry`(code: Int, text: String) async {
    do {
      let outcome = try await ChainClient(ReplayTransport(error: #"{"code":\#(code),"message":"\#(text)"}"#))
        .sendRawTransaction([0xC0])
      Issue.record("\(outcome)")
    } catch {
      #expect(error == .node(method: "eth_sendRawTransaction", code: Int64(code), message: text) && error.isRetryable)
    }
  }
}
