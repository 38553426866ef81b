import CCurl
import Synchronization

/// One easy handle of libcurl with its options set. Not for two threads at once: its owner's queue sees to that.
@safe final class CurlHandle: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer?
  private let headers: UnsafeMutablePointer<curl_slist>?
  private let replyByteCountMax: Int

  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(url: String, options: CurlTransport.Options) {
    replyByteCountMax = options.replyByteCountMax
    unsafe handle = Self.isReady ? curl_easy_init() : nil
    // No Expect: a node that does not answer it would cost a second.
    var headers: UnsafeMutablePointer<curl_slist>?
    let lines = ["Content-Type: application/json", "Accept: application/json", "Expect:"]
    for line in lines + options.headers.map({ "\($0.name): \($0.value)" }) {
      unsafe headers = unsafe curl_slist_append(headers, line)
    }
    unsafe self.headers = unsafe headers
    unsafe curl_set_headers(handle, headers)
    set(CURLOPT_URL, url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_PROXY, options.proxy ?? "")
    set(CURLOPT_USERAGENT, "tallystick")
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connectTime))
    set(CURLOPT_TIMEOUT_MS, milliseconds(options.totalTime))
    unsafe curl_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, replyByteCountMax)
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
    unsafe curl_slist_free_all(headers)
  }

  /// Scheme, host and port of a URL; nil when it is not http or https with a host.
  static func endpoint(of url: String) -> String? {
    guard !url.utf8.contains(0), let parsed = unsafe curl_url() else { return nil }
    defer { unsafe curl_url_cleanup(parsed) }
    guard unsafe curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK else { return nil }
    func part(_ part: CURLUPart, _ flags: Int32) -> String? {
      var text: UnsafeMutablePointer<CChar>?
      guard unsafe curl_url_get(parsed, part, &text, UInt32(flags)) == CURLUE_OK, let found = unsafe text else {
        return nil
      }
      defer { unsafe curl_free(found) }
      return unsafe String(cString: found)
    }
    guard let scheme = part(CURLUPART_SCHEME, 0), scheme == "http" || scheme == "https",
      let host = part(CURLUPART_HOST, 0), !host.isEmpty, let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT)
    else { return nil }
    return "\(scheme)://\(host):\(port)"
  }

  /// Posts a body and waits for the reply, which counts only with a status of 2xx.
  func perform(_ body: [UInt8], unless cancellation: Cancellation) -> Result<[UInt8], TransportFault> {
    switch exchange(body, unless: cancellation) {
    case .success(let reply):
      (200...299).contains(reply.status) ? .success(reply.body) : .failure(.status(reply.status))
    case .failure(let fault): .failure(fault)
    }
  }

  /// Posts a body, or gets where there is none, and waits for the reply.
  func exchange(
    _ body: [UInt8]?, unless cancellation: Cancellation
  ) -> Result<(status: Int, body: [UInt8]), TransportFault> {
    guard unsafe handle != nil else { return .failure(.other(code: Int(CURLE_FAILED_INIT.rawValue))) }
    let receiver = Receiver(byteCountMax: replyByteCountMax, cancellation: cancellation)
    let code = unsafe (body ?? []).withUnsafeBytes { bytes in
      withExtendedLifetime(receiver) {
        if body != nil {
          unsafe curl_set_body(handle, bytes.baseAddress, bytes.count)
        } else {
          set(CURLOPT_HTTPGET, 1)
        }
        unsafe curl_set_receiver(
          handle,
          { bytes, size, count, receiver in
            guard let receiver = unsafe receiver else { return 0 }
            let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe Unmanaged<Receiver>.fromOpaque(receiver).takeUnretainedValue().receive(part)
              ? size * count : 0
          },
          { receiver, _, _, _, _ in
            guard let receiver = unsafe receiver else { return 1 }
            return unsafe Unmanaged<Receiver>.fromOpaque(receiver).takeUnretainedValue().isCancelled ? 1 : 0
          },
          Unmanaged.passUnretained(receiver).toOpaque())
        return unsafe curl_easy_perform(handle)
      }
    }
    if let fault = fault(code, receiver) { return .failure(fault) }
    return .success((status: unsafe curl_status(handle), body: receiver.bytes))
  }

  private func fault(_ code: CURLcode, _ receiver: Receiver) -> TransportFault? {
    switch code {
    case CURLE_OK: nil
    case _ where receiver.isCancelled: .cancelled
    case CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED: .tooLarge(byteCountMax: replyByteCountMax)
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .malformedURL
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
    case CURLE_COULDNT_CONNECT: .unreachable
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
      .insecure
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM,
      CURLE_WEIRD_SERVER_REPLY:
      .broken
    default: .other(code: Int(code.rawValue))
    }
  }

  private func set(_ option: CURLoption, _ text: String) { unsafe curl_set_text(handle, option, text) }

  private func set(_ option: CURLoption, _ number: Int) { unsafe curl_set_number(handle, option, number) }
}

/// Where one reply goes.
private final class Receiver {
  private(set) var bytes: [UInt8] = []
  private let byteCountMax: Int
  private let cancellation: Cancellation

  init(byteCountMax: Int, cancellation: Cancellation) {
    self.byteCountMax = byteCountMax
    self.cancellation = cancellation
  }

  var isCancelled: Bool { cancellation.isCancelled.load(ordering: .relaxed) }

  /// False when it would be too much.
  func receive(_ part: UnsafeRawBufferPointer) -> Bool {
    guard part.count <= byteCountMax - bytes.count else { return false }
    unsafe bytes.append(contentsOf: part)
    return true
  }
}

/// At least one, since libcurl takes 0 for no bound.
private func milliseconds(_ duration: Duration) -> Int { max(1, Int(duration / .milliseconds(1))) }
