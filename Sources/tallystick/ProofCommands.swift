import Console
import Ethereum
import JSON
import Terms
import Verification

/// Proofs: fetched once, verified anywhere.
enum ProofCommands {
  static let all = [
    Command(
      "proof fetch", "write the proof of a settled agreement to a file", operands: [AgreementCommands.id],
      options: [
        .value("out", "FILE", isRequired: true, "where to write; an existing file is never replaced"),
        ServiceClient.url,
      ]
    ) { arguments in
      let bytes = try await ServiceClient(arguments).bytes(try AgreementCommands.path(arguments, "/proof"))
      let path = arguments.value("out") ?? ""
      try Files.write(bytes, to: path)
      return Reply(text: path, data: ["file": .string(path), "bytes": .string(String(bytes.count))])
    },
    Command(
      "proof verify", "check a proof offline, and print every check with its verdict",
      operands: [Operand("FILE", "the proof")],
      options: [
        .value(
          "trusted-block", "HASH", "the settling block's hash, from a source you trust; without it no proof is sound"),
        .value(
          "journal-signer", "ADDRESS",
          "the service that must have signed the journal, where you know it; by default whoever sent the transaction"),
      ]
    ) { arguments in
      let trusted = try arguments.value("trusted-block", as: "0x and 64 hexadecimal digits") { try? Digest(hex: $0) }
      let signer = try arguments.value("journal-signer", as: "an address", parseAddress)
      let proof = try SettlementProof(
        bytes: try Files.read(arguments.operand("FILE"), byteCountMax: VerificationLimits.proofByteCountMax))
      return reply(Verifier.findings(in: proof, trustedBlock: trusted, journalSigner: signer))
    },
  ]

  private static func reply(_ findings: [Finding]) -> Reply {
    var lines = findings.map { finding in
      let mark =
        switch finding.verdict {
        case .passed: "ok     "
        case .failed: "FAILED "
        case .missing: "missing"
        }
      return "\(mark)  \(finding.check.name): \(finding.detail)"
    }
    let word: String
    var failure: Failure?
    switch ProofVerdict(findings) {
    case .sound: word = "sound"
    case .unsound(let finding):
      word = "unsound"
      failure = Failure(.failure, code: "proof_unsound", "unsound: \(finding.check.name): \(finding.detail)")
    case .incomplete(let missing):
      word = "incomplete"
      let reasons = missing.map { "\($0.check.name): \($0.detail)" }
      failure = Failure(.notFinal, code: "proof_incomplete", "incomplete: \(reasons.joined(separator: "; "))")
    }
    lines.append(failure == nil ? "sound: \(findings.count) checks passed" : word)
    return Reply(
      text: lines.joined(separator: "\n"),
      data: [
        "verdict": .string(word),
        "findings": .array(
          findings.map {
            [
              "check": .string(String($0.check.rawValue)), "name": .string($0.check.name),
              "verdict": .string($0.verdict.rawValue), "detail": .string($0.detail),
            ]
          }),
      ], failure: failure)
  }
}
