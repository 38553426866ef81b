import Ethereum
import Peers

/// The same message laid out for the peer: words, and texts that are hashed in place of their word.
@safe final class PeerDocument: @unchecked Sendable {
  private let type: [UInt8]
  private let members: UnsafeMutableBufferPointer<peer_member>
  private let storage: [UnsafeMutableBufferPointer<UInt8>]

  init(_ message: TypedStruct) {
    type = Array(message.typeString.utf8)
    unsafe members = .allocate(capacity: message.members.count)
    var storage = unsafe [UnsafeMutableBufferPointer<UInt8>]()
    for (index, member) in message.members.enumerated() {
      var peer = unsafe peer_member()
      var word = [UInt8](repeating: 0, count: 32)
      switch member.value {
      case .uint(let value): word = Digest(value).bytes
      case .address(let address): word.replaceSubrange(12..., with: address.bytes)
      case .bytes32(let digest): word = digest.bytes
      case .bool(let flag): word[31] = flag ? 1 : 0
      case .string(let text):
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = unsafe copy.initialize(from: text.utf8)
        unsafe storage.append(copy)
        unsafe peer.text = UnsafePointer(copy.baseAddress)
        unsafe peer.text_count = copy.count
      default: preconditionFailure("the document has no other members")
      }
      unsafe withUnsafeMutableBytes(of: &peer.word) { unsafe $0.copyBytes(from: word) }
      unsafe members.initializeElement(at: index, to: peer)
    }
    unsafe self.storage = storage
  }

  /// The digest, computed so many times.
  func digest(_ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 32)
    var chain = [UInt8](repeating: 0, count: 32)
    chain[31] = 1
    let contract = [UInt8](repeating: 0, count: 12) + Document.contract.bytes
    unsafe peer_digest_loop(
      "Tallystick", "1", chain, contract, type, type.count, members.baseAddress, members.count, &result, Int32(count))
    return result
  }

  deinit {
    unsafe storage.forEach { unsafe $0.deallocate() }
    unsafe members.deallocate()
  }
}
