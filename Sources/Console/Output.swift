import Glibc

/// The two channels of a process: the result, and everything else.
///
/// Standard output carries the result only, so that it can be piped; progress, warnings, prompts and errors go to
/// standard error. No verbosity changes what stands on standard output.
public enum Output {
  /// Writes a line of the result.
  public static func result(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes bytes of the result, as they are.
  public static func result(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Writes a line beside the result.
  public static func note(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
