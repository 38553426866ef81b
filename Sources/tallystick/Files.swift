import Glibc
import JSON

/// A file or a value given on the command line that cannot be used.
enum InputError: Error, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, byteCountMax: Int)
  case unwritable(path: String, reason: String)
  case noJSON(path: String, JSONError)
  case value(name: String, expected: String)

  var code: String {
    switch self {
    case .unreadable: "file_unreadable"
    case .tooLarge: "file_too_large"
    case .unwritable: "file_unwritable"
    case .noJSON: "file_not_json"
    case .value: "value_malformed"
    }
  }

  var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .tooLarge(let path, let max): "\(path) is too large; keep it to \(max) bytes"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .noJSON(let path, let error): "\(path): \(error)"
    case .value(let name, let expected): "\(name) must be \(expected)"
    }
  }
}

/// Whole files, within limits; `-` is standard input.
enum Files {
  /// Bytes of a file that holds one document.
  static let byteCountMax = 4 * 1024 * 1024

  static func read(_ path: String, byteCountMax: Int = byteCountMax) throws(InputError) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: lastReason()) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path: path, reason: lastReason()) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= byteCountMax else { throw .tooLarge(path: path, byteCountMax: byteCountMax) }
    }
  }

  static func text(_ path: String) throws(InputError) -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw .unreadable(path: path, reason: "it is not UTF-8")
    }
    return text
  }

  static func json(_ path: String) throws(InputError) -> JSONValue {
    let bytes = try read(path)
    do throws(JSONError) { return try JSONValue(parsing: bytes) } catch { throw .noJSON(path: path, error) }
  }

  /// The names of the files in a folder, in order; hidden ones, folders and pipes are left out.
  static func names(in folder: String) throws(InputError) -> [String] {
    guard let handle = unsafe opendir(folder) else { throw .unreadable(path: folder, reason: lastReason()) }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      var status = stat()
      guard !name.hasPrefix("."), unsafe stat(folder + "/" + name, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFREG { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a new file, readable by its owner alone, as a whole or not at all; an existing one is replaced only where that
  /// was asked for.
  static func write(_ bytes: [UInt8], to path: String, replacing: Bool = false) throws(InputError) {
    let draft = "\(path).\(getpid()).draft"
    try writeDraft(bytes, to: draft, for: path)
    defer { _ = unsafe unlink(draft) }
    // A link is refused where the name is taken.
    let placed = replacing ? unsafe rename(draft, path) : unsafe link(draft, path)
    guard placed == 0 else { throw .unwritable(path: path, reason: lastReason()) }
  }

  private static func writeDraft(_ bytes: [UInt8], to draft: String, for path: String) throws(InputError) {
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastReason()) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path: path, reason: lastReason()) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw .unwritable(path: path, reason: lastReason()) }
  }

  private static func lastReason() -> String { unsafe String(cString: strerror(errno)) }
}

/// The process environment, read once.
enum Environment {
  static let all: [String: String] = {
    var variables: [String: String] = [:]
    var entry = unsafe environ
    while let pointer = unsafe entry.pointee {
      let parts = unsafe String(cString: pointer).split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { variables[parts[0]] = parts[1] }
      unsafe entry += 1
    }
    return variables
  }()
}
