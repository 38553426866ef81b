import Arithmetic
import Clauses
import Ethereum
import Terms

/// A rule of the library: a clause of `Contracts/Clauses`, carried by the program and compiled once.
struct Rule: Sendable {
  /// The source, byte for byte the file.
  let source: String
  private let program: Result<Program, ClauseErrors>

  private init(_ bytes: [UInt8]) {
    source = String(decoding: bytes, as: UTF8.self)
    do throws(ClauseErrors) { program = .success(try Program(compiling: source)) } catch { program = .failure(error) }
  }

  /// What may be done with a vault.
  static let vault = Rule(PackageResources.vault_clause)
  /// What may be done with the vault of an option that is settled by delivery.
  static let delivery = Rule(PackageResources.delivery_clause)
  /// Which observations count.
  static let evidence = Rule(PackageResources.evidence_clause)
  /// Which price observations establish.
  static let price = Rule(PackageResources.price_clause)
  /// Which rung of the price ladder stands.
  static let ladder = Rule(PackageResources.ladder_clause)
  /// Turns, rounds and silence; who bears bond and fee.
  static let ruling = Rule(PackageResources.ruling_clause)

  /// Keccak-256 of the bytecode.
  var digest: Digest {
    get throws(SettlementError) { try compiled().digest }
  }

  /// - Throws: `SettlementError.clauseFault` where the rule faults, which the terms' bounds exclude.
  func run(_ inputs: [String: InputValue]) throws(SettlementError) -> Evaluation {
    let program = try compiled()
    do throws(Trap) { return try Machine.run(program, inputs: inputs) } catch { throw .clauseFault(error.description) }
  }

  private func compiled() throws(SettlementError) -> Program {
    switch program {
    case .success(let compiled): return compiled
    case .failure(let errors): throw .brokenClause(errors.description)
    }
  }
}

extension Evaluation {
  /// What the rule found under a name.
  func number(_ name: String) throws(SettlementError) -> Int256 {
    guard let value = self[name] else { throw .unfitClause("it finds no \(name)") }
    return value
  }

  /// As `number`, where the finding counts something.
  func integer(_ name: String) throws(SettlementError) -> Int {
    guard let value = try number(name).asInt64.flatMap({ Int(exactly: $0) }) else {
      throw .unfitClause("what it finds as \(name) is no count")
    }
    return value
  }

  /// The name of the finding's value, where it is one of an enumeration.
  func name(_ finding: String) throws(SettlementError) -> String {
    let place = try integer(finding)
    guard let names = findings.first(where: { $0.name == finding })?.type.caseNames, names.indices.contains(place)
    else {
      throw .unfitClause("what it finds as \(finding) has no name")
    }
    return names[place]
  }
}

/// Values in the machine's signed type.
extension InputValue {
  static func unsigned(_ value: UInt256) throws(SettlementError) -> Self { .number(try signed(value)) }

  static func unsigned(_ value: UInt64) throws(SettlementError) -> Self { .number(try signed(UInt256(value))) }

  static func truth(_ holds: Bool) -> Self { .number(holds ? .one : .zero) }

  /// A word whose bits alone matter.
  static func word(_ bytes: [UInt8]) throws(SettlementError) -> Self { .number(try bits(bytes)) }

  static func bits(_ bytes: [UInt8]) throws(SettlementError) -> Int256 {
    do throws(ArithmeticError) {
      return Int256(bits: try UInt256(bigEndian: bytes))
    } catch {
      throw .unencodable("\(bytes.count) bytes")
    }
  }
}

/// The same number in the machine's signed type.
func signed(_ value: UInt256) throws(SettlementError) -> Int256 {
  do throws(ArithmeticError) { return try Int256(value) } catch { throw .unencodable("\(value)") }
}
