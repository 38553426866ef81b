import Arithmetic
import Chain
import Testing

@Suite struct FeePolicyTests {
  private func fees(_ base: UInt256, _ tips: [UInt256], bound: UInt256? = nil) -> Fees {
    var policy = FeePolicy()
    policy.maxFeePerGasMax = bound
    return policy.fees(from: FeeHistory(baseFeesPerGas: [1, base], tipsPerGas: tips))
  }

  @Test func `the cap is twice the coming base fee and the median tip`() {
    #expect(
      fees(30_000_000_000, [9_000_000_000, 1_000_000_000, 2_000_000_000])
        == Fees(maxFeePerGas: 62_000_000_000, maxPriorityFeePerGas: 2_000_000_000))
    #expect(
      fees(7, [3_000_000, 5_000_000]) == Fees(maxFeePerGas: 3_000_014, maxPriorityFeePerGas: 3_000_000))
  }

  @Test func `the tip has a floor, also where the node gives none`() {
    #expect(fees(10, [0, 0, 1]) == Fees(maxFeePerGas: 1_000_020, maxPriorityFeePerGas: 1_000_000))
    #expect(fees(10, []) == Fees(maxFeePerGas: 1_000_020, maxPriorityFeePerGas: 1_000_000))
  }

  @Test func `a bound holds for both caps, and absurd fees do not overflow`() {
    #expect(fees(100, [2_000_000], bound: 500) == Fees(maxFeePerGas: 500, maxPriorityFeePerGas: 500))
    #expect(fees(100, [2_000_000], bound: 5_000_000) == Fees(maxFeePerGas: 2_000_200, maxPriorityFeePerGas: 2_000_000))
    #expect(fees(.max, [.max]).maxFeePerGas == .max)
  }

  // MARK: Replacements

  /// What becomes of caps where the coming base fee is `base` and every tip 2,000,000.
  private func replacement(
    _ most: UInt256, _ tip: UInt256, base: UInt256, bound: UInt256? = nil, isRefused: Bool = false
  ) -> Replacement {
    var policy = FeePolicy()
    policy.maxFeePerGasMax = bound
    return policy.replacement(
      of: Fees(maxFeePerGas: most, maxPriorityFeePerGas: tip), isRefused: isRefused,
      from: FeeHistory(baseFeesPerGas: [base], tipsPerGas: [2_000_000]))
  }

  private func caps(_ most: UInt256, _ tip: UInt256) -> Replacement {
    .caps(Fees(maxFeePerGas: most, maxPriorityFeePerGas: tip))
  }

  @Test func `what offers the present price is not replaced, unless the node refuses it`() {
    #expect(replacement(22_000_000, 2_000_000, base: 10_000_000) == .notNeeded)
    #expect(replacement(22_000_000, 2_000_000, base: 9_000_000) == .notNeeded)
    #expect(replacement(22_000_000, 2_000_000, base: 9_000_000, isRefused: true) == caps(24_200_000, 2_200_000))
  }

  @Test func `both caps rise to the present price, and by a tenth at least`() {
    // 2 x 50,000,000 + 2,000,000; the tip was at its price.
    #expect(replacement(22_000_000, 2_000_000, base: 50_000_000) == caps(102_000_000, 2_200_000))
    // One wei too little: a tenth more.
    #expect(replacement(21_999_999, 2_000_000, base: 10_000_000) == caps(24_199_999, 2_200_000))
    // Only the tip is too low.
    #expect(replacement(22_000_000, 1_000_000, base: 10_000_000) == caps(24_200_000, 2_000_000))
    // A tenth of less than ten wei is a wei.
    #expect(replacement(3, 1, base: 0) == caps(2_000_000, 2_000_000))
    #expect(replacement(11, 0, base: 0, bound: 13, isRefused: true) == caps(13, 13))
  }

  @Test func `nothing rises above the bound`() {
    #expect(replacement(22_000_000, 2_000_000, base: 50_000_000, bound: 30_000_000) == caps(30_000_000, 2_200_000))
    #expect(replacement(22_000_000, 2_000_000, base: 50_000_000, bound: 24_200_000) == caps(24_200_000, 2_200_000))
    #expect(replacement(22_000_000, 2_000_000, base: 50_000_000, bound: 24_199_999) == .aboveBound)
    #expect(replacement(1_000, 1_000, base: 50, bound: 1_100) == caps(1_100, 1_100))
    #expect(replacement(22_000_000, 2_000_000, base: 10_000_000, bound: 20_000_000) == .notNeeded)
    #expect(replacement(.max, .max, base: .max) == .notNeeded)
    #expect(replacement(.max, 1, base: .max) == .aboveBound)
  }

  /// The rule of the pools, in numbers of their own: 110 old <= 100 new, and above it.
  @Test(arguments: [1, 7, 9, 10, 11, 99, 1_000_000, 123_456_789] as [UInt64])
  func `a pool that asks for a tenth more takes every replacement`(cap: UInt64) throws {
    guard case .caps(let fees) = replacement(UInt256(cap), UInt256(cap), base: 0, isRefused: true) else {
      Issue.record("no replacement of \(cap)")
      return
    }
    for new in [fees.maxFeePerGas, fees.maxPriorityFeePerGas] {
      #expect(new > UInt256(cap))
      #expect(try new.multiplied(by: 100) >= UInt256(cap).multiplied(by: 110))
    }
  }
}
