import Ethereum
import Console
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
      let path = arguments.value("out") ?? ""
      let password = try KeyOptions.password(arguments.value("password-file"), prompt: "Password of the new key: ")
      let key = try PrivateKey.generate()
      let document = try KeyFile.encrypt(key, password: password, cost: arguments.flag("light") ? .light : .standard)
      try Files.write(document.canonicalBytes(), to: path)
      return Reply(
        text: key.address.checksummed, data: ["address": .string(key.address.checksummed), "file": .string(path)])
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
}
