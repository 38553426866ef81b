import Glibc

/// Holds the library against vectors from outside: `tallystick-conformance DIR` reads every vector file under a folder;
/// `tallystick-conformance --stdin` answers one JSON request a line, for tests that compare with another library.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "--stdin" where words.count == 1:
  Differential.run()
case let folder? where words.count == 1 && !folder.hasPrefix("-"):
  exit(await Conformance.run(folder) ? 0 : 1)
default:
  Output.note("usage: tallystick-conformance DIR | --stdin")
  exit(2)
}
