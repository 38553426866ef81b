import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms

/// Every reason why an act would fail, found one by one; each begins with the contract's own words where it has some.
struct Obstacles {
  let deal: Deal
  let view: VaultView
  private(set) var reasons: [String] = []
  /// Signatures of contract wallets, as their code answered.
  private(set) var acceptances: [ContractWallet.Acceptance] = []

  init(_ deal: Deal, _ view: VaultView) {
    self.deal = deal
    self.view = view
  }

  private var escrow: Escrow { deal.terms.escrow }

  mutating func require(_ holds: Bool, _ reason: String, _ found: String = "") {
    if !holds { reasons.append(found.isEmpty ? reason : "\(reason) (\(found))") }
  }

  /// The escrow keeps to the rules by which this program judges.
  mutating func sameRules() {
    for difference in view.ruleDifferences { require(false, "escrow: other rules", "\(difference)") }
  }

  /// An act of the vault: it is open, holds these terms, and is in one of these states.
  mutating func vault(in states: Set<VaultView.Status>, _ reason: String) {
    guard let details = view.details else { return require(false, "vault: not opened", "\(deal.vault.address)") }
    require(
      details.termsID == deal.terms.digest, "vault: other terms",
      "it holds \(details.termsID); give the present ones with --terms")
    require(states.contains(view.status), reason, "the vault is \(view.status)")
  }

  /// A message of this agreement in the version that counts.
  mutating func named(_ id: AgreementID, _ version: UInt64, makes next: UInt64 = 0) {
    require(id == deal.vault.id, "message: other agreement", "it names \(id)")
    guard let present = view.details?.version else { return }
    require(version == present + next, "message: other version", "it names \(version), \(present + next) counts")
  }

  mutating func from(_ time: UInt64, _ reason: String) {
    require(view.now >= time, reason, "it is \(view.now), from \(time) on")
  }

  mutating func before(_ time: UInt64, _ reason: String) {
    require(view.now < time, reason, "it is \(view.now), until \(time)")
  }

  mutating func whole(_ toBuyer: UInt256, _ toSeller: UInt256, of whole: UInt256? = nil, _ reason: String) {
    let whole = whole ?? deal.terms.escrowed
    require((try? toBuyer.adding(toSeller)) == whole, reason, "\(toBuyer) and \(toSeller) are not \(whole)")
  }

  /// A claim is withdrawn whole, to somebody.
  mutating func claims(_ amount: UInt256, of token: Address, by claimant: Address, to receiver: Address) {
    let claim = view.claim(of: claimant, token)
    require(amount == claim && claim > .zero, "withdraw: not the claim", "it is \(claim), not \(amount)")
    require(receiver != .zero && receiver != deal.vault.address, "withdraw: receiver", "\(receiver)")
  }

  /// A signature is its signer's: of its key, or of its code, which is asked.
  mutating func signed<Message: TypedMessage>(
    _ message: Message, _ signature: AccountSignature, by signer: Address, _ reason: String
  ) async throws {
    try await signed(message.typed.digest(in: deal.terms.domain), signature, by: signer, reason)
  }

  mutating func signed(
    _ digest: Digest, _ signature: AccountSignature, by signer: Address, _ reason: String
  ) async throws {
    let found = signature.keySigner(of: digest)
    if found == signer { return }
    guard view.accounts[signer]?.hasCode == true else {
      return require(false, reason, "\(found?.description ?? "nobody") signed, not \(signer)")
    }
    guard let acceptance = try await view.acceptance(of: signature, over: digest, by: signer) else {
      return require(false, reason, "the code of \(signer) does not accept it")
    }
    acceptances.append(acceptance)
  }

  /// What the vault pulls from an account, in the terms' token.
  mutating func pulled(_ amount: UInt256, from payer: Address, _ reason: String) {
    pulled(Funding(token: escrow.token, amount: amount), from: payer, reason)
  }

  /// - Parameter receiving: What arrives there before, in the same call.
  mutating func pulled(_ funding: Funding, from payer: Address, receiving: UInt256 = .zero, _ reason: String) {
    let amount = funding.amount
    guard amount > .zero, let holding = view.accounts[payer]?.holdings[funding.token] else { return }
    let allowance = allowance(funding.token, of: payer)
    require(allowance >= amount, reason, "\(payer) allows the vault \(allowance), \(amount) are needed")
    let balance = (try? holding.balance.adding(receiving)) ?? .max
    require(balance >= amount, reason, "\(payer) has \(balance), \(amount) are needed")
  }

  /// How much the vault can take from an account now; a permit that works counts.
  func pullable(_ token: Address, from payer: Address) -> UInt256 {
    guard let holding = view.accounts[payer]?.holdings[token] else { return .zero }
    return min(allowance(token, of: payer), holding.balance)
  }

  private func allowance(_ token: Address, of payer: Address) -> UInt256 {
    view.permits.first { $0.owner == payer && $0.token == token }?.allowance
      ?? view.accounts[payer]?.holdings[token]?.allowance ?? .zero
  }

  /// A token counts in the units in which the terms do. The contract cannot tell, and what is opened cannot be mended.
  mutating func decimals(of token: Address, _ stated: UInt8, _ field: String) async throws {
    guard let found = try await view.decimals(of: token) else { return }
    require(found == stated, "terms: other decimals", "\(token) has \(found), \(field) is \(stated)")
  }

  /// The party's epoch at the escrow is the one that the terms name.
  mutating func epoch(_ expected: UInt64, of party: Address, _ reason: String) {
    guard let found = view.accounts[party]?.epoch else { return }
    require(found == expected, reason, "\(party) is at \(found), the terms name \(expected)")
  }
}

/// The sum of a time and a window; the last second there is where it would be later.
func later(_ time: UInt64, by window: UInt64) -> UInt64 {
  let (sum, overflow) = time.addingReportingOverflow(window)
  return overflow ? .max : sum
}
