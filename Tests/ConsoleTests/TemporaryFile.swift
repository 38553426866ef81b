import Glibc

/// Gives a closure the path of a file with this content, and removes the file.
func withTemporaryFile<T>(_ content: String, _ body: (String) throws -> T) throws -> T {
  let path = "/tmp/tally-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
  precondition(descriptor >= 0, "no temporary file")
  defer { unsafe unlink(path) }
  _ = unsafe write(descriptor, content, content.utf8.count)
  close(descriptor)
  return try body(path)
}
