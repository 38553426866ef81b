# pragma version 0.4.3
"""
@title An escrow of another version
@notice It answers what a service and a dry run ask of an escrow before anything is opened, and names other rules, one of
        them this version's.
"""

vaultRule: public(immutable(bytes32))
deliveryRule: public(constant(bytes32)) = keccak256("another delivery rule")
priceRule: public(constant(bytes32)) = keccak256("another price rule")
ladderRule: public(constant(bytes32)) = keccak256("another ladder rule")
rulingRule: public(constant(bytes32)) = keccak256("another ruling rule")
# It has no evidenceRule.

epochOf: public(HashMap[address, uint64])
isCancelled: public(HashMap[bytes32, HashMap[address, bool]])


@deploy
def __init__(same: bytes32):
    vaultRule = same
