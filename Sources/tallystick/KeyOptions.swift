import Console
import JSON
import Signing

/// How a command is told which key to use: a key file and its password, never a key in clear.
enum KeyOptions {
  static let keystore = Option.value(
    "keystore", "FILE", environment: "ETH_KEYSTORE", isRequired: true, "the signer's key file (Web3 Secret Storage, v3)"
  )
  static let passwordFile = Option.value(
    "password-file", "FILE", environment: "ETH_PASSWORD", "read the password from this file's first line")
  static let all = [keystore, passwordFile]
  /// Where something else may sign instead of a key.
  static let optional = [
    Option.value("keystore", "FILE", environment: "ETH_KEYSTORE", "the signer's key file (Web3 Secret Storage, v3)"),
    passwordFile,
  ]

  /// As `key`, of a command that can do without one.
  static func required(_ arguments: Arguments) throws -> PrivateKey {
    guard arguments.value(keystore.name) != nil else {
      throw ConsoleError.missingOption("--keystore", environment: "ETH_KEYSTORE")
    }
    return try key(arguments)
  }

  /// The key, its password taken from the file or asked for on the terminal.
  static func key(_ arguments: Arguments) throws -> PrivateKey {
    try key(in: arguments.value("keystore") ?? "", passwordFile: arguments.value("password-file"))
  }

  static func key(in path: String, passwordFile: String?) throws -> PrivateKey {
    let document = try Files.json(path)
    return try KeyFile.decrypt(document, password: try password(passwordFile, prompt: "Password of \(path): "))
  }

  static func password(_ file: String?, prompt: String) throws -> String {
    let bytes = if let file { try Password.read(file: file) } else { try Password.ask(prompt) }
    guard let password = String(validating: bytes, as: UTF8.self) else {
      throw InputError.value(name: "the password", expected: "UTF-8 text")
    }
    return password
  }
}
