/// Which module may import which: from lower layers always, inside the own layer only along an arrow. This is the picture
/// in the article "Architecture".
enum ModuleGraph {
  /// Lowest first.
  static let layers: [[String]] = [
    ["CGMP", "CSecp256k1", "CCrypto", "CSQLite", "CCurl", "CMicroHTTPD"],
    ["JSON", "Arithmetic", "Ethereum", "Signing", "Clauses", "Terms"],
    ["Settlement", "Verification"],
    ["Console", "HTTP", "HTTPServer", "Chain", "Storage", "Proving"],
    ["Coordination", "API", "tallystick", "tallystick-conformance"],
  ]

  /// Inside a layer.
  static let arrows: [String: [String]] = [
    "Ethereum": ["Arithmetic", "JSON"], "Clauses": ["Arithmetic"], "Signing": ["Ethereum", "JSON"],
    "Terms": ["Ethereum", "JSON"], "Verification": ["Settlement"], "HTTPServer": ["HTTP"], "API": ["Coordination"],
    "tallystick": ["API"],
  ]

  /// The files that own a C library's pointers, and so import it; nothing else does.
  static let pointerOwners: [String: Set<String>] = [
    "CGMP": ["Sources/Arithmetic/WideDivision.swift"],
    "CSecp256k1": ["Sources/Signing/SigningContext.swift"],
    "CCrypto": ["Sources/Signing/Cipher.swift", "Sources/tallystick-conformance/OpenSSL.swift"],
    "CSQLite": ["Sources/Storage/SQLiteConnection.swift", "Sources/Storage/SQLiteStatement.swift"],
    "CCurl": ["Sources/Chain/CurlTransport.swift", "Sources/Chain/CurlHandle.swift"],
    "CMicroHTTPD": ["Sources/HTTPServer/Exchange.swift", "Sources/HTTPServer/Server.swift"],
  ]

  /// What comes with Swift and may be imported below the edges: the C library's memory functions, to hold and wipe keys.
  static let pureModulesTakeFromTheSystem: [String: Set<String>] = ["Signing": ["Glibc"]]
  /// What comes with Swift and may be imported from the edges upwards. Foundation is not among it.
  static let edgesTakeFromTheSystem: Set<String> = ["Glibc", "Dispatch", "Synchronization"]

  static let modules = layers.dropFirst().flatMap { $0 }
  /// Values and meaning: synchronous, the same everywhere, and they decide about money.
  static let pureModules = layers[1] + layers[2]

  static func layer(of module: String) -> Int? { layers.firstIndex { $0.contains(module) } }

  static func allows(_ module: String, toImport other: String) -> Bool {
    guard let mine = layer(of: module) else { return false }
    guard let theirs = layer(of: other) else {
      return pureModules.contains(module)
        ? pureModulesTakeFromTheSystem[module]?.contains(other) == true : edgesTakeFromTheSystem.contains(other)
    }
    if theirs < mine { return true }
    return theirs == mine && reaches(module, other)
  }

  private static func reaches(_ from: String, _ to: String) -> Bool {
    arrows[from, default: []].contains { $0 == to || reaches($0, to) }
  }

  static func violations(in file: SourceFile) -> [Violation] {
    file.imports.compactMap { line, name, access in
      var what: String?
      if name != file.module, !allows(file.module, toImport: name) {
        what = "\(file.module) may not import \(name)"
      } else if let owners = pointerOwners[name], !owners.contains(file.path) {
        what = "\(name) is imported only where its pointers are owned"
      } else if pointerOwners[name] != nil, ["public", "package"].contains(access) {
        what = "a C module is never imported for a public signature"
      }
      return what.map { Violation(path: file.path, line: line, what: $0) }
    }
  }
}
