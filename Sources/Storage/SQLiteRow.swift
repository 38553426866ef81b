import Ethereum
import Settlement

/// A row, read by position.
struct SQLiteRow {
  let values: [SQLiteValue]

  func integer(_ column: Int) throws(StorageError) -> Int64 {
    guard case .integer(let number) = try value(column) else { throw Self.misshapen }
    return number
  }

  func unsigned(_ column: Int) throws(StorageError) -> UInt64 {
    guard let number = UInt64(exactly: try integer(column)) else { throw Self.misshapen }
    return number
  }

  func text(_ column: Int) throws(StorageError) -> String {
    guard case .text(let text) = try value(column) else { throw Self.misshapen }
    return text
  }

  func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
    guard case .blob(let bytes) = try value(column) else { throw Self.misshapen }
    return bytes
  }

  func digest(_ column: Int) throws(StorageError) -> Digest {
    do { return try Digest(bytes(column)) } catch { throw Self.misshapen }
  }

  func agreementID(_ column: Int) throws(StorageError) -> AgreementID { AgreementID(try digest(column)) }

  func address(_ column: Int) throws(StorageError) -> Address {
    do { return try Address(bytes(column)) } catch { throw Self.misshapen }
  }

  private func value(_ column: Int) throws(StorageError) -> SQLiteValue {
    guard values.indices.contains(column) else { throw Self.misshapen }
    return values[column]
  }

  private static let misshapen = StorageError.corrupt(what: "a row")
}
