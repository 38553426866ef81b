import Arithmetic
import Chain
import Ethereum
public import Settlement
import Signing
import Terms

/// Permits: what a party signed in the domain of its token, which the token is asked about before it is recorded.
extension Coordinator {
  /// Takes a party's permit, which opening gives the token before it takes anything.
  ///
  /// - Throws: `CoordinationError.unknownAgreement`, `.refused`, `.chain`, `.storage`.
  /// - Source: EIP-2612.
  public func accept(_ id: AgreementID, _ permit: UnverifiedMessage<Permit>) async throws(CoordinationError) {
    guard let trade = journals[id]?.trade else { throw .unknownAgreement(id) }
    if trade.holds(permit) { return }
    let message = permit.message
    guard let party = trade.terms.escrow.party(at: message.owner) else {
      throw .refused(.notAParty(of: Permit.what, found: message.owner))
    }
    let token = trade.terms.escrow.opening(of: party).token
    guard case .fixedBytes(let word) = try await answer(of: token, "DOMAIN_SEPARATOR()", [], "bytes32"),
      let separator = try? Digest(word),
      case .uint(let nonce) = try await answer(of: token, "nonces(address)", [.address(message.owner)], "uint256")
    else { throw Self.noPermits(token) }
    try refusing { () throws(SettlementError) in
      let signer: Address
      do throws(SigningError) {
        signer = try permit.signature.signer(of: message.typed.digest(separator: separator))
      } catch {
        throw .badSignature(of: Permit.what, error)
      }
      guard signer == message.owner else {
        throw .wrongSigner(of: Permit.what, expected: message.owner, found: signer)
      }
      guard message.nonce == nonce else {
        throw .unfitPermit("its nonce is \(message.nonce), the token \(token) expects \(nonce); sign a new one")
      }
    }
    try await amend(id) { $0.holds(permit) ? nil : .permitSigned(permit) }
  }

  private static func noPermits(_ token: Address) -> CoordinationError {
    .refused(
      .unfitPermit("the token \(token) takes none (EIP-2612); allow the vault by a transaction, with `escrow approve`"))
  }

  /// What a token answers, where it knows the question.
  private func answer(
    of token: Address, _ function: ABIFunction, _ arguments: [ABIValue], _ type: ABIType
  ) async throws(CoordinationError) -> ABIValue {
    guard let data = try? function.encodeCall(arguments) else { throw Self.noPermits(token) }
    let chain = chain
    let reply: [UInt8]
    do throws(ChainError) {
      reply = try await chain.call(Call(to: token, data: data))
    } catch {
      switch error {
      case .reverted: throw Self.noPermits(token)
      case .node where !error.isRetryable: throw Self.noPermits(token)
      default: throw .chain(error)
      }
    }
    guard let value = (try? ABIValue.decode(reply, as: [type]))?.first else { throw Self.noPermits(token) }
    return value
  }
}
