import Arithmetic
import Chain
import Console
import Ethereum
import JSON
import Settlement
import Signing

/// An account with code, asked whether it accepts a signature.
///
/// - Source: ERC-1271.
enum ContractWallet {
  /// An account's code accepted a signature of a digest at a block.
  struct Acceptance {
    let wallet: Address
    let digest: Digest
    let block: UInt64

    var line: String { "signed \(digest) by the code of \(wallet), which accepts it at block \(block)" }

    var document: JSONValue {
      ["signer": .string(wallet.checksummed), "digest": .string(digest.hex), "block": .string(String(block))]
    }
  }

  /// What the escrow gives a wallet's code to answer, and what any call costs besides.
  private static func gas(_ data: [UInt8]) -> UInt64 { 500_000 + 21_000 + 16 * UInt64(data.count) }

  /// Whether an account's code accepts a signature, by the rule of the escrow: enough gas for one answer, and exactly one
  /// word.
  static func accepts(
    _ signature: AccountSignature, of digest: Digest, by wallet: Address, _ chain: ChainClient, at block: BlockReference
  ) async throws -> Bool {
    let data = try function.encodeCall([.fixedBytes(digest.bytes), .bytes(signature.bytes)])
    do throws(ChainError) {
      return try await chain.call(Call(to: wallet, data: data, gas: gas(data)), at: block) == accepted
    } catch {
      if case .reverted = error { return false }
      throw error
    }
  }

  private static let function: ABIFunction = "isValidSignature(bytes32,bytes)"
  private static let accepted = function.selector.bytes + [UInt8](repeating: 0, count: 28)
}
