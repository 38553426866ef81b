import ClauseAgreement
import Glibc

// Machine against tree walker on random programs and inputs:
//   pairs GOLDEN      PAIRS=n so many (10,000), SEED=n a seed of one's own
// First the pairs whose digest is in the file GOLDEN, which the tests without optimisation have made too.

func setting(_ name: String) -> UInt64? {
  unsafe getenv(name).flatMap { unsafe UInt64(String(cString: $0)) }
}

let golden = CommandLine.arguments.dropFirst().first ?? ""
let kept = Agreement.run(pairs: Agreement.goldenPairs, seed: Agreement.goldenSeed, threads: 2)
let isGolden = contents(of: golden) == kept.digest + "\n"
print("golden: digest \(kept.digest), \(isGolden ? "the same as" : "NOT that of") \(golden)")

let seed = setting("SEED") ?? UInt64.random(in: 0...UInt64.max)
let pairs = Int(setting("PAIRS") ?? 10_000)
print("SEED=\(seed)")
let clock = ContinuousClock()
let start = clock.now
let tally = Agreement.run(pairs: pairs, seed: seed, threads: 2)
print(tally.report)
print("\(clock.now - start)")
for disagreement in (kept.disagreements + tally.disagreements).prefix(3) { print("\nDISAGREEMENT\n\(disagreement)") }
for missing in tally.missing { print("never met: \(missing)") }
exit(isGolden && kept.disagreements.isEmpty && tally.disagreements.isEmpty && tally.missing.isEmpty ? 0 : 1)

/// The text of a file, or none.
func contents(of path: String) -> String {
  guard let file = unsafe fopen(path, "r") else { return "" }
  defer { unsafe fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = unsafe fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
