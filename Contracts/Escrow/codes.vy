# pragma version 0.4.3
"""
@title Keccak-256 of code that the contracts know by heart
@notice Written by build.py: contracts by their init code, clauses by their bytecode.
"""

DELIVERY_INIT_CODE: constant(bytes32) = (
    0x71b201cdafeb973b229cbf80b136a814f610060ba2d1196263cb75a4c90a4784
)
EXTENSION_INIT_CODE: constant(bytes32) = (
    0x800bb3015816de7a3446f8f44db979cdd7cf653ab16f4615cd9ec0d00afec830
)
EUROPEAN_CALL: constant(bytes32) = (
    0x4effd8ad2975bc1818d2a9be60f6f3d004c0f70b7ea530f73d76ca1a1b7f174a
)
EUROPEAN_PUT: constant(bytes32) = (
    0xce03cf19f15ea341b6d493b02b44577f7acd237dbaeb41bd1d164a772e080a9d
)
