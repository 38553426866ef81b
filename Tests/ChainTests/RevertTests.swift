import Arithmetic
import Chain
import Ethereum
import Testing

@Suite struct RevertTests {
  /// "user error", as Solidity's documentation encodes a string.
  static let userError =
    "0x08c379a0" + "0000000000000000000000000000000000000000000000000000000000000020"
    + "000000000000000000000000000000000000000000000000000000000000000a"
    + "75736572206572726f7200000000000000000000000000000000000000000000"

  @Test(arguments: [
    ("0x", Revert.Reason.none, "without a reason"), (userError, .message("user error"), "user error"),
    ("0x4e487b71" + String(repeating: "0", count: 62) + "11", .panic(0x11), "panic 0x11"),
    ("0x4e487b7111", .custom, "with the data 0x4e487b7111"), ("0x08c379a0", .custom, "with the data 0x08c379a0"),
    (String(userError.dropLast(44)), .message("user error"), "user error"),
    (String(userError.dropLast(46)), .custom, "with the data " + userError.prefix(138) + "..."),
    ("0xdeadbeef", .custom, "with the data 0xdeadbeef"), ("0x01", .custom, "with the data 0x01"),
  ])
  func `the data of a revert is read, or shown as it is`(data: String, reason: Revert.Reason, text: String) throws {
    let revert = Revert(data: try Hex.decode(data))
    #expect(revert.reason == reason)
    #expect(revert.description == text)
  }

  @Test(arguments: [
    #"{"code":3,"message":"execution reverted: user error","data":"\#(userError)"}"#,
    #"{"code":-32000,"message":"VM Exception: revert","data":"\#(userError)"}"#,
    #"{"code":-32015,"message":"Reverted","data":{"data":"\#(userError)","txHash":"0x"}}"#,
  ])
  func `reverts are known in each dialect of the nodes`(error: String) async throws {
    let expected = ChainError.reverted(Revert(data: try Hex.decode(Self.userError)))
    await #expect(throws: expected) {
      try await ChainClient(ReplayTransport(error: error)).call(Call(to: .zero, data: []))
    }
    #expect(!expected.isRetryable && expected.description == "the call reverted: user error")
  }

  @Test func `a revert without data is a revert`() async {
    await #expect(throws: ChainError.reverted(Revert(data: []))) {
      try await ChainClient(ReplayTransport(error: #"{"code":-32000,"message":"execution reverted"}"#))
        .call(Call(to: .zero, data: []))
    }
  }
}
