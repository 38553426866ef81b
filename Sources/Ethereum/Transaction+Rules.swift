import Arithmetic

/// A rule that keeps a transaction out of every block, whatever the state of the chain.
public enum TransactionFault: Hashable, Sendable {
  /// The fork came before this type.
  case unknownType(UInt8, under: Fork)
  /// Bound to another chain, or to one before transactions could be.
  case otherChain(ChainID, expected: ChainID)
  /// The nonce is one that no account reaches (EIP-2681).
  case nonceTooHigh
  /// The gas limit is below what the transaction costs before it runs.
  case gasLimitTooLow(needed: UInt64)
  /// The gas limit is above what one transaction may use (EIP-7825).
  case gasLimitTooHigh(max: UInt64)
  /// The gas limit times the fee leaves 256 bits.
  case costOverflow
  /// The priority fee is above the whole fee (EIP-1559).
  case priorityFeeAboveFee
  /// The code that creates the contract is longer than it may be (EIP-3860).
  case initCodeTooLong(byteCount: Int, max: Int)
  /// No blob, or more than a block holds (EIP-4844, EIP-7691, EIP-7594).
  case blobCount(Int, max: Int)
  /// A blob's name that is not of version 1 (EIP-4844).
  case blobVersion
  /// No authorization (EIP-7702).
  case noAuthorization
  /// The signature is none that recovers: what is wrong with it.
  case signature(String)
}

extension Transaction {
  /// The gas that the transaction costs before anything runs: what its gas limit must at least be.
  ///
  /// - Source: Ethereum Yellow Paper, section 6.2; EIP-2, 2028, 2930, 3860, 7623, 7702.
  public func intrinsicGas(under fork: Fork = .latest) -> UInt64 {
    let zeros = UInt64(data.count { $0 == 0 })
    let others = UInt64(data.count) - zeros
    var gas: UInt64 = 21_000 + 4 * zeros + (fork >= .istanbul ? 16 : 68) * others
    if to == nil {
      gas += 32_000
      if fork >= .shanghai { gas += 2 * ((UInt64(data.count) + 31) / 32) }
    }
    for entry in accessList { gas += 2_400 + 1_900 * UInt64(entry.storageKeys.count) }
    if case .setCode(let transaction) = self { gas += 25_000 * UInt64(transaction.authorizationList.count) }
    return fork >= .prague ? max(gas, 21_000 + 10 * (zeros + 4 * others)) : gas
  }

  /// Every rule that the transaction breaks on its own, whatever the state; the signature is for the signing module.
  public func faults(on chain: ChainID, under fork: Fork = .latest) -> [TransactionFault] {
    var faults: [TransactionFault] = []
    if fork < firstFork { faults.append(.unknownType(type, under: fork)) }
    if let chainID, chainID != chain || fork < .spuriousDragon {
      faults.append(.otherChain(chainID, expected: chain))
    }
    if nonce == .max { faults.append(.nonceTooHigh) }
    let needed = intrinsicGas(under: fork)
    if gasLimit < needed { faults.append(.gasLimitTooLow(needed: needed)) }
    if fork >= .osaka, gasLimit > Self.gasLimitMax { faults.append(.gasLimitTooHigh(max: Self.gasLimitMax)) }
    if (try? maxFeePerGas.multiplied(by: UInt256(gasLimit))) == nil { faults.append(.costOverflow) }
    if maxPriorityFeePerGas > maxFeePerGas { faults.append(.priorityFeeAboveFee) }
    if to == nil, fork >= .shanghai, data.count > Self.initCodeByteCountMax {
      faults.append(.initCodeTooLong(byteCount: data.count, max: Self.initCodeByteCountMax))
    }
    switch self {
    case .blob(let transaction):
      // EIP-7594 bounds a transaction; before it a block's bound was the only one.
      let max = fork >= .osaka ? 6 : fork >= .prague ? 9 : 6
      let count = transaction.blobVersionedHashes.count
      if !(1...max).contains(count) { faults.append(.blobCount(count, max: max)) }
      if transaction.blobVersionedHashes.contains(where: { $0[0] != 1 }) { faults.append(.blobVersion) }
    case .setCode(let transaction):
      if transaction.authorizationList.isEmpty { faults.append(.noAuthorization) }
    case .legacy, .accessList, .feeMarket: break
    }
    return faults
  }

  /// Twice the 24,576 bytes that a contract's code may have (EIP-3860).
  private static let initCodeByteCountMax = 49_152
  /// 2^24 (EIP-7825).
  private static let gasLimitMax: UInt64 = 16_777_216

  private var firstFork: Fork {
    switch self {
    case .legacy: .homestead
    case .accessList: .berlin
    case .feeMarket: .london
    case .blob: .cancun
    case .setCode: .prague
    }
  }
}

extension TransactionFault: CustomStringConvertible {
  /// What was found and what to do.
  public var description: String {
    switch self {
    case .unknownType(let type, let fork): "type \(type) is not known under the rules of \(fork); use an earlier type"
    case .otherChain(let found, let expected): "bound to chain \(found); sign it for chain \(expected)"
    case .nonceTooHigh: "the nonce is 2^64 - 1, which no account reaches; use the account's next nonce"
    case .gasLimitTooLow(let needed): "the gas limit is below the cost before execution; give at least \(needed)"
    case .gasLimitTooHigh(let max): "the gas limit is above what one transaction may use; give at most \(max)"
    case .costOverflow: "gas limit times fee leaves 256 bits; lower one of them"
    case .priorityFeeAboveFee: "the priority fee is above the whole fee; raise maxFeePerGas or lower the tip"
    case .initCodeTooLong(let found, let max): "\(found) bytes of init code; keep it to \(max)"
    case .blobCount(let found, let max): "\(found) blobs; send 1 to \(max)"
    case .blobVersion: "a blob's hash does not start with 0x01; compute it as EIP-4844 says"
    case .noAuthorization: "no authorization; add one, or use type 2"
    case .signature(let reason): reason
    }
  }
}
