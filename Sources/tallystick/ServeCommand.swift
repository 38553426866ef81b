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
    let chain = ChainClient(try CurlTransport(url: configuration.rpcURL))
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
    // A request to the node that hangs must not hold up stopping; what it was for is stored and done at the next start.
    worker.cancel()
    await worker.value
    await server.stop()
    await store.close()
    return .ok
  }

  /// One round after another. A round that fails is reported once, until another fault or a good round follows.
  private static func work(_ coordinator: Coordinator, every poll: Duration) async {
    var lastFault = ""
    while !Task.isCancelled {
      do throws(CoordinationError) {
        try await coordinator.advance()
        lastFault = ""
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

  init(_ arguments: Arguments) throws(ConsoleError) {
    rpcURL = arguments.value("rpc-url") ?? ""
    escrow = try arguments.value("escrow", as: "an address", parseAddress) ?? .zero
    dataDirectory = arguments.value("data") ?? "tallystick-data"
    listenAddress = arguments.value("listen") ?? "127.0.0.1"
    port = try arguments.value("port", as: "a port, 0 to 65535") { UInt16($0) } ?? 8650
    confirmations =
      try arguments.value("confirmations", as: "a number from 1 to 10000") { text in
        UInt64(text).flatMap { (1...10_000).contains($0) ? $0 : nil }
      } ?? 12
    poll = .milliseconds(
      try arguments.value("poll-ms", as: "milliseconds, 50 to 600000") { text in
        Int(text).flatMap { (50...600_000).contains($0) ? $0 : nil }
      } ?? 2_000)
    let gwei =
      try arguments.value("max-fee-gwei", as: "a number from 1 to 1000000") { text in
        UInt64(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
      } ?? 1_000
    maxFeePerGas = UInt256(gwei * 1_000_000_000)
    keystore = arguments.value("keystore")
    passwordFile = arguments.value("password-file")
  }
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
