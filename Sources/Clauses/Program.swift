import Arithmetic

/// A checked program. There is no way to hold one that the verifier has not accepted, whoever wrote its bytes.
/// Two programs are equal when their bytecode is.
public struct Program: Sendable {
  /// The canonical encoding; its Keccak-256 is what terms commit to.
  public let bytecode: [UInt8]
  /// Payoff, escrow rule or arbitration rule.
  public let kind: ClauseKind
  /// What the program reads, by ascending name.
  public let inputs: [Input]
  /// The routes of an escrow rule in order; none for another rule.
  public let routes: [String]
  /// The enumerations that it declares, in order.
  public let enumerations: [Enumeration]
  /// The named results in order.
  public let finds: [Find]
  /// What the source says of the buyer's payment and the prover has to show; none when only the bytecode is at hand.
  public let claims: [Claim]
  /// The worst-case cost of a run in units of ``Opcode/cost``; no run ever costs more.
  public let costBound: Int
  /// The source range of each instruction, when the program was compiled here.
  public let sourceMap: [SourceRange]?

  package let code: [Instruction]
  package let constants: [Constant]
  package let stackDepth: Int
  package let slotCount: Int
  /// The type of the value each instruction leaves on the stack, if it leaves one.
  package let types: [ClauseType?]
  /// The route that each instruction decides, if it decides one.
  package let decides: [Int?]
  /// The code as the machine runs it.
  let steps: [Step]
  /// The values of the constants.
  let literals: [Int256]
  /// What each input may be given.
  let bounds: [InputBounds]

  /// The language version, stated in the bytecode.
  public var languageVersion: Int { Int(ProgramParts.version) }

  /// Loads bytecode from anywhere, trusting nothing in it.
  ///
  /// - Throws: the first reason why the bytes are not one well-typed, bounded, canonical program that states its cost.
  public init(bytecode: [UInt8]) throws(ClauseError) {
    try self.init(bytecode: bytecode, sourceMap: nil, claims: [])
  }

  /// Compiles a source text, and loads the result as if a stranger had sent it.
  ///
  /// - Throws: everything that is wrong with the text.
  public init(compiling source: String) throws(ClauseErrors) {
    let bytes = Array(source.utf8)
    guard bytes.count <= Limits.sourceByteCountMax else {
      let start = SourceRange(line: 1, column: 1, bytes: 0..<1)
      throw ClauseErrors([LocatedFault(.sourceTooLong(byteCount: bytes.count), at: start)], in: bytes)
    }
    let (file, formFaults) = Parser.parse(bytes)
    let (clause, faults) = Checker.check(file, isWhole: formFaults.isEmpty)
    guard let clause, formFaults.isEmpty else { throw ClauseErrors(formFaults + faults, in: bytes) }
    let (compiled, ranges) = Compiler.compile(clause)
    do {
      var parts = compiled
      parts.cost = try Verifier.verify(parts).cost
      try self.init(bytecode: parts.encoded(), sourceMap: ranges, claims: clause.claims)
    } catch {
      let fault: LocatedFault =
        if case .foldTooDear(let index, let cost) = error {
          LocatedFault(.foldTooDear(cost), at: ranges[index])
        } else {
          LocatedFault(.program(error), at: file.name?.range ?? file.end)
        }
      throw ClauseErrors([fault], in: bytes)
    }
  }

  private init(bytecode: [UInt8], sourceMap: [SourceRange]?, claims: [Claim]) throws(ClauseError) {
    let parts = try BytecodeReader.read(bytecode)
    let findings = try Verifier.verify(parts)
    guard findings.cost == parts.cost else { throw .cost(stated: parts.cost, actual: findings.cost) }
    guard parts.encoded() == bytecode else { throw .notCanonical }
    self.bytecode = bytecode
    self.sourceMap = sourceMap
    kind = parts.kind
    inputs = parts.inputs
    routes = parts.routes
    enumerations = parts.enumerations
    finds = parts.finds
    self.claims = claims
    costBound = parts.cost
    code = parts.code
    constants = parts.constants
    stackDepth = findings.stackDepth
    slotCount = findings.slotCount
    types = findings.types
    decides = findings.decides
    steps = Step.steps(of: parts)
    literals = parts.constants.map(\.value)
    bounds = parts.inputs.map(InputBounds.init)
  }
}

extension Program: Hashable {
  /// Whether both have the same bytecode.
  public static func == (a: Program, b: Program) -> Bool { a.bytecode == b.bytecode }

  /// Hashes the bytecode.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytecode) }
}
