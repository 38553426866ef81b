import HTTP
import Testing

@Suite struct RequestHeadTests {
  private func head(
    _ headers: Headers, method: String = "POST", version: String = "HTTP/1.1"
  ) throws(HTTPError) -> RequestHead {
    try RequestHead(method: method, target: "/", version: version, headers: headers, limits: Limits())
  }

  @Test func `the length of a body has one form`() throws {
    #expect(try head(["Host": "h"]).bodyLength == .declared(0))
    #expect(try head(["Host": "h", "content-length": "007"]).bodyLength == .declared(7))
    #expect(try head(["Host": "h", "Transfer-Encoding": "Chunked"]).bodyLength == .chunked)
    #expect(try head([:], version: "HTTP/1.0").bodyLength == .declared(0))
  }

  static let ambiguous: [(Headers, HTTPError)] = [
    (["Host": "h", "Content-Length": "1", "content-length": "1"], .bodyLengthAmbiguous),
    (["Host": "h", "Content-Length": "1", "Transfer-Encoding": "chunked"], .bodyLengthAmbiguous),
    (["Host": "h", "Transfer-Encoding": "chunked", "Transfer-encoding": "chunked"], .bodyLengthAmbiguous),
    (["Host": "h", "Content-Length": "+1"], .bodyLengthMalformed),
    (["Host": "h", "Content-Length": "1, 1"], .bodyLengthMalformed),
    (["Host": "h", "Content-Length": "0x10"], .bodyLengthMalformed),
    (["Host": "h", "Content-Length": ""], .bodyLengthMalformed),
    (["Host": "h", "Content-Length": "-1"], .bodyLengthMalformed),
    (["Host": "h", "Content-Length": "99999999999999999999"], .bodyTooLarge(byteCountMax: 1 << 20)),
    (["Host": "h", "Transfer-Encoding": "gzip, chunked"], .transferCodingUnknown),
    (["Host": "h", "Transfer-Encoding": "identity"], .transferCodingUnknown),
    (["Host": "h", "Transfer-Encoding": "\u{B}chunked"], .headerMalformed),
    ([:], .hostMissing), (["Host": ""], .hostMissing), (["Host": "a", "host": "a"], .hostRepeated),
    (["Host": "h", "X Y": "1"], .headerMalformed), (["Host": "h", "X\u{0}": "1"], .headerMalformed),
    (["Host": "h", "": "1"], .headerMalformed), (["Host": "h", "X": "a\u{0}b"], .headerMalformed),
    (["Host": "h", "X": "é"], .headerMalformed), (["Host": "h", "Expect": "200-ok"], .expectationUnknown),
  ]

  @Test(arguments: ambiguous)
  func `a head that two readers could read differently is refused`(headers: Headers, error: HTTPError) {
    #expect(throws: error) { try head(headers) }
  }

  @Test func `methods, versions and counts outside the list are refused`() {
    #expect(throws: HTTPError.methodUnknown) { try head(["Host": "h"], method: "get") }
    #expect(throws: HTTPError.methodUnknown) { try head(["Host": "h"], method: "TRACE") }
    #expect(throws: HTTPError.versionUnknown) { try head(["Host": "h"], version: "HTTP/2.0") }
    #expect(throws: HTTPError.transferCodingUnknown) { try head(["Transfer-Encoding": "chunked"], version: "HTTP/1.0") }
    var many: Headers = ["Host": "h"]
    for index in 1...64 { many.append("X-\(index)", "1") }
    #expect(throws: HTTPError.tooManyHeaders(countMax: 64)) { try head(many) }
  }
}
