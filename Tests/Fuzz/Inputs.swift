import HTTP
import JSON

/// Types that have every form between them: static and dynamic, nested, of fixed and of free length.
let abiTypes: [[String]] = [
  ["(uint256,address[],bytes,(string,bool,bytes32))"], ["uint8", "int128", "bool", "address"], ["string", "bytes"],
  ["uint256[]", "bytes4[3]"], ["(string,uint64)[]"], ["bytes[][2]"], ["((bytes,int8[])[],bytes32)", "string[2]"],
]

/// The same document, made of values of its own and not of places in the bytes that it was read from.
func built(_ value: JSONValue) -> JSONValue {
  switch value {
  case .null, .bool, .number, .string: value
  case .array(let elements): .array(elements.map(built))
  case .object(let object): .object(JSONObject(object.members.map { ($0.name, built($0.value)) }))
  }
}

/// Whether opening the key file takes so little time that a fuzzer may try it, whatever it says.
func isCheap(_ document: JSONValue) -> Bool {
  let parameters = (document["crypto"] ?? document["Crypto"])?["kdfparams"]
  let cost = ["n", "r", "p", "c"].map { parameters?[$0]?.asInteger ?? 1 }
  guard cost.allSatisfy({ (0...64).contains($0) }) else { return false }
  return cost.reduce(1, *) <= 64
}

/// Entries cut from the bytes: each begins with a byte that holds the lengths of its key and its value.
func trieEntries(_ bytes: [UInt8]) -> [[UInt8]: [UInt8]] {
  var entries: [[UInt8]: [UInt8]] = [:]
  var rest = bytes[...]
  while let lengths = rest.popFirst(), entries.count < 64 {
    let key = Array(rest.prefix(Int(lengths & 7)))
    rest = rest.dropFirst(key.count)
    let value = Array(rest.prefix(Int(lengths >> 3)))
    rest = rest.dropFirst(value.count)
    entries[key] = value
  }
  return entries
}

/// The head of a request in these bytes: lines of a method, target and version, and of header fields.
func requestHead(_ bytes: [UInt8]) -> RequestHead? {
  let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
  guard words.count == 3 else { return nil }
  var headers = Headers()
  for line in lines.dropFirst() {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    headers.append(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }
  return try? RequestHead(
    method: String(words[0]), target: String(words[1]), version: String(words[2]), headers: headers, limits: Limits())
}
