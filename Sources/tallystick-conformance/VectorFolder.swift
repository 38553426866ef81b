import Glibc
import JSON

/// One file of vectors: `NAME.json`, or one part of it, `NAME.PART.json`.
struct VectorFile: Hashable {
  /// Where it is.
  let path: String
  /// The path below the folder that was named, without endings: `ethers/abi`.
  let displayName: String
  /// The name without folder and endings.
  let name: String
}

/// The folder that was named, and all vector files below it.
final class VectorFolder {
  let files: [VectorFile]
  private var documents: [String: JSONValue] = [:]

  init(_ path: String) throws {
    files = try FileTree.files(below: path).filter { $0.hasSuffix(".json") }.map { relative in
      let last = relative.split(separator: "/").last.map(String.init) ?? relative
      let name = String(last.prefix { $0 != "." })
      return VectorFile(
        path: path + "/" + relative, displayName: relative.hasSuffix(".json") ? String(relative.dropLast(5)) : relative,
        name: name)
    }
    .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  func document(_ file: VectorFile) throws -> JSONValue {
    if let known = documents[file.path] { return known }
    let bytes = try FileTree.read(file.path)
    // Vectors are large, deep, and write integers that only a careful reader keeps.
    let limits = JSONLimits(byteCount: 1 << 30, depth: 128, memberCount: .max, keepsWideIntegers: true)
    let document = try JSONValue(parsing: bytes, limits: limits)
    // Kept: the files that others refer to, which are small.
    if bytes.count < 1 << 22 { documents[file.path] = document }
    return document
  }

  /// All files of a name, wherever they are below the folder.
  func documents(named name: String) throws -> [JSONValue] {
    try files.filter { $0.name == name }.map { try document($0) }
  }
}

/// Folders and files, as far as needed here.
enum FileTree {
  struct Unreadable: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "\(path) cannot be read: \(reason)" }
  }

  /// Paths of all files below a folder, relative to it.
  static func files(below root: String, in folder: String = "") throws -> [String] {
    let path = folder.isEmpty ? root : root + "/" + folder
    guard let handle = unsafe opendir(path) else { throw Unreadable(path: path, reason: lastReason()) }
    defer { unsafe closedir(handle) }
    var result: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let relative = folder.isEmpty ? name : folder + "/" + name
      var status = stat()
      guard unsafe stat(root + "/" + relative, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        result += try files(below: root, in: relative)
      } else {
        result.append(relative)
      }
    }
    return result
  }

  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Unreadable(path: path, reason: lastReason()) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Unreadable(path: path, reason: lastReason()) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private static func lastReason() -> String { unsafe String(cString: strerror(errno)) }
}
