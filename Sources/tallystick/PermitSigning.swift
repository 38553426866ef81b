import Arithmetic
import Chain
import Console
import Ethereum
import JSON
import Settlement
import Signing
import Terms

/// A party's permit: the one message that is signed in the token's domain instead of the escrow's. The token tells the
/// name and version of that domain, or the party does; its contract and chain are the terms' and never the token's word,
/// so that no token gets a signature that counts for another.
enum PermitSigning {
  static let options: [Option] = [
    .value("token-name", "NAME", "the name in the token's domain, for a permit; by default what the token says"),
    .value("token-version", "VERSION", "the version in the token's domain, for a permit, likewise"),
    EscrowActCommands.rpcURL,
  ]

  enum Failure: Error, CustomStringConvertible {
    case noDomain
    case wallet
    case otherDomain(TypedDomain)
    case noPermits(Address)

    var description: String {
      switch self {
      case .wallet:
        "permit: a token takes a key's signature only; let the wallet approve, see `escrow approve --wallet`"
      case .noDomain: "permit: give --rpc-url to ask the token for its domain, or --token-name and --token-version"
      case .otherDomain(let domain):
        "permit: the token \(domain.verifyingContract) does not sign as \"\(domain.name)\", version "
          + "\"\(domain.version)\"; give its own with --token-name and --token-version"
      case .noPermits(let token): "permit: the token \(token) takes none; approve with `escrow approve`"
      }
    }
  }

  static func signed(
    _ deal: Deal, _ given: [String: String], _ arguments: Arguments, _ key: borrowing PrivateKey
  ) async throws -> JSONValue {
    let signer = key.address
    let escrow = deal.terms.escrow
    guard let party = escrow.party(at: signer) else {
      throw EscrowSigning.NoPart(kind: "permit", signer: signer, expected: [escrow.buyer, escrow.seller])
    }
    let due = escrow.due(from: party)
    var fields = [
      "owner": signer.checksummed, "spender": deal.vault.address.checksummed, "value": due.amount.description,
      "deadline": String(escrow.acceptBy),
    ]
    let chain = try arguments.value("rpc-url").map { ChainClient(try CurlTransport(url: $0)) }
    let domain = try await domain(of: due.token, arguments, on: deal.terms.domain.chainID, chain)
    if let chain {
      let token = PermitTrial.Token(address: due.token, reader: VaultView.Reader(chain: chain, block: .latest))
      fields["nonce"] = try await token.nonce(of: signer).description
    }
    let permit = try EscrowSigning.message(Permit.self, fields, given)
    guard permit.owner == signer else {
      throw EscrowSigning.NoPart(kind: "permit", signer: signer, expected: [permit.owner])
    }
    return try Signed(permit, signature: try key.sign(permit.typed.digest(in: domain)), in: domain).document
  }

  private static func domain(
    of token: Address, _ arguments: Arguments, on chainID: ChainID, _ chain: ChainClient?
  ) async throws -> TypedDomain {
    var (name, version) = (arguments.value("token-name"), arguments.value("token-version"))
    guard let chain else {
      guard let name, let version else { throw Failure.noDomain }
      return TypedDomain(name: name, version: version, chainID: chainID, verifyingContract: token)
    }
    let found = try await chain.chainID()
    guard found == chainID else { throw VaultView.Failure.otherChain(expected: chainID, found: found) }
    let asked = PermitTrial.Token(address: token, reader: VaultView.Reader(chain: chain, block: .latest))
    if name == nil || version == nil {
      let described = try await asked.described()
      name = name ?? described.name
      version = version ?? described.version
    }
    guard let name, let version else { throw Failure.noDomain }
    let domain = TypedDomain(name: name, version: version, chainID: chainID, verifyingContract: token)
    guard try await asked.separator() == domain.separator else { throw Failure.otherDomain(domain) }
    return domain
  }
}
