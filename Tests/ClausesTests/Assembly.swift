import Clauses

/// Bytecode written by hand, after the definition of the encoding and without the encoder.
struct Assembly {
  var magic: [UInt8] = Array("TSCL".utf8)
  var version: UInt8 = 1
  var kind: UInt8 = 1
  var inputs: [(group: UInt8, type: UInt8, name: String)] = []
  var routes: [String] = []
  var cost = 0
  var code: [UInt8] = []
  /// What stands behind the code.
  var sections: [UInt8] = []

  var bytes: [UInt8] {
    var bytes = magic + [version, kind, UInt8(inputs.count)]
    for input in inputs {
      bytes += [input.group, input.type, UInt8(input.name.utf8.count)] + Array(input.name.utf8)
    }
    bytes.append(UInt8(routes.count))
    for route in routes { bytes += [UInt8(route.utf8.count)] + Array(route.utf8) }
    bytes += [UInt8(cost >> 24 & 0xff), UInt8(cost >> 16 & 0xff), UInt8(cost >> 8 & 0xff), UInt8(cost & 0xff)]
    return bytes + [UInt8(code.count >> 8), UInt8(code.count & 0xff)] + code + sections
  }

  /// A payoff with one term `a : Amount`.
  static func payoff(cost: Int, _ code: UInt8...) -> Assembly {
    Assembly(inputs: [(1, 3, "a")], cost: cost, code: code)
  }

  /// An escrow rule with a fact `a : Amount`, the clock, and two routes.
  static func escrow(cost: Int, _ code: UInt8...) -> Assembly {
    Assembly(kind: 2, inputs: [(2, 3, "a"), (4, 6, "now")], routes: ["r", "s"], cost: cost, code: code)
  }
}
