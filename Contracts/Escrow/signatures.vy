# pragma version 0.4.3
"""
@title Signatures over digests
@notice Keys: secp256k1 in two forms, 65 bytes r, s, v (27 or 28) and 64 bytes r, vs (EIP-2098), low s only
        (EIP-2). Accounts with code: the same by their own key (EIP-7702), else whatever they accept
        (ERC-1271). Nothing is ever keyed on signature bytes, so all forms of one signature are one act.
"""

# Above the two forms' lengths on purpose: another length is refused by name, not by the decoder, and a
# wallet of fifteen owners fits.
SIGNATURE_MAX: constant(uint256) = 1024  # bytes

# Half of the secp256k1 group order, rounded down.
S_MAX: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# Gas for one wallet's answer: enough for an elliptic curve computed in its code. A carrier who brings
# too little is refused; nobody else is charged.
WALLET_GAS: constant(uint256) = 500_000
# isValidSignature's answer to a signature that it accepts: its own selector, in a word.
ACCEPTED: constant(bytes32) = (
    0x1626ba7e00000000000000000000000000000000000000000000000000000000
)


@internal
@view
def is_signed_by(signer: address, digest: bytes32, signature: Bytes[SIGNATURE_MAX]) -> bool:
    """
    @notice The one question every caller asks. A signature that no key can have made reverts by name
            where the signer has no code.
    """
    recovered: address = empty(address)
    fault: uint256 = 0
    recovered, fault = self._try_recover(digest, signature)
    if recovered == signer and fault == 0:
        return True
    if signer.codesize == 0:
        self._refuse(fault)
        return False
    success: bool = False
    reply: Bytes[64] = b""
    success, reply = raw_call(
        signer,
        abi_encode(digest, signature, method_id=method_id("isValidSignature(bytes32,bytes)")),
        max_outsize=64,
        gas=WALLET_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(reply) == 32 and extract32(reply, 0) == ACCEPTED


@internal
@pure
def recover(digest: bytes32, signature: Bytes[SIGNATURE_MAX]) -> address:
    """
    @return The signing key's address, never zero
    """
    signer: address = empty(address)
    fault: uint256 = 0
    signer, fault = self._try_recover(digest, signature)
    self._refuse(fault)
    return signer


@internal
@pure
def _refuse(fault: uint256):
    assert fault != 1, "signature: length"
    assert fault != 2, "signature: v"
    assert fault != 3, "signature: high s"
    assert fault != 4, "signature: no signer"


@internal
@pure
def _try_recover(digest: bytes32, signature: Bytes[SIGNATURE_MAX]) -> (address, uint256):
    """
    @return The signer's address and 0, or the number of what is wrong with the form
    """
    if len(signature) != 65 and len(signature) != 64:
        return empty(address), 1
    r: uint256 = convert(extract32(signature, 0), uint256)
    s: uint256 = convert(extract32(signature, 32), uint256)
    v: uint256 = 0
    if len(signature) == 65:
        v = convert(slice(signature, 64, 1), uint256)
        if v != 27 and v != 28:
            return empty(address), 2
    else:
        v = 27 + (s >> 255)
        s = s & ((1 << 255) - 1)
    if s > S_MAX:
        return empty(address), 3
    signer: address = ecrecover(digest, v, r, s)
    if signer == empty(address):
        return empty(address), 4
    return signer, 0
