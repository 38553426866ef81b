import Console
import Dispatch
import Glibc
import Testing

@Suite struct PasswordTests {
  /// Types into a pseudo-terminal while a password is asked on it; what was shown, and what was read.
  private func type(_ keys: String) async throws -> (shown: String, result: Result<[UInt8], ConsoleError>) {
    let (unlock, number) = (UInt(0x4004_5431), UInt(0x8004_5430))  // TIOCSPTLCK, TIOCGPTN
    let user = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (zero, index) = (Int32(0), Int32(-1))
    let isOpen = unsafe user >= 0 && ioctl(user, unlock, &zero) == 0 && ioctl(user, number, &index) == 0
    try #require(isOpen)
    let terminal = unsafe open("/dev/pts/\(index)", O_RDWR | O_NOCTTY)
    defer {
      close(user)
      close(terminal)
    }
    return await withCheckedContinuation { continuation in
      DispatchQueue(label: "typist").async {
        // The prompt is written after echo is off, so whoever waits for it types unseen.
        let typist = DispatchQueue(label: "keys")
        typist.async {
          var byte: UInt8 = 0
          while unsafe read(user, &byte, 1) == 1, byte != UInt8(ascii: ":") {}
          _ = unsafe write(user, keys, keys.utf8.count)
        }
        let result = Result { () throws(ConsoleError) in try Password.ask("password:", on: terminal) }
        var settings = termios()
        let restored = unsafe tcgetattr(terminal, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
        var shown = [UInt8](repeating: 0, count: 100)
        let count = typist.sync { unsafe read(user, &shown, 100) }
        let text = String(decoding: shown.prefix(max(0, count)), as: UTF8.self)
        continuation.resume(returning: (restored ? text : "echo is still off", result))
      }
    }
  }

  @Test func `a password is read without being shown, and the terminal is as before`() async throws {
    let (shown, result) = try await type("hunter2\n")
    #expect(try result.get() == Array("hunter2".utf8))
    #expect(shown == "\r\n")
  }

  @Test func `the user can correct a character and give up`() async throws {
    #expect(try await type("ab\u{E9}\u{7F}c\r").result.get() == Array("abc".utf8))
    for key in ["\u{3}", "\u{4}"] {
      let (shown, result) = try await type("abc" + key)
      #expect(throws: ConsoleError.interrupted) { try result.get() }
      #expect(shown == "\r\n")
    }
  }

  @Test(arguments: [
    ("secret\nrest", "secret"), ("secret", "secret"), ("secret\r\n", "secret"), ("", ""), (" a b \n", " a b "),
  ])
  func `a password is the first line of a file or descriptor`(content: String, password: String) throws {
    let read = try withTemporaryFile(content) { try Password.read(file: $0) }
    #expect(read == Array(password.utf8))
  }

  @Test func `a missing file, a closed descriptor and an endless line are refused`() {
    #expect(throws: ConsoleError.unreadablePassword("/nonexistent/password: No such file or directory")) {
      try Password.read(file: "/nonexistent/password")
    }
    #expect(throws: ConsoleError.unreadablePassword("the descriptor is not open")) {
      try Password.read(descriptor: 9999)
    }
    #expect(throws: ConsoleError.unreadablePassword("its first line is longer than 4096 bytes")) {
      try Password.read(file: "/dev/zero")
    }
  }
}
