import Arithmetic
import Ethereum
import Settlement
import Terms

/// What the chain did.
extension Verifier {
  mutating func checkTrustedBlock() -> BlockHeader? {
    do throws(EthereumError) {
      let header = try BlockHeader(decoding: proof.inclusion.header)
      guard let trustedBlock else {
        miss(.trustedBlock, "no trusted block hash was given; block \(header.number) claims to be \(header.hash)")
        return header
      }
      note(
        .trustedBlock, header.hash == trustedBlock,
        "block \(header.number) has hash \(header.hash), trusted is \(trustedBlock)")
      return header.hash == trustedBlock ? header : nil
    } catch {
      note(.trustedBlock, false, "the header: \(error)")
      return nil
    }
  }

  mutating func checkTransactionInclusion(_ header: BlockHeader?) -> SignedTransaction? {
    let inclusion = proof.inclusion
    guard
      checkInclusion(
        .transactionInclusion, "transaction", inclusion.transaction, inclusion.transactionProof,
        root: header?.transactionsRoot)
    else { return nil }
    return try? SignedTransaction(decoding: inclusion.transaction)
  }

  mutating func checkReceiptInclusion(_ header: BlockHeader?) -> Receipt? {
    let inclusion = proof.inclusion
    guard
      checkInclusion(
        .receiptInclusion, "receipt", inclusion.receipt, inclusion.receiptProof, root: header?.receiptsRoot)
    else { return nil }
    return try? Receipt(decoding: inclusion.receipt)
  }

  /// Both tries are keyed by the RLP of the index (yellow paper, section 4.3.2).
  private mutating func checkInclusion(
    _ check: Finding.Check, _ what: String, _ value: [UInt8], _ nodes: [[UInt8]], root: Digest?
  ) -> Bool {
    guard let root else {
      miss(check, "no valid header")
      return false
    }
    let key = RLPItem.integer(proof.inclusion.index).encoded()
    do throws(EthereumError) {
      let held = try MerklePatriciaTrie.verify(root: root, key: key, proof: nodes)
      note(check, held == value, "\(what) \(proof.inclusion.index) under root \(root)")
      return held == value
    } catch {
      note(check, false, "\(what) \(proof.inclusion.index) under root \(root): \(error)")
      return false
    }
  }

  mutating func checkCall(_ agreement: Agreement?, _ basis: Basis?, _ transaction: SignedTransaction?) {
    guard let agreement, let basis else { return miss(.call, "no valid agreement or basis") }
    guard let transaction else { return miss(.call, "no valid transaction") }
    do throws(SettlementError) {
      let call: SettlementCall
      switch basis {
      case .agreed(let agreed): call = try .paying(agreed, of: agreement)
      case .proposals(_, let second): return checkAnswer(agreement, second, transaction)
      case .finalised: call = try .finalising(agreement)
      case .observed: call = try .settlingObserved(agreement)
      case .ruled(let decision):
        if decision.paysAtOnce(under: agreement.terms), !isUpheld {
          return checkCarriedRuling(agreement, decision, transaction)
        }
        call = try .upholding(agreement)
      case .defaulted: call = try .defaulting(agreement)
      case .agreedDelivery(let agreed): call = try .paying(agreed, of: agreement)
      case .exercised(let notice): call = try .exercising(notice, of: agreement)
      case .expired: call = try .expiring(agreement)
      }
      let same = call.isCarried(by: transaction.raw)
      note(
        .call, same,
        "transaction \(transaction.hash) \(same ? "carries" : "does not carry") the derived call of "
          + "\(call.data.count) bytes to \(call.to), with no value, on chain \(call.chainID.rawValue)")
    } catch {
      note(.call, false, "\(error)")
    }
  }

  /// Whether the ruling stood on chain before the transaction that paid it.
  private var isUpheld: Bool {
    guard case .ruled(let decision, _) = proof.basis else { return false }
    return !decision.paysAtOnce(under: terms)
  }

  /// The ruling itself was the call: its amounts and distinct members of its panel are in it. Signatures are recovered
  /// here; a member that is a wallet signs otherwise, and of that the contract alone can say whether it holds.
  private mutating func checkCarriedRuling(
    _ agreement: Agreement, _ decision: Decision, _ transaction: SignedTransaction
  ) {
    let panel = decision.panel(of: terms.escrow)
    guard let signers = SettlementCall.signers(of: decision, carriedBy: transaction.raw, for: agreement) else {
      return note(.call, false, "transaction \(transaction.hash) does not carry this ruling to the vault")
    }
    let names = signers.map(\.address)
    let isQuorum =
      Set(names).count == names.count && names.count >= Int(panel.threshold)
      && names.allSatisfy(panel.members.contains)
    let wallets = signers.count { $0.signature == nil }
    note(
      .call, isQuorum,
      "transaction \(transaction.hash) carries this ruling, signed by \(names.count) of \(panel.members.count), of whom "
        + "\(panel.threshold) are enough"
        + (wallets == 0
          ? "" : "; \(wallets) of the signatures are no key's, and were accepted by the escrow, not recomputed"))
  }

  mutating func checkExecution(_ receipt: Receipt?) {
    guard let receipt else { return miss(.execution, "no valid receipt") }
    let succeeded = receipt.succeeded == true
    note(.execution, succeeded, succeeded ? "the transaction succeeded" : "the transaction did not succeed")
  }

  mutating func checkSettledEvent(
    _ agreement: Agreement?, _ header: BlockHeader?, _ receipt: Receipt?, _ basis: Basis?, _ amounts: Amounts?
  ) {
    guard let agreement, let header, let receipt, let amounts else {
      return miss(.settledEvent, "no valid agreement, header, receipt or amounts")
    }
    let events = receipt.logs.compactMap { EscrowEvent($0, of: agreement) }
    let settled = EscrowEvent.settled(proof.basis.route, toBuyer: amounts.toBuyer, toSeller: amounts.toSeller)
    var expected = [settled]
    switch basis {
    case .observed(let price, _): expected = [.priced(price), settled]
    case .ruled(let decision) where !isUpheld: expected = [.ruled(decision), settled]
    default:
      if let delivered = amounts.delivered {
        expected = deliveryEvents(agreement, basis, amounts, delivered, at: header.timestamp)
      }
    }
    note(
      .settledEvent, events == expected,
      events == expected
        ? "vault \(agreement.vault) settled as \(proof.basis.name) with these amounts"
        : "vault \(agreement.vault) logged otherwise")
  }
}
