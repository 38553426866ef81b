import Glibc

/// Secret bytes on memory pages of their own: never copied by a move, kept out of swap where the system allows it and
/// out of core files, wiped and unmapped at the end.
@safe struct SecretBytes: ~Copyable {
  private let start: UnsafeMutableRawPointer
  let count: Int

  /// Bytes that are all zero; at least one.
  init(count: Int) throws(SigningError) {
    precondition(count > 0, "no secret is empty")
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let mapped = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe mapped != MAP_FAILED else {
      throw .outOfMemory
    }
    // Both may be refused, by limits or by old kernels: the secret is then no worse off than any other memory.
    _ = unsafe mlock(mapped, count)
    _ = unsafe madvise(mapped, count, MADV_DONTDUMP)
    unsafe start = mapped
    self.count = count
  }

  deinit {
    unsafe explicit_bzero(start, count)
    _ = unsafe munmap(start, count)
  }

  /// The bytes, for as long as `body` runs.
  func withSpan<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count))
  }

  /// A pointer to the bytes, for C, for as long as `body` runs.
  func withUnsafePointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    unsafe body(UnsafePointer(start.assumingMemoryBound(to: UInt8.self)))
  }

  /// The bytes, to be written, for as long as `body` runs.
  mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableSpan(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count)
    return try body(&span)
  }
}

/// The bytes change only through `mutating` functions of their one owner.
extension SecretBytes: @unchecked Sendable {}

/// Overwrites an array of plain numbers in a way that the compiler may not leave out.
func wipe<Number: BitwiseCopyable>(_ array: inout [Number]) {
  unsafe array.withUnsafeMutableBytes { bytes in
    if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
  }
}
