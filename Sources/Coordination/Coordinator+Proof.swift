import Chain
import Ethereum
import Settlement
import Signing
import Storage
import Verification

/// Proving: the block is read once, while every node still has it, and the proof is verified before it is kept.
extension Coordinator {
  func prove(_ task: OutboxTask) async throws(CoordinationError) {
    let id = task.agreementID
    guard let journal = journals[id], case .closed(_, let settled) = journal.trade?.phase else {
      throw .unknownAgreement(id)
    }
    let inclusion = try await inclusion(of: settled.fact)
    let earlier = try await earlier(than: settled, of: id)
    let proof: SettlementProof
    do {
      proof = try SettlementProof(of: journal, inclusion: inclusion, earlier: earlier) {
        (digest) throws(SigningError) in try key.sign(digest)
      }
    } catch let error as SettlementError {
      throw .refused(error)
    } catch {
      throw .refused(.unencodable("the journal's signature: \(error)"))
    }
    let findings = Verifier.findings(in: proof, trustedBlock: settled.fact.blockHash, journalSigner: sender)
    switch ProofVerdict(findings) {
    case .sound: break
    // Kept all the same: it is the evidence that something is wrong.
    case .unsound(let finding): alarms[id] = "the proof is unsound: \(finding.check.name): \(finding.detail)"
    case .incomplete(let missing):
      alarms[id] = "the proof is incomplete: \(missing.map(\.check.name).joined(separator: ", "))"
    }
    _ = try await commit(Batch(finish: [task.id], proof: (id, proof.bytes)))
  }

  /// The transaction that brought the ruling which was upheld, or the proposal that was answered; nothing where there is
  /// none, or the node has it no longer.
  private func earlier(than settled: Settled, of id: AgreementID) async throws(CoordinationError) -> [UInt8]? {
    let standing: ChainFact? =
      switch settled.route {
      case .ruled: settled.ruling?.fact
      case .agreed: settled.proposal?.fact
      default: nil
      }
    guard let fact = standing, fact.transaction != settled.fact.transaction else { return nil }
    let (chain, store) = (chain, store)
    let own = try await stored { () throws(StorageError) in try await store.transactions(of: id) }
    if let sent = own.first(where: { $0.hash == fact.transaction }) { return sent.raw }
    let block = try await onChain { () throws(ChainError) in try await chain.block(.hash(fact.blockHash)) }
    guard let block, let index = block.transactionHashes.firstIndex(of: fact.transaction) else { return nil }
    let transactions = try await onChain { () throws(ChainError) in try await chain.transactions(in: block) }
    return transactions.flatMap { $0.indices.contains(index) ? $0[index] : nil }
  }

  /// The transaction and its receipt with their branches, from the whole block; the roots must be the header's.
  private func inclusion(of fact: ChainFact) async throws(CoordinationError) -> Inclusion {
    let chain = chain
    let block = try await onChain { () throws(ChainError) in try await chain.block(.hash(fact.blockHash)) }
    guard let block, let index = block.transactionHashes.firstIndex(of: fact.transaction) else { throw .pruned(fact) }
    let transactions = try await onChain { () throws(ChainError) in try await chain.transactions(in: block) }
    let receipts = try await onChain { () throws(ChainError) in try await chain.receipts(in: block) }
    guard let transactions, let receipts, receipts.count > index, transactions.count > index else {
      throw .pruned(fact)
    }
    let encoded = receipts.map { $0.receipt.encoded() }
    let key = MerklePatriciaTrie.key(ofIndex: index)
    return Inclusion(
      header: block.header.encoded(), index: UInt64(index), transaction: transactions[index],
      transactionProof: MerklePatriciaTrie(indexed: transactions).proof(for: key), receipt: encoded[index],
      receiptProof: MerklePatriciaTrie(indexed: encoded).proof(for: key))
  }
}
