# pragma version 0.4.3
"""
@title Addresses that are known before the code is there
"""


@internal
@pure
def address_of(creator: address, salt: bytes32, initCodeHash: bytes32) -> address:
    """
    @notice EIP-1014.
    """
    derived: bytes32 = keccak256(concat(0xff, convert(creator, bytes20), salt, initCodeHash))
    return convert(convert(derived, uint256) & ((1 << 160) - 1), address)
