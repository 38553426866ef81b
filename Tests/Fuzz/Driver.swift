import Glibc

/// libFuzzer's own loop, from the runtime that `-sanitize=fuzzer` links.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ input: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What the process runs: `TARGET` names the reader, the arguments are libFuzzer's.
///
/// The package builds a program's entry under this name, since libFuzzer brings no `main` in a runtime without one.
@_cdecl("Fuzz_main")
public func fuzzMain(
  _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  guard selected != nil else {
    print("set TARGET to one of \(targets.keys.sorted().joined(separator: " "))")
    return 64
  }
  var count = count
  var arguments = unsafe arguments
  return unsafe runDriver(&count, &arguments) { bytes, size in
    selected?(unsafe Array(UnsafeBufferPointer(start: bytes, count: size)))
    return 0
  }
}

private let selected: (@Sendable ([UInt8]) -> Void)? = unsafe getenv("TARGET").flatMap {
  unsafe targets[String(cString: $0)]
}
