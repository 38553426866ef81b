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
      case .finalised: call = try .finalising(agreement)
      case .defaulted: call = try .defaulting(agreement)
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

  mutating func checkExecution(_ receipt: Receipt?) {
    guard let receipt else { return miss(.execution, "no valid receipt") }
    let succeeded = receipt.succeeded == true
    note(.execution, succeeded, succeeded ? "the transaction succeeded" : "the transaction did not succeed")
  }

  mutating func checkSettledEvent(_ agreement: Agreement?, _ receipt: Receipt?, _ amounts: Amounts?) {
    guard let agreement, let receipt, let amounts else {
      return miss(.settledEvent, "no valid agreement, receipt or amounts")
    }
    let events = receipt.logs.compactMap { EscrowEvent($0, of: agreement) }
    let expected = EscrowEvent.settled(
      proof.basis.route, toBuyer: amounts.toBuyer, toSeller: amounts.toSeller)
    note(
      .settledEvent, events == [expected],
      events == [expected]
        ? "vault \(agreement.vault) settled as \(proof.basis.route.name) with these amounts"
        : "vault \(agreement.vault) logged otherwise")
  }

  /// The token's own transfers out of the vault: each party's amount, or the claim it was booked as, and the live bonds.
  mutating func checkPayments(
    _ agreement: Agreement?, _ receipt: Receipt?, _ amounts: Amounts?, _ record: Record?
  ) {
    guard let agreement, let receipt, let amounts else {
      return miss(.payments, "no valid agreement, receipt or amounts")
    }
    guard let bonds = record?.liveBonds else {
      return miss(.payments, "no valid journal names the live bonds")
    }
    let escrow = proof.terms.escrow
    var expected = [
      Payment(to: escrow.buyer, value: amounts.toBuyer), Payment(to: escrow.seller, value: amounts.toSeller),
    ]
    expected += bonds.map { Payment(to: $0, value: escrow.bond) }
    expected.removeAll { $0.value == .zero }
    let transfers = receipt.logs.compactMap { TokenTransfer($0) }
      .filter { $0.token == escrow.token && $0.from == agreement.vault }
      .map { Payment(to: $0.to, value: $0.value) }
    let claims = receipt.logs.compactMap { PayoutClaim($0, of: agreement) }.map {
      Payment(to: $0.claimant, value: $0.amount)
    }
    let same = (transfers + claims).sorted() == expected.sorted()
    let words = { (payments: [Payment]) in payments.map { "\($0.value) to \($0.to)" }.joined(separator: ", ") }
    var detail = "token \(escrow.token) moved \(words(transfers)) out of the vault"
    if !claims.isEmpty { detail += "; booked as claims: \(words(claims))" }
    if !same { detail += "; owed were \(words(expected))" }
    note(.payments, same, detail)
  }

  private struct Payment: Hashable, Comparable {
    let to: Address
    let value: UInt256

    static func < (a: Self, b: Self) -> Bool { (a.to, a.value) < (b.to, b.value) }
  }
}
