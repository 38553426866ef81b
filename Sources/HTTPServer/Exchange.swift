import CMicroHTTPD
import Glibc
import HTTP
import Synchronization

/// One request's way through the library: head, body, handler, reply.
///
/// The library calls in from its one thread, and everything but `outcome` belongs to that thread. While the handler
/// runs the connection is suspended, so the library neither uses nor frees it; `resume` gives it back.
@safe final class Exchange: @unchecked Sendable {
  private enum Phase {
    case head
    case receiving(RequestHead)
    case discarding(HTTPError, byteCount: Int)
    case running
    case replying
  }

  /// What the library is told to do next.
  enum Verdict {
    case goOn
    case cut
  }

  private let connection: OpaquePointer
  private let service: Service
  private let socket: Int32
  private let rawTarget: String
  private let targetAddress: UInt
  private let targetByteCount: Int
  private var phase = Phase.head
  private var body: [UInt8] = []
  private var reservedByteCount = 0
  private var isCounted = false
  /// Written by the handler's task before it resumes the connection, read by the library's thread after.
  private let outcome = Mutex<Response?>(nil)

  init(connection: OpaquePointer, service: Service, target: UnsafePointer<CChar>) {
    unsafe self.connection = unsafe connection
    self.service = service
    self.socket = unsafe mhd_socket(connection)
    self.rawTarget = unsafe String(cString: target)
    self.targetAddress = unsafe address(target)
    self.targetByteCount = unsafe strlen(target)
  }

  /// One call of the library: first with the head, then with each part of the body, then with nothing, and once more
  /// when the connection was resumed.
  func proceed(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>, part: UnsafeRawBufferPointer) -> Verdict {
    switch phase {
    case .head:
      return unsafe beginBody(method: method, version: version)
    case .receiving(let head):
      return unsafe part.isEmpty ? run(Request(head, body: body)) : receive(part)
    case .discarding(let error, let byteCount):
      return unsafe part.isEmpty ? refuse(error) : discard(part.count, after: byteCount, error)
    case .running:
      guard let response = outcome.withLock({ $0 }) else { return .goOn }
      return reply(response, closing: false)
    case .replying:
      return .goOn
    }
  }

  /// The library is done with this request, well or not.
  func complete() {
    service.bufferedByteCount -= reservedByteCount
    service.deadlines.allow(service.limits.headTime, to: socket)
    if isCounted { service.activity.end() }
  }

  // MARK: Head

  private func beginBody(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) -> Verdict {
    let limits = service.limits
    let head: RequestHead
    do throws(HTTPError) {
      let byteCount = unsafe mhd_head_size(connection)
      guard byteCount <= limits.headByteCountMax else { throw .headTooLarge(byteCountMax: limits.headByteCountMax) }
      let (methodText, versionText) = unsafe (String(cString: method), String(cString: version))
      var reading = unsafe HeadReading(
        layout: HeadLayout(
          method: address(method), methodLength: methodText.utf8.count, target: targetAddress,
          targetLength: targetByteCount, version: address(version), versionLength: versionText.utf8.count))
      readHeaders(into: &reading)
      guard reading.layout.isWhole(byteCount: byteCount) else { throw .headMalformed }
      head = try RequestHead(
        method: methodText, target: rawTarget, version: versionText, headers: reading.headers, limits: limits)
    } catch {
      return refuse(error)
    }
    service.deadlines.allow(limits.bodyTime, to: socket)
    if case .declared(let byteCount) = head.bodyLength {
      if let error = unacceptable(adding: byteCount) {
        // Whoever waits for our word, or has too much to throw away, gets the refusal at once.
        if head.expectsContinue || byteCount > limits.drainedByteCountMax { return refuse(error) }
        phase = .discarding(error, byteCount: 0)
        return .goOn
      }
      reserve(byteCount)
      body.reserveCapacity(byteCount)
    }
    phase = .receiving(head)
    return .goOn
  }

  private func readHeaders(into reading: inout HeadReading) {
    unsafe withUnsafeMutablePointer(to: &reading) { pointer in
      _ = unsafe MHD_get_connection_values_n(
        connection, .HEADER_KIND,
        { pointer, _, name, nameLength, value, valueLength in
          guard let name = unsafe name, let value = unsafe value else { return .NO }
          unsafe pointer?.assumingMemoryBound(to: HeadReading.self).pointee
            .add(
              name: UnsafeRawBufferPointer(start: name, count: nameLength),
              value: UnsafeRawBufferPointer(start: value, count: valueLength))
          return .YES
        }, pointer)
    }
  }

