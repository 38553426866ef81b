import Arithmetic
import Chain
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// A permit held against the chain: whether the token would take it, and what the vault may take after it.
struct PermitTrial {
  let owner: Address
  let token: Address
  /// Why the token would not take it; empty where it would.
  let reasons: [String]
  /// Base units that the vault may take when it opens.
  let allowance: UInt256
  /// Whether that is what opening takes from the owner.
  let suffices: Bool

  var line: String {
    let taken = reasons.isEmpty ? "is taken" : "fails: \(reasons.joined(separator: ", "))"
    let rest = suffices ? "the vault may take \(allowance), which suffices" : "the vault may take \(allowance) only"
    return "permit of \(owner) \(taken); \(rest)"
  }

  var document: JSONValue {
    [
      "owner": .string(owner.checksummed), "token": .string(token.checksummed),
      "reasons": .array(reasons.map { .string($0) }), "allowance": .string(allowance.description),
      "suffices": .bool(suffices),
    ]
  }

  /// - Parameter allowed: What the owner lets the vault take already, by transaction.
  static func hold(
    _ signed: UnverifiedMessage<Permit>, for opening: Funding, allowed: UInt256, in deal: Deal, at now: UInt64,
    _ reader: VaultView.Reader
  ) async throws -> PermitTrial {
    let permit = signed.message
    var reasons: [String] = []
    let token = Token(address: opening.token, reader: reader)
    do {
      let signer = try? signed.signature.signer(of: permit.typed.digest(separator: try await token.separator()))
      if signer != permit.owner {
        reasons.append("\(signer?.description ?? "nobody") signed, or another token, name or version was signed for")
      }
      let nonce = try await token.nonce(of: permit.owner)
      if nonce != permit.nonce { reasons.append("its nonce is \(permit.nonce), the token expects \(nonce)") }
    } catch let error as PermitSigning.Failure {
      reasons.append("\(error)")
    }
    if permit.spender != deal.vault.address { reasons.append("it is for \(permit.spender), not for the vault") }
    if permit.value == .zero { reasons.append("it allows nothing") }
    if permit.deadline < UInt256(now) { reasons.append("its deadline \(permit.deadline) has passed, it is \(now)") }
    if reasons.isEmpty {
      let call = Call(to: opening.token, data: try signed.tokenCall())
      do throws(ChainError) {
        _ = try await reader.chain.call(call, at: reader.block)
      } catch {
        guard case .reverted(let revert) = error else { throw error }
        reasons.append("the token: \(revert)")
      }
    }
    let allowance = reasons.isEmpty ? permit.value : allowed
    return PermitTrial(
      owner: permit.owner, token: opening.token, reasons: reasons, allowance: allowance,
      suffices: allowance >= opening.amount)
  }

  /// What a token says of its permits.
  ///
  /// - Source: EIP-2612, EIP-5267.
  struct Token {
    let address: Address
    let reader: VaultView.Reader

    func separator() async throws -> Digest {
      guard case .fixedBytes(let bytes)? = try await answer("DOMAIN_SEPARATOR()", [], "bytes32") else {
        throw PermitSigning.Failure.noPermits(address)
      }
      return try Digest(bytes)
    }

    func nonce(of owner: Address) async throws -> UInt256 {
      guard let nonce = try await answer("nonces(address)", [.address(owner)], "uint256") else {
        throw PermitSigning.Failure.noPermits(address)
      }
      return nonce.amount
    }

    /// Name and version of the domain: by EIP-5267, else the token's own name and version, which is 1 where it says none.
    func described() async throws -> (name: String?, version: String?) {
      let data = try TypedStruct.domainFunction.encodeCall([])
      if let reply = try await tried(data), let domain = try? TypedStruct(contractDomain: reply) {
        func text(_ name: String) -> String? {
          guard case .string(let text)? = domain.members.first(where: { $0.name == name })?.value else { return nil }
          return text
        }
        return (text("name"), text("version"))
      }
      guard case .string(let name)? = try await answer("name()", [], "string") else { return (nil, nil) }
      guard case .string(let version)? = try await answer("version()", [], "string") else { return (name, "1") }
      return (name, version)
    }

    private func answer(_ function: ABIFunction, _ arguments: [ABIValue], _ type: ABIType) async throws -> ABIValue? {
      guard let reply = try await tried(try function.encodeCall(arguments)) else { return nil }
      return (try? ABIValue.decode(reply, as: [type]))?.first
    }

    /// Nil where the token does not know the function.
    private func tried(_ data: [UInt8]) async throws -> [UInt8]? {
      do throws(ChainError) {
        return try await reader.chain.call(Call(to: address, data: data), at: reader.block)
      } catch {
        if case .reverted = error { return nil }
        throw error
      }
    }
  }
}
