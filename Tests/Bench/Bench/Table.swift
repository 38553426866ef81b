import Foundation

/// One line a measurement: what was done, both times in microseconds, their ratio, and what it ought to be.
enum Table {
  /// How a ratio is formed, and its aim.
  enum Aim {
    /// Ours takes at most so many times as long as the peer.
    case atMost(Double)
    /// Ours does at least so much of what the peer does in the same time.
    case atLeast(Double)
    /// Only shown, as `atLeast`.
    case none
  }

  static func heading() {
    line("", "ours us", "peer us", "ratio", "aim", "peer")
  }

  static func row(_ name: String, _ comparison: Comparison, against peer: String, _ aim: Aim) {
    let (ratio, text): (Double, String) =
      switch aim {
      case .atMost(let limit): (comparison.ours / comparison.peer, "<= \(limit)")
      case .atLeast(let limit): (comparison.peer / comparison.ours, ">= \(limit)")
      case .none: (comparison.peer / comparison.ours, "")
      }
    line(name, time(comparison.ours), time(comparison.peer), String(format: "%.3f", ratio), text, peer)
  }

  static func row(_ name: String, _ microseconds: Double) {
    line(name, time(microseconds), "", "", "", "\(Int(1e6 / microseconds)) a second")
  }

  private static func time(_ microseconds: Double) -> String { String(format: "%.3f", microseconds) }

  private static func line(_ columns: String...) {
    let widths = [-48, 10, 10, 8, 9]
    let padded = zip(columns, widths).map { text, width in
      let space = String(repeating: " ", count: max(0, abs(width) - text.count))
      return width < 0 ? text + space : space + text
    }
    print((padded + ["  " + columns[5]]).joined())
  }
}
