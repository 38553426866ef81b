import FoundationEssentials

/// The files of this repository, as the tests read them.
enum Repository {
  /// The folder that holds `Package.swift`, found upwards from this file.
  static let root: String = {
    var path = #filePath[...]
    while let slash = path.lastIndex(of: "/") {
      path = path[..<slash]
      if FileManager.default.fileExists(atPath: path + "/Package.swift") { return String(path) }
    }
    return "."
  }()

  /// - Throws: where the file is not there.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: root + "/" + path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root + "/" + path)
  }

  /// Every file below a folder that is no tool's leftover, by its path from the root, in order.
  static func files(in folder: String, suffix: String = "") throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder)
      .filter { path in
        path.hasSuffix(suffix) && !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__pycache__" }
      }
      .map { folder + "/" + $0 }
      .filter { !isFolder($0) }
      .sorted()
  }

  /// The folders directly in a folder.
  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)
      .filter { isFolder(folder + "/" + $0) }.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) && isFolder
  }

  /// The Swift files below a folder.
  static func swift(in folder: String) throws -> [SourceFile] {
    try files(in: folder, suffix: ".swift").map { SourceFile(path: $0, text: try text($0)) }
  }
}

/// Something that the style forbids, and where.
struct Violation: Hashable, CustomStringConvertible {
  let path: String
  /// From one; zero for the file as a whole.
  let line: Int
  let what: String

  var description: String { "\(path):\(line): \(what)" }
}
