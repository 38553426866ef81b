# pragma version 0.4.3
"""
@title Keccak-256 of code that the contracts know by heart
@notice Written by build.py: clauses by their bytecode, parts of a vault's code by their init code.
"""

EUROPEAN_CALL: constant(bytes32) = (
    0x4effd8ad2975bc1818d2a9be60f6f3d004c0f70b7ea530f73d76ca1a1b7f174a
)
EUROPEAN_PUT: constant(bytes32) = (
    0xce03cf19f15ea341b6d493b02b44577f7acd237dbaeb41bd1d164a772e080a9d
)
DELIVERY_INIT_CODE: constant(bytes32) = (
    0x71b201cdafeb973b229cbf80b136a814f610060ba2d1196263cb75a4c90a4784
)
CHANGES_INIT_CODE: constant(bytes32) = (
    0x21d9c9922d1a01e14e9b12f2f2b97b5915762ec01975761aef9b8c10f6224fc2
)
PANELS_INIT_CODE: constant(bytes32) = (
    0xe8560908efc561ccbdbe7bbd7a0b69f674a19971918549437e95ee32609f58b0
)
