/// The choice that a misspelt word most likely meant: the nearest within a third of its length, by insertions,
/// deletions, replacements and swaps of neighbours; nil when none is near.
func suggestion(for word: String, among choices: [String]) -> String? {
  let near = choices.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }.min { $0.1 < $1.1 }
  guard let (choice, distance) = near, distance <= max(1, choice.utf8.count / 3) else { return nil }
  return choice
}

/// Optimal string alignment distance.
private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  guard a.count <= 64, b.count <= 64 else { return .max }
  var before = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var best = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
      current.append(best)
    }
    (before, previous) = (previous, current)
  }
  return previous[b.count]
}
