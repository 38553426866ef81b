public import Arithmetic
public import Ethereum

/// The EIP-712 form of terms. The types are frozen: a change of a name, a type or an order is another version.
extension OptionTerms {
  /// `OptionTerms(Economics economics,Escrow escrow)` with this value's fields.
  public var typed: TypedStruct {
    TypedStruct(
      name: "OptionTerms",
      members: [
        .init("economics", "Economics", .structure(economics.typed)),
        .init("escrow", "Escrow", .structure(escrow.typed)),
      ])
  }

  /// What both parties sign (EIP-712, "Specification of the eth_signTypedData JSON RPC").
  public var digest: Digest { typed.digest(in: domain) }
}

extension Economics {
  /// The struct; the contract takes only its hash.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Economics",
      members: [
        .string("optionType", optionType.rawValue),
        .string("exerciseStyle", exerciseStyle.rawValue),
        .string("settlementType", settlementType.rawValue),
        .string("underlying", underlying),
        .string("priceCurrency", priceCurrency),
        .uint256("strikePrice", strikePrice),
        .uint8("priceDecimals", priceDecimals),
        .uint256("quantity", quantity),
        .uint8("quantityDecimals", quantityDecimals),
        .uint8("tokenDecimals", tokenDecimals),
        .string("priceSource", priceSource),
        .string("parameters", parameters),
      ])
  }
}

extension Escrow {
  /// The struct, in the order in which the contract takes its fields.
  public var typed: TypedStruct {
    TypedStruct(
      name: "Escrow",
      members: [
        .address("buyer", buyer),
        .address("seller", seller),
        .address("token", token),
        .address("deliveryToken", deliveryToken),
        .uint256("premium", premium),
        .uint256("buyerCollateral", buyerCollateral),
        .uint256("sellerCollateral", sellerCollateral),
        .bytes32("clause", clause),
        .uint8("payoffKind", payoffKind),
        .bytes32("feed", feed),
        .uint64("acceptBy", acceptBy),
        .uint64("exerciseStart", exerciseStart),
        .uint64("expirationTime", expirationTime),
        .uint64("evidenceCloses", evidenceCloses),
        .uint64("settleFrom", settleFrom),
        .uint64("settleBy", settleBy),
        .uint64("disputeWindow", disputeWindow),
        .uint64("rulingWindow", rulingWindow),
        .uint256("bond", bond),
        .uint256("arbitrationFee", arbitrationFee),
        .uint256("defaultToBuyer", defaultToBuyer),
        .uint256("defaultToSeller", defaultToSeller),
        .addresses("observers", observers.members),
        .uint8("observerThreshold", observers.threshold),
        .uint64("maxDisagreementPpm", maxDisagreementPpm),
        .addresses("arbitrators", arbitrators.members),
        .uint8("arbitratorThreshold", arbitrators.threshold),
        .addresses("fallbackArbitrators", fallbackArbitrators.members),
        .uint8("fallbackThreshold", fallbackArbitrators.threshold),
        .address("buyerWatcher", buyerWatcher),
        .address("sellerWatcher", sellerWatcher),
        .uint64("buyerEpoch", buyerEpoch),
        .uint64("sellerEpoch", sellerEpoch),
        .uint256("salt", salt),
      ])
  }
}

/// The member kinds that Tallystick's own messages use.
extension TypedStruct.Member {
  /// Text; hashed by its UTF-8 bytes.
  public static func string(_ name: String, _ value: String) -> Self {
    .init(name, "string", .string(value))
  }

  /// An unsigned number of 256 bits.
  public static func uint256(_ name: String, _ value: UInt256) -> Self {
    .init(name, "uint256", .uint(value))
  }

  /// An unsigned number of 64 bits.
  public static func uint64(_ name: String, _ value: UInt64) -> Self {
    .init(name, "uint64", .uint(UInt256(value)))
  }

  /// An unsigned number of 8 bits.
  public static func uint8(_ name: String, _ value: UInt8) -> Self {
    .init(name, "uint8", .uint(UInt256(UInt64(value))))
  }

  /// Twenty bytes.
  public static func address(_ name: String, _ value: Address) -> Self {
    .init(name, "address", .address(value))
  }

  /// A list of addresses, never empty.
  public static func addresses(_ name: String, _ values: [Address]) -> Self {
    .init(name, "address[]", .array(values.map { .address($0) }))
  }

  /// Thirty-two bytes.
  public static func bytes32(_ name: String, _ value: Digest) -> Self {
    .init(name, "bytes32", .bytes32(value))
  }
}
