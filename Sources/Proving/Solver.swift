import Glibc

/// Why the solver could not be used.
public enum SolverError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No program of that name could be started.
  case missing(String)
  /// It started, and then did not speak as a solver does.
  case silent(String)

  /// What to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path) cannot be started: install Z3 (apt-get install z3, or pip install z3-solver), or name it with --solver"
    case .silent(let path): "\(path) does not answer as an SMT-LIB 2 solver: name Z3 with --solver"
    }
  }
}

/// Z3 as a child process that answers one query after another. It is started without a shell, has limits on time and
/// memory, and is killed when it does not keep them; the next query then starts another.
///
/// The one place of this module that touches the system.
package final class Solver {
  /// What one query, and the process, may use.
  package struct Limits: Sendable {
    package var milliseconds: Int
    package var megabytes: Int

    package init(milliseconds: Int = 10_000, megabytes: Int = 2_048) {
      self.milliseconds = milliseconds
      self.megabytes = megabytes
    }
  }

  /// Bytes of one answer: a model of two thousand wide numbers is a tenth of it.
  private static let answerByteCountMax = 4 * 1024 * 1024
  /// Milliseconds that the solver may overrun its own limit before it is killed.
  private static let grace = 2_000

  private let path: String
  private let limits: Limits
  private var process: pid_t = -1
  private var channel: Int32 = -1
  private var count = 0
  /// What the solver calls itself, such as `Z3 4.8.12`.
  package private(set) var version = ""

  /// Starts the solver at a path, and asks its version.
  package init(path: String, limits: Limits = Limits()) throws(SolverError) {
    self.path = path
    self.limits = limits
    guard start() else { throw .missing(path) }
    let answer = converse("(get-info :name)\n(get-info :version)\n", milliseconds: 10_000)
    var words: [String] = []
    for case .list(let pair) in answer.flatMap({ SMTReader.nodes($0) }) ?? [] where pair.count == 2 {
      if case .word(let word) = pair[1] { words.append(word.filter { $0 != "\"" }) }
    }
    guard words.count == 2 else {
      stop()
      throw .silent(path)
    }
    version = words.joined(separator: " ")
  }

  deinit { stop() }

  /// Asks whether assertions hold together, and for the values of variables where they do.
  ///
  /// - Parameters:
  ///   - assertions: declarations and assertions, as ``SMTScript`` writes them.
  ///   - variables: what to ask the values of.
  ///   - milliseconds: a limit for this query alone.
  package func check(_ assertions: String, variables: [String], milliseconds: Int? = nil) -> SMTAnswer {
    let limit = milliseconds ?? limits.milliseconds
    if channel < 0, !start() { return .unknown("the solver does not start") }
    var script = "(reset)\n(set-option :timeout \(limit))\n\(assertions)(check-sat)\n"
    if !variables.isEmpty { script += "(get-value (\(variables.joined(separator: " "))))\n" }
    guard let answer = converse(script, milliseconds: limit + Self.grace) else {
      stop()
      return .unknown("no answer within \(limit) ms")
    }
    return SMTReader.answer(answer)
  }

  // MARK: The process

  private func start() -> Bool {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return false }
    defer { close(ends[1]) }
    var actions = unsafe posix_spawn_file_actions_t()
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else {
      close(ends[0])
      return false
    }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    let words = [path, "-in", "-smt2", "-memory:\(limits.megabytes)"]
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var environment = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: 1)
    var child: pid_t = -1
    guard unsafe posix_spawn(&child, path, &actions, nil, &arguments, &environment) == 0 else {
      close(ends[0])
      return false
    }
    process = child
    channel = ends[0]
    return true
  }

  private func stop() {
    guard channel >= 0 else { return }
    close(channel)
    channel = -1
    kill(process, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = -1
  }

  /// Sends a script and returns what is printed for it; nil where that takes too long, is too much, or ends early.
  private func converse(_ script: String, milliseconds: Int) -> String? {
    count += 1
    let mark = "answered-\(count)"
    let deadline = Self.now() + milliseconds
    guard send(Array("\(script)(echo \"\(mark)\")\n".utf8), by: deadline) else { return nil }
    let end = Array("\(mark)\n".utf8)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !answer.suffix(end.count).elementsEqual(end) {
      guard answer.count <= Self.answerByteCountMax, wait(for: POLLIN, until: deadline) else { return nil }
      let received = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(channel, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
      }
      if received < 0, errno == EINTR || errno == EAGAIN { continue }
      guard received > 0 else { return nil }
      answer += buffer[..<received]
    }
    return String(validating: answer.dropLast(end.count), as: UTF8.self)
  }

  private func send(_ bytes: [UInt8], by deadline: Int) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard wait(for: POLLOUT, until: deadline) else { return false }
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      let sent = unsafe rest.withUnsafeBytes { unsafe Glibc.send(channel, $0.baseAddress, $0.count, flags) }
      if sent < 0, errno == EINTR || errno == EAGAIN { continue }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  private func wait(for events: Int32, until deadline: Int) -> Bool {
    while true {
      let left = deadline - Self.now()
      guard left > 0 else { return false }
      var descriptor = pollfd(fd: channel, events: Int16(events), revents: 0)
      let ready = unsafe poll(&descriptor, 1, Int32(clamping: left))
      if ready > 0 { return true }
      if ready < 0, errno != EINTR { return false }
    }
  }

  /// Milliseconds of a clock that never jumps.
  package static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000 + Int(time.tv_nsec) / 1_000_000
  }
}
