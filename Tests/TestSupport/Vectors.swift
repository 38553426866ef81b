internal import Foundation
public import JSON

/// Conformance vectors from outside: `$VECTORS`, or a folder `shared/vectors` beside the package or above it.
public enum Vectors {
  /// Their folder, if there is one.
  public static let folder: URLPath? = {
    let given = ProcessInfo.processInfo.environment["VECTORS"]
    let candidates = given.map { [$0] } ?? Folders.ancestors.map { $0 + "/shared/vectors" }
    if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0 + "/INDEX.md") }) {
      return found
    }
    print("SKIPPED: no vectors at \(given ?? "shared/vectors beside the package"); name their folder in VECTORS")
    return nil
  }()

  /// A path in the file system.
  public typealias URLPath = String

  /// For `@Test(.enabled(if:))`.
  public static var areThere: Bool { folder != nil }

  /// What a vector file may cost: large, deep, and with numbers that only a careful reader keeps.
  public static let limits = JSONLimits(byteCount: 1 << 28, depth: 128, memberCount: .max, keepsWideIntegers: true)

  /// The file `NAME.dev.json`, with a name such as `ethers/accounts`; nil, said loudly, where there are no vectors.
  ///
  /// - Throws: when there are vectors, but not this file, or it is no JSON.
  public static func document(_ name: String) throws -> JSONValue? {
    guard let folder else { return nil }
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).dev.json"))
    return try JSONValue(parsing: [UInt8](data), limits: limits)
  }

  /// The cases of a file that is one array; none, said loudly, where there are no vectors.
  ///
  /// - Throws: as `document(_:)`, and when the file is not an array with at least one case.
  public static func cases(_ name: String) throws -> [JSONValue] {
    guard let document = try document(name) else { return [] }
    guard let cases = document.asArray, !cases.isEmpty else { throw VectorError.notAnArray(name) }
    return cases
  }

  /// The named cases of a file that is one object; none, said loudly, where there are no vectors.
  ///
  /// - Throws: as `document(_:)`, and when the file is not an object with at least one case.
  public static func namedCases(_ name: String) throws -> [(name: String, value: JSONValue)] {
    guard let document = try document(name) else { return [] }
    guard let members = document.asObject?.members, !members.isEmpty else { throw VectorError.notAnObject(name) }
    return members.map { ($0.name, $0.value) }
  }
}

/// A vector file of another shape than its reader expects.
public enum VectorError: Error {
  /// Expected an array of cases.
  case notAnArray(String)
  /// Expected an object of named cases.
  case notAnObject(String)
}

/// Where the package lies.
enum Folders {
  /// All folders above this file, the nearest first.
  static var ancestors: [String] {
    var result: [String] = []
    var path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    while path.path != "/" {
      result.append(path.path)
      path = path.deletingLastPathComponent()
    }
    return result
  }

  /// The folder with `Package.swift`.
  static var package: String? {
    ancestors.first { FileManager.default.fileExists(atPath: $0 + "/Package.swift") }
  }
}
