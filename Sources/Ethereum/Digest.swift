/// A Keccak-256 digest, or any other word of 32 bytes.
public typealias Digest = FixedBytes<32>
