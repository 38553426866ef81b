public import Arithmetic

/// What a run did, step by step: how an arbitrator reads an outcome, and how two implementations find where they
/// differ.
public struct Trace: Hashable, Sendable {
  /// One executed instruction.
  public struct Step: Hashable, Sendable {
    /// The place of the instruction in the code, from 0.
    public let instruction: Int
    /// What was done.
    public let opcode: Opcode
    /// Where in the source, when the program was compiled here.
    public let source: SourceRange?
    /// The value left on the stack; for `pay` the buyer's part, for `store`, `find` and `next` the value taken.
    public let value: Int256?
  }

  /// The steps in order, at most ``Limits/traceStepCountMax``; a longer run is recorded no further.
  public let steps: [Step]

  /// The canonical bytes, for a digest. They do not depend on whether the source is at hand.
  ///
  ///     magic    4 bytes "TSTR"
  ///     version  1 byte, 1
  ///     count    4 bytes, big-endian
  ///     steps    instruction 2 bytes big-endian; opcode 1 byte; 1 and 32 bytes two's complement big-endian, or 0
  public var bytes: [UInt8] {
    var bytes: [UInt8] = Array("TSTR".utf8) + [1]
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: steps.count >> shift)) }
    for step in steps {
      bytes.append(UInt8(truncatingIfNeeded: step.instruction >> 8))
      bytes.append(UInt8(truncatingIfNeeded: step.instruction))
      bytes.append(step.opcode.rawValue)
      if let value = step.value {
        bytes.append(1)
        bytes += value.bits.bigEndianBytes
      } else {
        bytes.append(0)
      }
    }
    return bytes
  }
}
