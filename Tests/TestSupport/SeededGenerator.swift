internal import Foundation

/// Random numbers that can be had again: SplitMix64 (Steele, Lea and Flood 2014). Its seed is printed; `SEED=n` sets it.
public struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// A generator with a seed of one's own, else that of `SEED`, else a new one; `purpose` is printed with it.
  public init(_ purpose: String, seed: UInt64? = nil) {
    let fixed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    state = seed ?? fixed ?? UInt64.random(in: 0...UInt64.max)
    print("\(purpose): SEED=\(state)")
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// So many random bytes.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}
