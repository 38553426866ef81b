import HTTP
import Testing

@Suite struct RequestTargetTests {
  @Test func `a path and a query are taken apart and unescaped`() throws {
    let target = try RequestTarget("/v1/a%20b/%C3%A9?x=1&y=a+b%2Fc&flag&=v")
    #expect(target.path == "/v1/a%20b/%C3%A9")
    #expect(target.segments == ["v1", "a b", "é"])
    #expect(target.query.map(\.name) == ["x", "y", "flag", ""])
    #expect(target.query.map(\.value) == ["1", "a b/c", "", "v"])
  }

  @Test(arguments: [
    ("", HTTPError.targetIsNotAPath), ("*", .targetIsNotAPath), ("http://h/x", .targetIsNotAPath),
    ("x", .targetIsNotAPath), ("/a b", .targetHasForbiddenByte), ("/é", .targetHasForbiddenByte),
    ("/a\\b", .targetHasForbiddenByte), ("/a\u{1}", .targetHasForbiddenByte), ("/a#b", .targetHasForbiddenByte),
    ("/a\"b", .targetHasForbiddenByte), ("/%00", .targetHasForbiddenEscape), ("/a%0d%0aX:y", .targetHasForbiddenEscape),
    ("/a%2Fb", .targetHasForbiddenEscape), ("/a%5cb", .targetHasForbiddenEscape), ("/%", .targetHasForbiddenEscape),
    ("/%4", .targetHasForbiddenEscape), ("/%g0", .targetHasForbiddenEscape), ("/%7F", .targetHasForbiddenEscape),
    ("/x?q=%00", .targetHasForbiddenEscape), ("/..", .targetHasDotSegment), ("/a/../b", .targetHasDotSegment),
    ("/%2e%2E/etc", .targetHasDotSegment), ("/./a", .targetHasDotSegment), ("/.%2e", .targetHasDotSegment),
    ("/%ff", .targetIsNotUTF8), ("/%c0%af", .targetIsNotUTF8), ("/x?q=%ed%a0%80", .targetIsNotUTF8),
  ])
  func `a target with a trick in it is refused`(raw: String, error: HTTPError) {
    #expect(throws: error) { try RequestTarget(raw) }
  }
}
