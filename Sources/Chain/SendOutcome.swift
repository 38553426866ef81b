/// What a node says to a transaction that it was sent.
public enum SendOutcome: Hashable, Sendable {
  /// It is in the node's pool now.
  case accepted
  /// These very bytes were in the pool or on the chain before: as good as accepted.
  case alreadyKnown
  /// The nonce is used. By whom, only a look at every hash ever signed for it tells.
  case nonceTooLow
  /// The fees are below what the pool takes, or too little above those of the transaction to replace.
  case underpriced
  /// The sender cannot pay for it.
  case insufficientFunds
  /// Refused for another reason: the node's code and text.
  case rejected(code: Int64, text: String)

  /// Numbers that mean one thing.
  ///
  /// - Source: execution-apis, `error-groups`.
  private static let codes: [Int64: SendOutcome] = [
    1: .nonceTooLow, 802: .underpriced, 806: .underpriced, 809: .insufficientFunds, 1000: .alreadyKnown,
  ]

  /// What nodes write, in lower case, the first that fits: most still give every refusal the code -32000.
  private static let texts: [(part: String, outcome: SendOutcome)] = [
    ("already known", .alreadyKnown),  // geth, reth, erigon
    ("alreadyknown", .alreadyKnown),  // nethermind
    ("known transaction", .alreadyKnown),  // besu, hardhat, older geth
    ("already imported", .alreadyKnown),  // openethereum, anvil
    ("existing tx with same hash", .alreadyKnown),  // erigon
    ("already in mempool", .alreadyKnown),
    ("already exists", .alreadyKnown),
    ("nonce too low", .nonceTooLow),  // geth, reth, erigon, besu, anvil, hardhat
    ("nonce is too low", .nonceTooLow),  // openethereum
    ("oldnonce", .nonceTooLow),  // nethermind
    ("ownnoncealreadyused", .nonceTooLow),  // nethermind
    ("below sender account nonce", .nonceTooLow),  // besu
    ("invalid transaction nonce", .nonceTooLow),
    ("replacement transaction underpriced", .underpriced),  // geth, reth, besu
    ("underpriced", .underpriced),
    ("could not replace existing tx", .underpriced),  // erigon
    ("replacementnotallowed", .underpriced),  // nethermind
    ("feetoolow", .underpriced),  // nethermind
    ("fee too low", .underpriced),  // erigon
    ("gas price is too low", .underpriced),  // openethereum
    ("gas price too low", .underpriced),
    ("gas price below configured minimum", .underpriced),  // besu
    ("less than block base fee", .underpriced),  // geth, anvil, arbitrum
    ("gas tip cap", .underpriced),  // geth
    ("insufficient funds", .insufficientFunds),  // geth, reth, erigon, openethereum, anvil
    ("insufficientfunds", .insufficientFunds),  // nethermind
    ("upfront cost exceeds account balance", .insufficientFunds),  // besu
    ("enough funds", .insufficientFunds),  // hardhat
    ("not enough balance", .insufficientFunds),  // zksync
    ("insufficient balance", .insufficientFunds),
  ]

  /// Reads a refusal: by number where numbers have a meaning, else by text, else as itself.
  init(code: Int64, text: String) {
    if let known = Self.codes[code] {
      self = known
    } else {
      let lowercase = text.lowercased()
      self = Self.texts.first { lowercase.contains($0.part) }?.outcome ?? .rejected(code: code, text: text)
    }
  }
}