  // MARK: Body

  private func unacceptable(adding byteCount: Int) -> HTTPError? {
    let limits = service.limits
    let (total, overflow) = reservedByteCount.addingReportingOverflow(byteCount)
    if overflow || total > limits.bodyByteCountMax { return .bodyTooLarge(byteCountMax: limits.bodyByteCountMax) }
    if service.bufferedByteCount + byteCount > limits.bufferedByteCountMax { return .overloaded }
    return nil
  }

  private func reserve(_ byteCount: Int) {
    reservedByteCount += byteCount
    service.bufferedByteCount += byteCount
  }

  private func receive(_ part: UnsafeRawBufferPointer) -> Verdict {
    let missing = body.count + part.count - reservedByteCount
    if missing > 0 {
      if let error = unacceptable(adding: missing) {
        body = []
        service.bufferedByteCount -= reservedByteCount
        reservedByteCount = 0
        return discard(part.count, after: 0, error)
      }
      reserve(missing)
    }
    unsafe body.append(contentsOf: part)
    return .goOn
  }

  private func discard(_ byteCount: Int, after before: Int, _ error: HTTPError) -> Verdict {
    guard before + byteCount <= service.limits.drainedByteCountMax else {
      sayLastWord(error)
      return .cut
    }
    phase = .discarding(error, byteCount: before + byteCount)
    return .goOn
  }

  /// In the middle of a body the library takes no reply. So the refusal is written past it, as far as the socket takes
  /// it, and the connection is cut.
  private func sayLastWord(_ error: HTTPError) {
    let response = service.router.refusal(error)
    var text = "HTTP/1.1 \(response.status)\r\nConnection: close\r\nContent-Length: \(response.body.count)\r\n"
    for field in response.headers.fields { text += "\(field.name): \(field.value)\r\n" }
    let bytes = Array((text + "\r\n").utf8) + response.body
    unsafe bytes.withUnsafeBytes {
      _ = unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
  }

  // MARK: Handler and reply

  private func run(_ request: Request) -> Verdict {
    guard service.activity.begin() else { return refuse(.stopping) }
    isCounted = true
    body = []
    phase = .running
    service.deadlines.forget(socket)
    unsafe MHD_suspend_connection(connection)
    Task(executorPreference: service.handlers) { [self] in
      let response = await service.router.respond(to: request)
      outcome.withLock { $0 = response }
      unsafe MHD_resume_connection(connection)
    }
    return .goOn
  }

  /// After a refusal the rest of the stream means nothing: the connection is closed.
  private func refuse(_ error: HTTPError) -> Verdict {
    reply(service.router.refusal(error), closing: true)
  }

  private func reply(_ response: Response, closing: Bool) -> Verdict {
    phase = .replying
    service.deadlines.allow(service.limits.replyTime, to: socket)
    let queued = unsafe response.body.withUnsafeBytes { bytes -> Bool in
      let base = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      guard let message = unsafe MHD_create_response_from_buffer(bytes.count, base, .RESPMEM_MUST_COPY) else {
        return false
      }
      defer { unsafe MHD_destroy_response(message) }
      for field in response.headers.fields {
        // Refused when it holds a line break: such a field would let a value write the fields after it.
        guard unsafe MHD_add_response_header(message, field.name, field.value) == .YES else { return false }
      }
      if closing {
        guard unsafe MHD_add_response_header(message, "Connection", "close") == .YES else { return false }
      }
      return unsafe MHD_queue_response(connection, UInt32(response.status.code), message) == .YES
    }
    return queued ? .goOn : .cut
  }
}

/// Collects the header fields, and where they lie.
private struct HeadReading {
  var headers = Headers()
  var layout: HeadLayout

  mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    unsafe layout.addField(
      name: address(name.baseAddress), nameLength: name.count, value: address(value.baseAddress),
      valueLength: value.count)
    // What is not UTF-8 becomes a replacement character, which the checks then refuse as non-ASCII.
    unsafe headers.append(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
  }
}

private func address(_ pointer: UnsafeRawPointer?) -> UInt { UInt(bitPattern: pointer) }
