import Arithmetic
import Clauses
import JSON

/// Many runs of one clause: a JSON object of inputs on each line in, what the clause says of them on each line out.
/// Numbers are strings in both, as in the golden cases of the library.
enum ClauseBatch {
  /// Bytes of a file of inputs: ten thousand rows with a year of fixings and their times.
  static let byteCountMax = 256 * 1024 * 1024

  /// - Throws: `InputError` with the number of the first line that cannot be read. A fault of the clause is an answer.
  static func rows(_ program: Program, file: String) throws -> [JSONValue] {
    let bytes = try Files.read(file, byteCountMax: byteCountMax)
    return try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { index, line in
      let inputs = try inputs(Array(line), of: program, line: index + 1, file: file)
      do throws(Trap) {
        return answer(try Machine.run(program, inputs: inputs))
      } catch {
        return ["fault": .string(error.kind.name), "message": .string(error.description)]
      }
    }
  }

  private static func inputs(
    _ line: [UInt8], of program: Program, line number: Int, file: String
  ) throws -> [String: InputValue] {
    let row: JSONValue
    do throws(JSONError) { row = try JSONValue(parsing: line) } catch {
      throw InputError.noJSON(path: "\(file), line \(number)", error)
    }
    guard let members = row.asObject?.members else {
      throw InputError.value(name: "\(file), line \(number)", expected: "an object of inputs")
    }
    var inputs: [String: InputValue] = [:]
    for member in members {
      if let list = member.value.asArray {
        inputs[member.name] = .list(try list.map { try self.number($0, member.name, line: number, file: file) })
      } else {
        inputs[member.name] = .number(try self.number(member.value, member.name, line: number, file: file))
      }
    }
    return inputs
  }

  private static func number(_ value: JSONValue, _ name: String, line: Int, file: String) throws -> Int256 {
    guard let text = value.asString, let number = try? Int256(decimal: text) else {
      throw InputError.value(
        name: "\(file), line \(line): \(name)", expected: "an integer in a string, or a list of them")
    }
    return number
  }

  private static func answer(_ evaluation: Evaluation) -> JSONValue {
    var members: [(String, JSONValue)] = [("cost", .string(String(evaluation.cost)))]
    if let payments = evaluation.payments { members.append(("payments", parts(payments, evaluation.deliveries))) }
    if !evaluation.routes.isEmpty {
      members.append(("routes", .object(JSONObject(evaluation.routes.map { ($0.name, release($0)) }))))
    }
    if !evaluation.findings.isEmpty {
      let findings = evaluation.findings.map { ($0.name, JSONValue.string($0.value.description)) }
      members.append(("findings", .object(JSONObject(findings))))
    }
    return .object(JSONObject(members))
  }

  private static func release(_ route: Route) -> JSONValue {
    guard let payments = route.payments else { return route.isOpen ? "open" : "closed" }
    return parts(payments, route.deliveries)
  }

  private static func parts(_ payments: Payments, _ deliveries: Payments?) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("toBuyer", .string(payments.toBuyer.description)), ("toSeller", .string(payments.toSeller.description)),
    ]
    if let deliveries {
      members.append(("deliveryToBuyer", .string(deliveries.toBuyer.description)))
      members.append(("deliveryToSeller", .string(deliveries.toSeller.description)))
    }
    return .object(JSONObject(members))
  }
}
