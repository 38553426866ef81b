public import Ethereum

extension Authorization {
  /// This authorization with the signature of a key.
  ///
  /// - Throws: `signingFailed`.
  public func signed(by key: borrowing PrivateKey) throws(SigningError) -> SignedAuthorization {
    let signature = try key.sign(signingHash)
    return SignedAuthorization(self, yParity: signature.yParity, r: signature.r, s: signature.s)
  }
}

extension SignedAuthorization {
  /// The account whose word this is.
  ///
  /// - Throws: `badRecoveryByte`, `scalarOutOfRange`, `highS`, `notRecoverable`.
  public func authority() throws(SigningError) -> Address {
    try Signature(r: r, s: s, yParity: yParity).signer(of: authorization.signingHash)
  }
}
