import Arithmetic
import Ethereum
import JSON
import Signing

/// Which transactions may stand in a block, under the rules of each fork.
enum TransactionRuleVectors {
  static let suites = [
    Suite("TransactionTests", shape: ["txbytes", "result"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let raw = try vector.bytes("txbytes")
        for member in try vector.field("result").members {
          // Frontier's rules, of 2015, allow a high s, which nothing here signs or recovers.
          guard let fork = forks[member.name] else { continue }
          try check(raw, member.value, fork, name: member.name)
        }
      }
    }
  ]

  /// The forks' names there; several changed nothing about transactions.
  private static let forks: [String: Fork] = [
    "Homestead": .homestead, "EIP150": .homestead, "EIP158": .spuriousDragon, "Byzantium": .spuriousDragon,
    "Constantinople": .spuriousDragon, "ConstantinopleFix": .spuriousDragon, "Istanbul": .istanbul,
    "Berlin": .berlin, "London": .london, "Paris": .london, "Shanghai": .shanghai, "Cancun": .cancun,
    "Prague": .prague, "Osaka": .osaka,
  ]

  private static func check(_ raw: [UInt8], _ result: JSONValue, _ fork: Fork, name: String) throws {
    let decoded = Result { try SignedTransaction(decoding: raw) }
    let faults = (try? decoded.get())?.faults(on: 1, under: fork) ?? []
    guard result["exception"] == nil else {
      if case .success = decoded { try expect(!faults.isEmpty, "\(name): an invalid transaction was taken") }
      return
    }
    let transaction = try decoded.get()
    try expect(faults.isEmpty, "\(name): \(faults.map(\.description).joined(separator: "; "))")
    try expectEqual(transaction.hash, result.digest("hash"), "\(name): hash")
    try expectEqual(transaction.sender().bytes, result.bytes("sender"), "\(name): sender")
    try expectEqual(
      UInt256(transaction.transaction.intrinsicGas(under: fork)), result.integer("intrinsicGas"), "\(name): gas")
  }
}
