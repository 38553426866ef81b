import Arithmetic
import JSON

/// Amounts as decimal text of a whole unit.
enum AmountVectors {
  static let suites = [
    Suite("units", shape: ["wei", "ether", "ether_format"]) { document, report, _ in
      report.checkEach(try document.elements) { vector in
        let wei = try Int256(decimal: vector.text("wei"))
        for (unit, decimals) in units {
          if let text = vector[unit]?.asString {
            try expectEqual(Int256(fixedPoint: text, decimals: decimals), wei, "\(text) \(unit)")
          }
          if let text = vector[unit + "_format"]?.asString {
            try expectEqual(wei.fixedPoint(decimals: decimals), text, "text in \(unit)")
          }
        }
      }
    }
  ]

  private static let units = [("kwei", 3), ("mwei", 6), ("gwei", 9), ("szabo", 12), ("finney", 15), ("ether", 18)]
}
