/// The payoffs that the escrow computes itself, by the contract's numbers.
enum PayoffKind: UInt8 {
  case europeanCall = 1
  case europeanPut = 2

  var optionType: OptionType { self == .europeanCall ? .call : .put }

  /// The digest of the library's clause, as hexadecimal text: the only one with which the escrow takes the kind.
  var clause: String {
    switch self {
    case .europeanCall: "0x4effd8ad2975bc1818d2a9be60f6f3d004c0f70b7ea530f73d76ca1a1b7f174a"
    case .europeanPut: "0xce03cf19f15ea341b6d493b02b44577f7acd237dbaeb41bd1d164a772e080a9d"
    }
  }
}
