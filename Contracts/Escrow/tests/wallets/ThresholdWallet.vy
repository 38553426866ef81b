# pragma version 0.4.3
# pragma evm-version cancun
"""
@title A wallet of several owners
@license Apache-2.0
@notice Enough of them sign together, in ascending order, 65 bytes each, one after another. What they sign
        is bound to this wallet: a message (ERC-1271) or an execution.
"""

OWNERS_MAX: constant(uint256) = 15

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(uint256 chainId,address verifyingContract)"
)
MESSAGE_TYPE: constant(bytes32) = keccak256("SafeMessage(bytes message)")
EXECUTION_TYPE: constant(bytes32) = keccak256("Execution(address to,bytes data,uint256 nonce)")

isOwner: public(HashMap[address, bool])
threshold: public(uint256)
nonce: public(uint256)


@deploy
def __init__(owners: DynArray[address, OWNERS_MAX], threshold: uint256):
    for owner: address in owners:
        self.isOwner[owner] = True
    self.threshold = threshold


@external
@view
def isValidSignature(hash: bytes32, signature: Bytes[1024]) -> bytes4:
    structHash: bytes32 = keccak256(
        abi_encode(MESSAGE_TYPE, keccak256(abi_encode(hash)))
    )
    if self._is_signed(self._digest(structHash), signature):
        return 0x1626ba7e
    return 0xffffffff


@external
def execute(to: address, data: Bytes[4096], signature: Bytes[1024]):
    structHash: bytes32 = keccak256(
        abi_encode(EXECUTION_TYPE, to, keccak256(data), self.nonce)
    )
    assert self._is_signed(self._digest(structHash), signature), "wallet: not signed"
    self.nonce += 1
    raw_call(to, data)


@internal
@view
def _digest(structHash: bytes32) -> bytes32:
    separator: bytes32 = keccak256(abi_encode(DOMAIN_TYPE, chain.id, self))
    return keccak256(concat(x"1901", separator, structHash))


@internal
@view
def _is_signed(digest: bytes32, signature: Bytes[1024]) -> bool:
    if len(signature) < 65 * self.threshold:
        return False
    last: uint256 = 0
    for i: uint256 in range(self.threshold, bound=OWNERS_MAX):
        r: uint256 = convert(extract32(signature, 65 * i), uint256)
        s: uint256 = convert(extract32(signature, 65 * i + 32), uint256)
        v: uint256 = convert(slice(signature, 65 * i + 64, 1), uint256)
        owner: address = ecrecover(digest, v, r, s)
        if convert(owner, uint256) <= last or not self.isOwner[owner]:
            return False
        last = convert(owner, uint256)
    return True
