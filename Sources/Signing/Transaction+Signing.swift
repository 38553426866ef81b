public import Ethereum

extension Transaction {
  /// This transaction with the signature of a key.
  ///
  /// - Throws: `signingFailed`.
  public func signed(by key: borrowing PrivateKey) throws(SigningError) -> SignedTransaction {
    let signature = try key.sign(signingHash)
    return SignedTransaction(self, yParity: signature.yParity, r: signature.r, s: signature.s)
  }
}

extension FeeMarketTransaction {
  /// This transaction with the signature of a key.
  ///
  /// - Throws: `signingFailed`.
  public func signed(by key: borrowing PrivateKey) throws(SigningError) -> SignedTransaction {
    try Transaction.feeMarket(self).signed(by: key)
  }
}

extension SignedTransaction {
  /// The signature, checked: in range, s in the lower half (EIP-2).
  ///
  /// - Throws: `scalarOutOfRange`, `highS`.
  public func signature() throws(SigningError) -> Signature {
    try Signature(r: r, s: s, yParity: yParity)
  }

  /// The account that signed this transaction.
  ///
  /// - Throws: `scalarOutOfRange`, `highS`, `notRecoverable`.
  public func sender() throws(SigningError) -> Address {
    try signature().signer(of: signingHash)
  }
}
