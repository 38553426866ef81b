import Console
import Testing

@Suite struct EnvelopeTests {
  @Test func `a success carries the data, a failure its errors`() {
    #expect(
      Envelope(data: "{\"digest\":\"0x1\"}").text
        == #"{"schema_version":1,"success":true,"data":{"digest":"0x1"},"errors":[],"warnings":[]}"#)
    let failed = Envelope(
      errors: [.init(code: "terms_refused", message: "say \"x\"\n\t\\", details: "[1]")],
      warnings: [.init(code: "w", message: "é")])
    #expect(
      failed.text
        == #"{"schema_version":1,"success":false,"data":null,"errors":[{"level":"error","code":"terms_refused","#
        + #""message":"say \"x\"\n\u0009\\","details":[1]}],"#
        + #""warnings":[{"level":"warning","code":"w","message":"é","details":null}]}"#)
  }

  @Test func `exit statuses keep their numbers`() {
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
    #expect(ExitStatus(rawValue: 3) == .refused && ExitStatus(rawValue: 4) == .notFinal)
  }
}
