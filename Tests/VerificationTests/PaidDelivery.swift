import Arithmetic
import Ethereum
import Settlement
import Signing
import Terms
import TradeSamples
import Verification

/// A delivery played to its end, with the block that paid made in memory, so that every part can be made false.
struct PaidDelivery {
  enum Ending: String, CaseIterable, Sendable {
    case agreed, exercised, expired
  }

  /// What one token moves, or the vault books.
  struct Movement {
    enum Way { case out, into, claim }
    var way: Way
    var token: Address
    var party: Address
    var value: UInt256
  }

  let option: String
  let ending: Ending
  let terms: OptionTerms
  /// The block's time.
  var time: UInt64
  var noticeValidUntil: UInt64
  /// What the vault says that it paid, in the log and in the journal.
  var paid: Parts
  var delivered: Parts
  var movements: [Movement]
  var sender = "coordinator"
  var journalSigner = "coordinator"
  var succeeded = true
  var editTransaction: (inout FeeMarketTransaction) -> Void = { _ in }
  var editLogs: (inout [Log]) -> Void = { _ in }

  init(_ option: String, _ ending: Ending) throws {
    (self.option, self.ending) = (option, ending)
    terms = try Sample.delivery(option)
    let escrow = terms.escrow
    time = ending == .expired ? escrow.expirationTime : escrow.exerciseStart
    noticeValidUntil = escrow.expirationTime
    let (token, delivery) = (escrow.token, escrow.deliveryToken)
    func out(_ token: Address, _ party: Address, _ value: UInt256) -> Movement {
      Movement(way: .out, token: token, party: party, value: value)
    }
    switch ending {
    case .agreed:
      paid = Parts(toBuyer: 9, toSeller: try terms.escrowed.subtracting(9))
      let toBuyer: UInt256 = option == "call" ? 4 : 0
      delivered = Parts(toBuyer: toBuyer, toSeller: try terms.escrowedDelivery.subtracting(toBuyer))
      movements = [
        out(token, escrow.buyer, paid.toBuyer), out(token, escrow.seller, paid.toSeller),
        out(delivery, escrow.buyer, delivered.toBuyer), out(delivery, escrow.seller, delivered.toSeller),
      ]
    case .exercised:
      (paid, delivered) = History.exercised(option)
      let (payment, quantity): (UInt256, UInt256) = (6_250_000_001, 2_500_000_000_000_000_000)
      let isCall = option == "call"
      let (given, taken) = isCall ? (token, delivery) : (delivery, token)
      movements = [
        Movement(way: .into, token: given, party: escrow.buyer, value: isCall ? payment : quantity),
        out(taken, escrow.buyer, isCall ? quantity : payment),
        out(given, escrow.seller, isCall ? payment : quantity),
        out(taken, escrow.seller, isCall ? 500_000_000_000_000_000 : 9),
        out(token, escrow.buyer, escrow.buyerCollateral),
      ]
    case .expired:
      (paid, delivered) = History.expired(option)
      movements = [
        out(token, escrow.buyer, paid.toBuyer), out(token, escrow.seller, paid.toSeller),
        out(delivery, escrow.seller, delivered.toSeller),
      ]
    }
    movements.removeAll { $0.value == .zero }
  }

  /// - Returns: the proof, and the hash of the block in it.
  func make() throws -> (proof: SettlementProof, block: Digest) {
    var history = try History(delivering: option)
    let (route, before) = try prepare(&history)
    let trade = try history.trade.orThrow()
    let agreement = try trade.agreement.orThrow()
    try history.take(.due(route), at: before)
    var sent = Envelope(
      carrying: try trade.call(for: route, at: before), nonce: 4, gasLimit: 400_000, maxFeePerGas: 30_000_000_000,
      maxPriorityFeePerGas: 1_000_000_000
    ).transaction
    editTransaction(&sent)
    let raw = try sent.signed(by: Sample.key(sender)).raw
    try history.take(.instructed(route, transaction: Keccak256.hash(raw)), at: before)
    var happenings = [
      EscrowEvent.deliverySettled(ending == .agreed ? .agreed : .delivered, paid: paid, delivered: delivered)
    ]
    if ending == .exercised { happenings.insert(history.deliveryExercised(at: time), at: 0) }
    var logs = try self.logs(happenings, agreement.vault)
    editLogs(&logs)
    let receipt = try Receipt(type: 2, outcome: .status(succeeded), cumulativeGasUsed: 130_000, logs: logs)
    let (inclusion, header) = try Block.around(raw, receipt, at: time, in: terms)
    let fact = ChainFact(
      blockNumber: header.number, blockHash: header.hash, blockTime: time, transaction: Keccak256.hash(raw))
    for event in happenings { try history.take(.happened(event, fact), at: time) }
    let proof = try SettlementProof(of: history.journal, inclusion: inclusion) {
      try Sample.key(journalSigner).sign($0)
    }
    return (proof, header.hash)
  }

  /// Brings the trade to where a route pays; when it was decided.
  private func prepare(_ history: inout History) throws -> (Route, UInt64) {
    let escrow = terms.escrow
    switch ending {
    case .agreed:
      for name in ["buyer", "seller"] {
        let outcome = try history.deliveryOutcome(9, delivered.toBuyer, by: name, validUntil: escrow.exerciseStart + 10)
        try history.take(.deliveryOutcomeSigned(outcome), at: escrow.acceptBy)
      }
      return (.agreed, escrow.acceptBy)
    case .exercised:
      try history.take(.exerciseSigned(history.notice(validUntil: noticeValidUntil)), at: escrow.acceptBy)
      return (.exercise, escrow.exerciseStart)
    case .expired: return (.expire, escrow.expirationTime)
    }
  }

  private func logs(_ events: [EscrowEvent], _ vault: Address) throws -> [Log] {
    let id = terms.digest
    func said(_ signature: String, _ values: [UInt256]) -> Log {
      Log(
        address: vault, topics: [Keccak256.hash(Array(signature.utf8)), id], data: values.flatMap(\.bigEndianBytes))
    }
    let moved = movements.map { movement -> Log in
      if movement.way == .claim {
        return said(
          "TokenClaimable(bytes32,address,address,uint256)",
          [word(movement.party), word(movement.token), movement.value])
      }
      let (from, to) = movement.way == .out ? (vault, movement.party) : (movement.party, vault)
      return Log(
        address: movement.token,
        topics: [
          Keccak256.hash(Array("Transfer(address,address,uint256)".utf8)), digest(from), digest(to),
        ], data: movement.value.bigEndianBytes)
    }
    return try events.flatMap { event -> [Log] in
      switch event {
      case .deliveryExercised(let holder, let payment, let at):
        [said("DeliveryExercised(bytes32,address,uint256,uint64)", [word(holder), payment, UInt256(at)])] + moved
      case .deliverySettled(let route, let paid, let delivered):
        (ending == .exercised ? [] : moved) + [
          said(
            "DeliverySettled(bytes32,uint64,uint8,uint256,uint256,uint256,uint256)",
            [
              1, UInt256(UInt64(route.rawValue)), paid.toBuyer, paid.toSeller, delivered.toBuyer, delivered.toSeller,
            ])
        ]
      default: throw Absent()
      }
    }
  }

  private func word(_ address: Address) -> UInt256 { (try? UInt256(bigEndian: digest(address).bytes)) ?? .zero }

  private func digest(_ address: Address) -> Digest {
    (try? Digest([UInt8](repeating: 0, count: 12) + address.bytes)) ?? .zero
  }
}
