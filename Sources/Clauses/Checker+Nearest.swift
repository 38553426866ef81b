extension Checker {
  /// The candidate closest to a mistyped word, if any is close: at most a third of its letters differ.
  static func nearest(_ word: String, among candidates: [String]) -> String? {
    let scored = candidates.map { (distance: distance(word.lowercased(), $0.lowercased()), name: $0) }
    let best = scored.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let best, best.distance <= Swift.max(1, word.count / 3) else { return nil }
    return best.name
  }

  /// Single-letter insertions, deletions and replacements between two words.
  private static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first.utf8.prefix(64)), Array(second.utf8.prefix(64)))
    var row = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in second.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
