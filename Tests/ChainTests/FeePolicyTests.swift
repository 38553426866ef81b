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
}
