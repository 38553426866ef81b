import Chain
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// Who signed an agreement: by a key, which anybody sees offline, or by a contract wallet, which only its code tells. A
/// vault that is open tells too, whatever the wallet accepts now: the escrow accepted both signatures once. That is as
/// good as the escrow's code, so the reader says which escrow is trusted; anybody can write a document that names another.
enum AgreementVerification {
  private enum Verdict {
    case key
    case wallet(ContractWallet.Acceptance)
    case escrow(vault: Address, block: UInt64)

    var words: String {
      switch self {
      case .key: "by its key"
      case .wallet(let acceptance): "by its code, which accepts the signature at block \(acceptance.block)"
      case .escrow(let vault, let block): "as the escrow accepted: vault \(vault) is open at block \(block)"
      }
    }

    var document: JSONValue {
      switch self {
      case .key: ["by": "key"]
      case .wallet(let acceptance): ["by": "wallet", "block": .string(String(acceptance.block))]
      case .escrow(_, let block): ["by": "escrow", "block": .string(String(block))]
      }
    }
  }

  static let escrow = Option.value(
    "escrow", "ADDRESS",
    "an escrow that you trust: a vault of its own that is open tells that it accepted both signatures")

  static func reply(to arguments: Arguments) async throws -> Reply {
    let document = try AgreementCommands.document(arguments)
    let (terms, escrow) = (document.firstTerms, document.firstTerms.escrow)
    try document.requireSigned()
    try PayoffClause(source: document.firstClauseSource).check(against: terms)
    // Whoever changes terms through a service has a key.
    let changes = document.changes.isEmpty ? [] : try document.agreement().changes
    let chain = try arguments.value("rpc-url").map { ChainClient(try CurlTransport(url: $0)) }
    let trusted = try arguments.value(Self.escrow.name, as: "an address", parseAddress)
    var verdicts: [(party: Party, verdict: Verdict)] = []
    for party in Party.allCases {
      guard let signature = document.signatures[party] else { continue }
      verdicts.append((party, try await verdict(on: signature, of: party, terms, chain, trusted)))
    }
    let vault = Vault(first: terms)
    return Reply(
      text: (["agreement \(vault.id)"]
        + verdicts.map { "signed by \($0.party.rawValue) \(escrow.address(of: $0.party)) \($0.verdict.words)" }
        + changes.map { "\($0.message.name) to version \($0.message.version), signed by everybody concerned" }
        + ["vault \(vault.address)"]).joined(separator: "\n"),
      data: [
        "version": .string(String(document.version)),
        "agreementId": .string(vault.id.description), "vault": .string(vault.address.checksummed),
        "buyer": .string(escrow.buyer.checksummed), "seller": .string(escrow.seller.checksummed),
        "signatures": .object(JSONObject(verdicts.map { ($0.party.rawValue, $0.verdict.document) })),
      ])
  }

  private static func verdict(
    on signature: AccountSignature, of party: Party, _ terms: OptionTerms, _ chain: ChainClient?,
    _ trusted: Address?
  ) async throws -> Verdict {
    let account = terms.escrow.address(of: party)
    let found = signature.keySigner(of: terms.digest)
    if found == account { return .key }
    let what = "the \(party.rawValue)'s signature"
    if let chain, let verdict = try await asked(signature, account, terms, chain, trusted) { return verdict }
    guard let found else {
      throw chain == nil
        ? SettlementError.walletSignature(of: what, account: account) : .badSignature(of: what, .notRecoverable)
    }
    throw SettlementError.wrongSigner(of: what, expected: account, found: found)
  }

  /// What the chain says of a signature that is no key's; nil where the account has
  /// no code.
  private static func asked(
    _ signature: AccountSignature, _ account: Address, _ terms: OptionTerms, _ chain: ChainClient,
    _ trusted: Address?
  ) async throws -> Verdict? {
    let chainID = try await chain.chainID()
    guard chainID == terms.domain.chainID else {
      throw VaultView.Failure.otherChain(expected: terms.domain.chainID, found: chainID)
    }
    guard let head = try await chain.block(.latest)?.header else { throw VaultView.Failure.noHead }
    let block = BlockReference.number(head.number)
    guard !(try await chain.code(of: account, at: block)).isEmpty else { return nil }
    if try await ContractWallet.accepts(signature, of: terms.digest, by: account, chain, at: block) {
      return .wallet(.init(wallet: account, digest: terms.digest, block: head.number))
    }
    let vault = Vault(first: terms).address
    guard trusted == terms.domain.verifyingContract, !(try await chain.code(of: vault, at: block)).isEmpty else {
      throw WalletSigning.Failure.refused(account, terms.digest)
    }
    return .escrow(vault: vault, block: head.number)
  }
}
