public import Settlement

/// An action to be carried out at least once.
public struct OutboxTask: Identifiable, Hashable, Sendable {
  /// Rising in the order of queueing. No task is ever deleted, so none is used twice.
  public let id: Int64
  /// Whose action it is.
  public let agreementID: AgreementID
  /// What to do.
  public let action: Action
  /// What was signed for it; only these bytes are ever sent.
  public let transaction: StoredTransaction?

  /// A task as a store holds it.
  public init(id: Int64, agreementID: AgreementID, action: Action, transaction: StoredTransaction? = nil) {
    self.id = id
    self.agreementID = agreementID
    self.action = action
    self.transaction = transaction
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
