# pragma version 0.4.3
"""
@title Signatures over digests
@notice secp256k1 in two forms: 65 bytes r, s, v (27 or 28) and 64 bytes r, vs (EIP-2098). Low s only
        (EIP-2). Nothing is ever keyed on signature bytes, so both forms of one signature are one act.
"""

# Above the two forms' lengths on purpose: another length is refused by name, not by the decoder.
SIGNATURE_MAX: constant(uint256) = 1024  # bytes

# Half of the secp256k1 group order, rounded down.
S_MAX: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)


@internal
@view
def is_signed_by(signer: address, digest: bytes32, signature: Bytes[SIGNATURE_MAX]) -> bool:
    """
    @notice The one question every caller asks. Contract wallets (ERC-1271) would be asked here, where
            the recovered address is not the signer's and the signer has code.
    """
    return self._recover(digest, signature) == signer


@internal
@pure
def _recover(digest: bytes32, signature: Bytes[SIGNATURE_MAX]) -> address:
    """
    @return The signer's address, never zero
    """
    assert len(signature) == 65 or len(signature) == 64, "signature: length"
    r: uint256 = convert(extract32(signature, 0), uint256)
    s: uint256 = convert(extract32(signature, 32), uint256)
    v: uint256 = 0
    if len(signature) == 65:
        v = convert(slice(signature, 64, 1), uint256)
        assert v == 27 or v == 28, "signature: v"
    else:
        v = 27 + (s >> 255)
        s = s & ((1 << 255) - 1)
    assert s <= S_MAX, "signature: high s"
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address), "signature: no signer"
    return signer
