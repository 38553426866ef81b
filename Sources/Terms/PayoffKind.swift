/// The payoffs that the contract knows, by its numbers: two that it computes itself, two that it delivers.
enum PayoffKind: UInt8 {
  case europeanCall = 1
  case europeanPut = 2
  case physicalCall = 3
  case physicalPut = 4

  var isDelivery: Bool { self == .physicalCall || self == .physicalPut }

  var optionType: OptionType { self == .europeanCall || self == .physicalCall ? .call : .put }

  /// The digest of the library's clause, as hexadecimal text: the only one with which terms may name the kind.
  var clause: String {
    switch self {
    case .europeanCall: "0x4effd8ad2975bc1818d2a9be60f6f3d004c0f70b7ea530f73d76ca1a1b7f174a"
    case .europeanPut: "0xce03cf19f15ea341b6d493b02b44577f7acd237dbaeb41bd1d164a772e080a9d"
    case .physicalCall: "0xf172c21ba9566e2a149ece3df0e7e90d3631941baee9bb16923d901cb6e935ff"
    case .physicalPut: "0x3fa15c1f9d3cee07896377bfe250f5c399c041e30dae104dac9e42c35d31f23a"
    }
  }
}
