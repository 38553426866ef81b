import Console
import Ethereum
import JSON
import Signing

/// Key files.
enum KeysCommands {
  static let all = [
    Command(
      "keys new", "make a key and write its key file",
      options: [
        .value("out", "FILE", isRequired: true, "where to write; an existing file is never replaced"),
        KeyOptions.passwordFile,
        .flag("light", "scrypt with 4 MiB instead of 256 MiB: for keys that guard little"),
      ]
    ) { arguments in
      try write(try PrivateKey.generate(), arguments)
    },
    Command(
      "keys import", "write the key file of a key that exists",
      options: [
        .value("key-file", "FILE", "read the 64 hexadecimal digits from this file's first line, not from the terminal"),
        .value("out", "FILE", isRequired: true, "where to write; an existing file is never replaced"),
        KeyOptions.passwordFile,
        .flag("light", "scrypt with 4 MiB instead of 256 MiB: for keys that guard little"),
      ]
    ) { arguments in
      let key = try privateKey(arguments.value("key-file"))
      return try write(key, arguments)
    },
    Command(
      "keys list", "print the address and the path of every key file in a folder",
      operands: [Operand("FOLDER", "the folder, such as ~/.foundry/keystores")]
    ) { arguments in
      let folder = arguments.operand("FOLDER")
      let found = try Files.names(in: folder).compactMap { name -> (path: String, address: Address)? in
        let path = folder + "/" + name
        // Whatever else lies in the folder is no key file, and no fault.
        guard let document = try? Files.json(path) else { return nil }
        return KeyFile.address(in: document).map { (path, $0) }
      }
      return Reply(
        text: found.map { "\($0.address.checksummed)  \($0.path)" }.joined(separator: "\n"),
        data: [
          "keys": .array(
            found.map { ["address": .string($0.address.checksummed), "file": .string($0.path)] })
        ])
    },
    Command(
      "keys address", "print the address that a key file states",
      operands: [Operand("FILE", "the key file")]
    ) { arguments in
      let path = arguments.operand("FILE")
      guard let address = KeyFile.address(in: try Files.json(path)) else {
        throw InputError.value(name: path, expected: "a key file that states its address")
      }
      return Reply(text: address.checksummed, data: ["address": .string(address.checksummed)])
    },
  ]

  /// Writes the key under a password, and says whose it is.
  private static func write(_ key: borrowing PrivateKey, _ arguments: Arguments) throws -> Reply {
    let path = arguments.value("out") ?? ""
    let password = try KeyOptions.password(arguments.value("password-file"), prompt: "Password of the new key file: ")
    let document = try KeyFile.encrypt(key, password: password, cost: arguments.flag("light") ? .light : .standard)
    try Files.write(document.canonicalBytes(), to: path)
    let address = key.address.checksummed
    return Reply(text: address, data: ["address": .string(address), "file": .string(path)])
  }

  /// A key in clear, from a file or the terminal; never from the command line, which others can read.
  private static func privateKey(_ file: String?) throws -> PrivateKey {
    let text: String
    if let file {
      text = try Files.text(file).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    } else {
      text = String(decoding: try Password.ask("Private key: "), as: UTF8.self)
    }
    guard let bytes = try? Hex.decode(text.hasPrefix("0x") ? text : "0x" + text), bytes.count == 32 else {
      throw InputError.value(name: "the private key", expected: "64 hexadecimal digits")
    }
    return try PrivateKey(bytes: bytes)
  }
}
