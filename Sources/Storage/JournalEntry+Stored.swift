import JSON
import Settlement

extension JournalEntry {
  /// The entry that canonical bytes hold; nothing where they hold none.
  init?(stored bytes: [UInt8]) {
    let document: JSONValue
    do throws(JSONError) { document = try JSONValue(parsingCanonical: bytes) } catch { return nil }
    var reader = ObjectReader(document)
    guard let entry = JournalEntry(reading: &reader), reader.finish().isEmpty else { return nil }
    self = entry
  }
}
