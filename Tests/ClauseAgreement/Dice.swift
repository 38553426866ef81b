/// Random choices that come out the same everywhere and for ever: SplitMix64 (Steele, Lea and Flood 2014), and choices
/// by multiplication, so that nothing hangs on a library's own way.
struct Dice {
  private var state: UInt64

  /// The choices of one block of a seed.
  init(seed: UInt64, block: Int) {
    state = seed &+ UInt64(block) &* 0xD1B5_4A32_D192_ED03
    state = next() ^ seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of 0 ..< count.
  mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of the choices, of which there is at least one.
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  mutating func shuffle<T>(_ choices: [T]) -> [T] {
    var shuffled = choices
    for end in stride(from: shuffled.count - 1, to: 0, by: -1) { shuffled.swapAt(end, below(end + 1)) }
    return shuffled
  }
}
