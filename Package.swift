// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built the same way: language mode 6, strict memory safety, and a warning is an error.
let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: house)
}

let system: [Target] = ["CGMP", "CSecp256k1", "CCrypto", "CSQLite", "CCurl", "CMicroHTTPD"]
  .map { .systemLibrary(name: $0, path: "Sources/System/\($0)") }

/// The layers, lowest first. A module imports from lower layers, and inside its own only along an arrow drawn in the
/// documentation; `TidyTests` holds this list against the imports.
let values: [Target] = [
  module("JSON"),
  module("Arithmetic", ["CGMP"]),
  module("Ethereum", ["Arithmetic", "JSON"]),
  module("Signing", ["Ethereum", "Arithmetic", "JSON", "CSecp256k1", "CCrypto"]),
  module("Clauses", ["Arithmetic"]),
  module("Terms", ["Ethereum", "Arithmetic", "JSON"]),
]

let meaning: [Target] = [
  // The rules are clauses of the library, linked here so that the program carries them.
  module(
    "Settlement", ["Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON"],
    resources: [
      .embedInCode("vault.clause"), .embedInCode("delivery.clause"), .embedInCode("price.clause"),
      .embedInCode("ladder.clause"), .embedInCode("evidence.clause"), .embedInCode("ruling.clause"),
    ]),
  module("Verification", ["Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON"]),
]

let edges: [Target] = [
  module("Console"),
  module("HTTP"),
  module("HTTPServer", ["HTTP", "CMicroHTTPD"]),
  module("Chain", ["Ethereum", "Arithmetic", "JSON", "CCurl"]),
  module("Storage", ["Settlement", "Ethereum", "JSON", "CSQLite"]),
  module("Proving", ["Terms", "Clauses", "Arithmetic"]),
]

let whole: [Target] = [
  module(
    "Coordination",
    [
      "Verification", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON", "Chain", "Storage",
    ]),
  module(
    "API",
    ["Coordination", "HTTP", "Verification", "Settlement", "Terms", "Signing", "Ethereum", "Arithmetic", "JSON"]),
  .executableTarget(
    name: "tallystick",
    dependencies: [
      "API", "Coordination", "HTTPServer", "HTTP", "Console", "Chain", "Storage", "Proving", "Verification",
      "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON",
    ],
    swiftSettings: house),
  // Holds the library against vectors from outside; beside the program, not in it.
  .executableTarget(
    name: "tallystick-conformance", dependencies: ["Chain", "Signing", "Ethereum", "Arithmetic", "JSON", "CCrypto"],
    swiftSettings: house),
]

let checks: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["Arithmetic", "JSON", "CGMP"], path: "Tests/TestSupport", swiftSettings: house),
  // The people and documents of Fixtures, for the suites of the core.
  .target(
    name: "TradeSamples", dependencies: ["Settlement", "Terms", "Signing", "Ethereum", "Arithmetic", "JSON"],
    path: "Tests/TradeSamples", swiftSettings: house),
  // Machine against tree walker on random programs: for the tests of the clauses, and for `make pairs`.
  .target(
    name: "ClauseAgreement", dependencies: ["Clauses", "Arithmetic", "CGMP"], path: "Tests/ClauseAgreement",
    swiftSettings: house),
  .executableTarget(
    name: "pairs", dependencies: ["ClauseAgreement"], path: "Tests/Pairs", swiftSettings: house),
  tests("JSON", ["JSON"]),
  tests("Arithmetic", ["Arithmetic"]),
  tests("Ethereum", ["Ethereum", "Arithmetic", "JSON"]),
  tests("Signing", ["Signing", "Ethereum", "Arithmetic", "JSON", "CCrypto"]),
  tests("Clauses", ["ClauseAgreement", "Clauses", "Arithmetic", "JSON"]),
  tests("Terms", ["TradeSamples", "Terms", "Signing", "Ethereum", "Arithmetic", "JSON"]),
  tests(
    "Settlement", ["TradeSamples", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON"]),
  tests(
    "Verification",
    [
      "TradeSamples", "Verification", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON",
    ]),
  tests("Console", ["Console"]),
  tests("HTTP", ["HTTP", "HTTPServer"]),
  tests("Chain", ["Chain", "Signing", "Ethereum", "Arithmetic", "JSON"]),
  tests("Proving", ["Proving", "Clauses", "Arithmetic"], exclude: ["Wrong"]),
  tests("Storage", ["Storage", "Settlement", "Ethereum", "JSON"]),
  tests(
    "Coordination",
    [
      "Coordination", "Storage", "Chain", "Verification", "Settlement", "Terms", "Clauses", "Signing", "Ethereum",
      "Arithmetic", "JSON",
    ]),
  tests(
    "API",
    [
      "API", "Coordination", "HTTP", "Storage", "Chain", "Settlement", "Terms", "Signing", "Ethereum", "Arithmetic",
      "JSON",
    ]),
  tests(
    "Specification", ["Verification", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON"]),
  tests("Tidy", []),
]

/// Built by `make fuzz` alone: it links libFuzzer, which the environment asks for.
let fuzz: [Target] =
  Context.environment["FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Verification", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON", "HTTP",
      ],
      path: "Tests/Fuzz", exclude: ["seeds.py"], swiftSettings: house)
  ]

/// Built by `make bench` alone: it links simdjson, one of the peers it compares with.
let bench: [Target] =
  Context.environment["BENCH"] == nil
  ? []
  : [
    .target(
      name: "Peers", dependencies: ["CSecp256k1"], path: "Tests/Bench/Peers", cSettings: [.unsafeFlags(["-O3"])],
      cxxSettings: [.unsafeFlags(["-O3"])],
      linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Peers", "Storage", "Settlement", "Terms", "Clauses", "Signing", "Ethereum", "Arithmetic", "JSON",
      ],
      path: "Tests/Bench/Bench", resources: [.embedInCode("typed-data.json")], swiftSettings: house),
  ]

let package = Package(
  name: "tallystick",
  products: [
    .executable(name: "tallystick", targets: ["tallystick"]),
    .executable(name: "tallystick-conformance", targets: ["tallystick-conformance"]),
  ],
  targets: system + values + meaning + edges + whole + checks + fuzz + bench,
  swiftLanguageModes: [.v6]
)
