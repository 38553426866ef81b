import Arithmetic

extension Address {
  /// The address of the contract that an account's transaction, or a contract's CREATE, makes at this nonce.
  ///
  /// - Source: Ethereum Yellow Paper, section 7.
  public static func created(by creator: Address, nonce: UInt64) -> Address {
    Address(lastBytesOf: Keccak256.hash(RLPItem.list([.bytes(creator.bytes), .integer(nonce)]).encoded()))
  }

  /// The address of the contract that CREATE2 makes.
  ///
  /// - Source: EIP-1014.
  public static func created2(by creator: Address, salt: Digest, initCodeHash: Digest) -> Address {
    Address(lastBytesOf: Keccak256.hash([0xff] + creator.bytes + salt.bytes + initCodeHash.bytes))
  }
}
