public import Arithmetic
public import Ethereum
public import JSON

/// The text forms of values in every document of ours, read with a fault that says what was expected.
extension ObjectReader {
  /// An unsigned integer as a decimal string without sign or leading zeros.
  public mutating func uint256(_ key: String) -> UInt256? {
    read(key, as: "an integer as a decimal string") { text in
      do throws(ArithmeticError) { return try UInt256(decimal: text) } catch { return nil }
    }
  }

  /// As `uint256`, below two to the 64th.
  public mutating func uint64(_ key: String) -> UInt64? {
    read(key, as: "an integer below 2^64 as a decimal string") { text in
      UInt64(text).flatMap { String($0) == text ? $0 : nil }
    }
  }

  /// As `uint256`, below 256.
  public mutating func uint8(_ key: String) -> UInt8? {
    read(key, as: "an integer below 256 as a decimal string") { text in
      UInt8(text).flatMap { String($0) == text ? $0 : nil }
    }
  }

  /// Twenty bytes as `0x` text; a mixed-case one must carry its EIP-55 checksum.
  public mutating func address(_ key: String) -> Address? {
    read(key, as: "an address, 0x and 40 digits with a valid EIP-55 checksum or in one case", parseAddress)
  }

  /// Thirty-two bytes as lowercase `0x` text.
  public mutating func digest(_ key: String) -> Digest? {
    read(key, as: "32 bytes, 0x and 64 lowercase hexadecimal digits") { text in
      do throws(EthereumError) {
        let digest = try Digest(hex: text)
        return digest.hex == text ? digest : nil
      } catch { return nil }
    }
  }

  /// Bytes as lowercase `0x` text.
  public mutating func bytes(_ key: String) -> [UInt8]? {
    read(key, as: "bytes, 0x and lowercase hexadecimal digits", parseBytes)
  }

  /// One of an enumeration's names.
  public mutating func choice<T: RawRepresentable & CaseIterable>(_ key: String, of type: T.Type) -> T?
  where T.RawValue == String {
    read(key, as: type.allCases.map(\.rawValue).joined(separator: " or ")) { T(rawValue: $0) }
  }

  /// A panel: an array of addresses under one key, the threshold under another.
  mutating func panel(_ key: String, threshold: String) -> Panel? {
    let members = strings(key, as: "an address, 0x and 40 digits", parseAddress)
    let threshold = uint8(threshold)
    guard let members, let threshold else { return nil }
    return Panel(members: members, threshold: threshold)
  }
}

/// An address from its text, or nothing.
public func parseAddress(_ text: String) -> Address? {
  do throws(EthereumError) { return try Address(hex: text) } catch { return nil }
}

/// Bytes from lowercase `0x` text, or nothing.
public func parseBytes(_ text: String) -> [UInt8]? {
  do throws(EthereumError) {
    let bytes = try Hex.decode(text)
    return Hex.encode(bytes) == text ? bytes : nil
  } catch { return nil }
}

extension TypedStruct {
  /// A flat struct as a JSON object: every integer a decimal string, addresses with checksum, digests lowercase.
  public var flatDocument: JSONValue {
    .object(JSONObject(members.map { ($0.name, $0.value.flatDocument) }))
  }
}

extension TypedValue {
  fileprivate var flatDocument: JSONValue {
    switch self {
    case .uint(let value): .string(value.description)
    case .int(let value): .string(value.description)
    case .fixedBytes(let bytes), .bytes(let bytes): .string(Hex.encode(bytes))
    case .address(let value): .string(value.checksummed)
    case .bytes32(let value): .string(value.hex)
    case .string(let value): .string(value)
    case .bool(let value): .bool(value)
    case .array(let values): .array(values.map(\.flatDocument))
    case .structure(let value): value.flatDocument
    case .noStructure: .null
    }
  }
}
