public import Settlement

/// An action to be carried out at least once.
public struct OutboxTask: Identifiable, Hashable, Sendable {
  /// Rising in the order of queueing. No task is ever deleted, so none is used twice.
  public let id: Int64
  /// Whose action it is.
  public let agreementID: AgreementID
  /// What to do.
  public let action: Action
  /// What was signed for it, oldest first: one call under one nonce, each with higher fees than the one before, so that the
  /// chain takes at most one of them. Nothing else is ever sent.
  public let transactions: [StoredTransaction]

  /// A task as a store holds it.
  public init(id: Int64, agreementID: AgreementID, action: Action, transactions: [StoredTransaction] = []) {
    self.id = id
    self.agreementID = agreementID
    self.action = action
    self.transactions = transactions
  }
}

extension Action {
  /// The action as it is stored: `carry` and the route's name, or `prove`.
  var text: String {
    switch self {
    case .carry(let route): "carry \(route.rawValue)"
    case .prove: "prove"
    }
  }

  /// The action that the text stores, if any.
  init?(text: String) {
    if text == Action.prove.text {
      self = .prove
    } else if let route = Route.allCases.first(where: { Action.carry($0).text == text }) {
      self = .carry(route)
    } else {
      return nil
    }
  }
}
