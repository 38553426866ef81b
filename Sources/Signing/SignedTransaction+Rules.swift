public import Ethereum

extension SignedTransaction {
  /// Every rule that keeps the transaction out of every block, whatever the state; none for one that may stand in one.
  public func faults(on chain: ChainID, under fork: Fork = .latest) -> [TransactionFault] {
    var faults = transaction.faults(on: chain, under: fork)
    do throws(SigningError) { _ = try sender() } catch { faults.append(.signature("\(error)")) }
    return faults
  }
}
