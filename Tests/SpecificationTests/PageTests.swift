import Foundation
import JSON
import Testing

/// The pages state what the vectors hold.
struct PageTests {
  private func page(_ name: String) throws -> String {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Tallystick.docc/\(name).md")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test func `the page on typed data states every type string, type hash, digest and vault`() throws {
    let page = try page("SpecificationTypedData")
    let unbroken = page.replacing("\n", with: "").replacing(",      ", with: ",")
    let vectors = try Specification.vectors()
    for type in try vectors.at("types").list() {
      let name = try type.at("name").text()
      let own = try type.at("string").text().split(separator: ")")[0] + ")"
      #expect(unbroken.contains(own), "the type string of \(name)")
      #expect(try page.contains("| `\(name)` | `\(type.at("hash").text())` |"), "the type hash of \(name)")
    }
    for terms in try vectors.at("terms").list() {
      let row = try "| \(terms.at("name").text()) | `\(terms.at("digest").text())` | `\(terms.at("vault").text())` |"
      #expect(page.contains(row))
    }
    #expect(try page.contains(vectors.at("domain", "separator").text()))
  }
}
