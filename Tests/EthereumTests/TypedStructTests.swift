import Arithmetic
import Ethereum
import Testing

/// The example of EIP-712 itself, with every intermediate value that its text gives.
@Suite struct TypedStructTests {
  let domain: TypedDomain
  let mail: TypedStruct

  init() throws {
    func person(_ name: String, _ wallet: String) throws -> TypedStruct {
      TypedStruct(
        name: "Person",
        members: [
          .init("name", "string", .string(name)),
          .init("wallet", "address", .address(try Address(hex: wallet))),
        ])
    }
    domain = TypedDomain(
      name: "Ether Mail", version: "1", chainID: 1,
      verifyingContract: try Address(hex: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"))
    mail = TypedStruct(
      name: "Mail",
      members: [
        .init("from", "Person", .structure(try person("Cow", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"))),
        .init("to", "Person", .structure(try person("Bob", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"))),
        .init("contents", "string", .string("Hello, Bob!")),
      ])
  }

  @Test func `the type string lists referenced structs after the primary one`() {
    #expect(mail.typeString == "Mail(Person from,Person to,string contents)Person(string name,address wallet)")
    #expect(mail.typeHash.hex == "0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2")
  }

  @Test func `the hashes are those of the EIP`() {
    #expect(domain.separator.hex == "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
    #expect(mail.structHash.hex == "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
    #expect(mail.digest(in: domain).hex == "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
  }

  @Test func `two spellings of one letter are different text`() {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    #expect(composed == decomposed, "Swift's own comparison")
    #expect(TypedValue.string(composed) != .string(decomposed))
    #expect(ABIValue.string(composed) != .string(decomposed))
  }

  @Test func `a value that does not fit its declared type traps`() async {
    await #expect(processExitsWith: .failure) { _ = TypedStruct.Member("n", "uint8", .uint(256)) }
    await #expect(processExitsWith: .failure) { _ = TypedStruct.Member("n", "address", .bool(true)) }
    await #expect(processExitsWith: .failure) { _ = TypedStruct.Member("n", "uint8[2]", .array([.uint(1)])) }
    await #expect(processExitsWith: .success) { _ = TypedStruct.Member("n", "uint8[1]", .array([.uint(255)])) }
  }
}
