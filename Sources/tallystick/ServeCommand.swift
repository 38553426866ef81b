import API
import Arithmetic
import Chain
import Console
import Coordination
import Ethereum
import Glibc
import HTTP
import HTTPServer
import JSON
import Signing
import Storage
import Terms

/// The service: a coordinator on its embedded store, behind HTTP.
enum ServeCommand {
  static let command = Command(
    "serve", "run the service",
    options: [
      EscrowCommands.rpcURL,
      .value("escrow", "ADDRESS", environment: "TALLYSTICK_ESCROW", isRequired: true, "the escrow contract"),
      .value("data", "DIR", environment: "TALLYSTICK_DATA", "where everything is kept; tallystick-data by default"),
      .value("listen", "ADDRESS", "the address to listen on; 127.0.0.1 by default"),
      .value("port", "PORT", environment: "TALLYSTICK_PORT", "the port; 8650 by default, 0 takes a free one"),
      .value("confirmations", "BLOCKS", "blocks before something counts as final; 12 by default"),
      .value("poll-ms", "MILLISECONDS", "how often to look at the chain; 2000 by default"),
      .value("max-fee-gwei", "GWEI", "what a unit of gas may cost at most; 1000 by default"),
      .value(
        "keystore", "FILE", environment: "TALLYSTICK_KEYSTORE",
        "the key that pays for gas; by default one is made in the data directory"),
      .value(
        "password-file", "FILE", environment: "TALLYSTICK_PASSWORD",
        "read that key's password from this file's first line"),
    ]
  ) { arguments in
    let configuration = try Configuration(arguments)
    return try await serve(configuration)
  }

  private static func serve(_ configuration: Configuration) async throws -> ExitStatus {
    let store = try await SQLiteStore.open(directory: configuration.dataDirectory)
    let key = try SenderKey.load(configuration)
    let transport = StoppableTransport(try CurlTransport(url: configuration.rpcURL))
    let chain = ChainClient(transport)
    let domain = TypedDomain(chainID: try await chain.chainID(), escrow: configuration.escrow)
    var fees = FeePolicy()
    fees.maxFeePerGasMax = configuration.maxFeePerGas
    let coordinator = try await Coordinator(
      store: store, chain: chain, domain: domain, key: key,
      policy: CoordinatorPolicy(confirmations: configuration.confirmations, fees: fees))
    let server = try Server(
      Routes.table(for: coordinator), address: configuration.listenAddress, port: configuration.port)
    let ready: JSONValue = [
      "url": .string("http://\(server.address):\(server.port)"), "sender": .string(coordinator.sender.checksummed),
    ]
    Output.result(String(decoding: ready.canonicalBytes(), as: UTF8.self))
    let worker = Task { await work(coordinator, every: configuration.poll) }
    await StopSignal().wait()
    worker.cancel()
    transport.stop()
    await worker.value
    await server.stop()
    await store.close()
    return .ok
  }

  /// One round after another. A round that fails is reported once, until another fault or a good round follows; so is what
  /// keeps gas from being paid for.
  private static func work(_ coordinator: Coordinator, every poll: Duration) async {
    var lastFault = ""
    var lastObstacle: String?
    while !Task.isCancelled {
      do throws(CoordinationError) {
        try await coordinator.advance()
        lastFault = ""
        let obstacle = await coordinator.gasObstacle
        if let obstacle, obstacle != lastObstacle { Log.warning("gas_not_paid", obstacle) }
        lastObstacle = obstacle
      } catch {
        if error.description != lastFault, !Task.isCancelled { Log.warning(error.code, error.description) }
        lastFault = error.description
      }
      // Ends early when cancelled.
      try? await Task.sleep(for: poll)
    }
  }
}

/// What the operator set, all of it checked.
struct Configuration {
  let rpcURL: String
  let escrow: Address
  let dataDirectory: String
  let listenAddress: String
  let port: UInt16
  let confirmations: UInt64
  let poll: Duration
  /// Wei.
  let maxFeePerGas: UInt256
  let keystore: String?
  let passwordFile: String?

  /// - Throws: `ConfigurationError` with everything that is malformed.
  init(_ arguments: Arguments) throws(ConfigurationError) {
    var faults: [ConsoleError] = []
    func read<T>(_ name: String, as expected: String, or standard: T, _ parse: (String) -> T?) -> T {
      do throws(ConsoleError) {
        return try arguments.value(name, as: expected, parse) ?? standard
      } catch {
        faults.append(error)
        return standard
      }
    }
    func number(_ name: String, in range: ClosedRange<UInt64>, or standard: UInt64) -> UInt64 {
      read(name, as: "a number from \(range.lowerBound) to \(range.upperBound)", or: standard) { text in
        UInt64(text).flatMap { range.contains($0) ? $0 : nil }
      }
    }
    rpcURL = arguments.value("rpc-url") ?? ""
    escrow = read("escrow", as: "an address", or: .zero, parseAddress)
    dataDirectory = arguments.value("data") ?? "tallystick-data"
    listenAddress = arguments.value("listen") ?? "127.0.0.1"
    port = UInt16(clamping: number("port", in: 0...65_535, or: 8_650))
    confirmations = number("confirmations", in: 1...10_000, or: 12)
    poll = .milliseconds(number("poll-ms", in: 50...600_000, or: 2_000))
    maxFeePerGas = UInt256(number("max-fee-gwei", in: 1...1_000_000, or: 1_000) * 1_000_000_000)
    keystore = arguments.value("keystore")
    passwordFile = arguments.value("password-file")
    guard faults.isEmpty else { throw ConfigurationError(faults: faults) }
  }
}

/// All that is wrong with what the operator set.
struct ConfigurationError: Error, CustomStringConvertible {
  let faults: [ConsoleError]

  var description: String { faults.map(\.description).joined(separator: "; ") }
}

/// The key that pays for gas. It has no say in any amount, and the service holds no other.
enum SenderKey {
  /// The operator's key, or one of the data directory's own: made at the first start, its password in a file beside it,
  /// both readable by this user alone. Whoever can read the directory can spend its gas money, and nothing else.
  static func load(_ configuration: Configuration) throws -> PrivateKey {
    if let keystore = configuration.keystore {
      return try KeyOptions.key(in: keystore, passwordFile: configuration.passwordFile)
    }
    let path = configuration.dataDirectory + "/sender.json"
    let passwordPath = configuration.dataDirectory + "/sender.password"
    if unsafe access(path, F_OK) == 0 { return try KeyOptions.key(in: path, passwordFile: passwordPath) }
    var generator = SystemRandomNumberGenerator()
    let password = Hex.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    let key = try PrivateKey.generate()
    // The password first: a key file whose password was lost would hold gas money for ever.
    try Files.write(Array(password.utf8), to: passwordPath, replacing: true)
    try Files.write(try KeyFile.encrypt(key, password: password, cost: .light).canonicalBytes(), to: path)
    return key
  }
}
