import CSQLite

/// A value in a column.
enum SQLiteValue: Hashable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
}

/// A prepared statement: the one owner of its `sqlite3_stmt`.
@safe final class SQLiteStatement {
  private let handle: OpaquePointer

  /// Prepares text that stands in the source: no value ever becomes part of a statement.
  init(_ sql: StaticString, on connection: OpaquePointer) throws(StorageError) {
    var prepared: OpaquePointer?
    let code = sql.withUTF8Buffer { text in
      unsafe text.withMemoryRebound(to: CChar.self) { text in
        unsafe sqlite3_prepare_v3(
          connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
      }
    }
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw StorageError(sqlite: code) }
    unsafe handle = prepared
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Runs the statement to its end.
  ///
  /// - Returns: its rows, copied.
  func run(_ values: [SQLiteValue]) throws(StorageError) -> [SQLiteRow] {
    defer {
      unsafe sqlite3_reset(handle)
      unsafe sqlite3_clear_bindings(handle)
    }
    for (value, position) in zip(values, Int32(1)...) {
      let code = bind(value, at: position)
      guard code == SQLITE_OK else { throw StorageError(sqlite: code) }
    }
    var rows: [SQLiteRow] = []
    while true {
      switch unsafe sqlite3_step(handle) {
      case SQLITE_ROW: rows.append(row())
      case SQLITE_DONE: return rows
      case let code: throw StorageError(sqlite: code)
      }
    }
  }

  private func bind(_ value: SQLiteValue, at position: Int32) -> Int32 {
    switch value {
    case .null: unsafe sqlite3_bind_null(handle, position)
    case .integer(let number): unsafe sqlite3_bind_int64(handle, position, number)
    case .text(let text): unsafe tallystick_bind_text(handle, position, text)
    case .blob(let bytes):
      unsafe bytes.withUnsafeBytes {
        unsafe tallystick_bind_blob(handle, position, $0.baseAddress, UInt64($0.count))
      }
    }
  }

  private func row() -> SQLiteRow {
    SQLiteRow(values: (0..<(unsafe sqlite3_column_count(handle))).map(value))
  }

  private func value(at column: Int32) -> SQLiteValue {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, column))
    case SQLITE_TEXT:
      return .text(String(decoding: unsafe bytes(sqlite3_column_text(handle, column), column), as: UTF8.self))
    case SQLITE_BLOB: return .blob(unsafe bytes(sqlite3_column_blob(handle, column), column))
    default: return .null
    }
  }

  private func bytes(_ start: UnsafeRawPointer?, _ column: Int32) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}
