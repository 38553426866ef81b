import Glibc

/// Ways to come by a password that leave no trace in a command line, an environment or a terminal.
public enum Password {
  /// Longer ones are a wrong file.
  static let byteCountMax = 4096

  /// Asks on the terminal of the process, without echo.
  ///
  /// - Throws: `ConsoleError.noTerminal`, `.interrupted` (Control-C or Control-D).
  public static func ask(_ prompt: String) throws(ConsoleError) -> [UInt8] {
    let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { throw .noTerminal }
    defer { close(terminal) }
    return try ask(prompt, on: terminal)
  }

  /// Asks on an open terminal. Its settings are the same afterwards, also when the user interrupts: the terminal sends
  /// no signal meanwhile, its control characters are read here.
  package static func ask(_ prompt: String, on terminal: Int32) throws(ConsoleError) -> [UInt8] {
    var before = termios()
    guard unsafe tcgetattr(terminal, &before) == 0 else { throw .noTerminal }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard unsafe tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { throw .noTerminal }
    defer {
      unsafe tcsetattr(terminal, TCSAFLUSH, &before)
      Output.write("\n", to: terminal)
    }
    Output.write(prompt, to: terminal)
    var password: [UInt8] = []
    while let byte = nextByte(from: terminal) {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return password
      case 0x03, 0x04: throw .interrupted
      case 0x08, 0x7F: eraseCharacter(of: &password)
      default: if password.count < byteCountMax { password.append(byte) }
      }
    }
    throw .interrupted
  }

  /// The first line of a file, without its line end.
  ///
  /// - Throws: `ConsoleError.unreadablePassword`.
  public static func read(file path: String) throws(ConsoleError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadablePassword(unsafe "\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    return try read(descriptor: descriptor)
  }

  /// The first line of an open descriptor, without its line end.
  ///
  /// - Throws: `ConsoleError.unreadablePassword`.
  public static func read(descriptor: Int32) throws(ConsoleError) -> [UInt8] {
    guard fcntl(descriptor, F_GETFD) >= 0 else { throw .unreadablePassword("the descriptor is not open") }
    var password: [UInt8] = []
    while let byte = nextByte(from: descriptor), byte != UInt8(ascii: "\n") {
      guard password.count < byteCountMax else {
        throw .unreadablePassword("its first line is longer than \(byteCountMax) bytes")
      }
      password.append(byte)
    }
    if password.last == UInt8(ascii: "\r") { password.removeLast() }
    return password
  }

  private static func nextByte(from descriptor: Int32) -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = unsafe Glibc.read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      return count == 1 ? byte : nil
    }
  }

  /// Takes back one UTF-8 character.
  private static func eraseCharacter(of password: inout [UInt8]) {
    while let byte = password.popLast(), byte & 0xC0 == 0x80 {}
  }
}
