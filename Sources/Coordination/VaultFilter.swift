import Ethereum
import Settlement

/// The vaults whose logs can still matter, and whether a block's bloom filter lets any of them in.
///
/// Every log of a vault carries its address and the agreement's id, so a filter without their bits proves that the block
/// has none: nobody has to be believed about an absence.
///
/// - Source: Ethereum Yellow Paper, section 4.3.1.
struct VaultFilter {
  private(set) var ids: [Address: AgreementID] = [:]
  private var probes: [[(index: Int, bits: UInt8)]] = []

  mutating func add(_ agreement: Agreement) {
    let vault = agreement.vault
    ids[vault] = agreement.id
    let bloom = Bloom(of: [Log(address: vault, topics: [agreement.id.digest], data: [])])
    probes.append(bloom.bytes.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) })
  }

  func mayMatch(_ bloom: Bloom) -> Bool {
    probes.contains { probe in probe.allSatisfy { bloom[$0.index] & $0.bits == $0.bits } }
  }
}
