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
VAULT_RULE: constant(bytes32) = (
    0x0df3269ac0229df7962911da2389281c8b7d0e21eeb649ba198fc99a68f17e9f
)
DELIVERY_RULE: constant(bytes32) = (
    0x69952f6c9804b64bf2c547d252154745dd645c52ebf634d4de390d9a3d1cea63
)
PRICE_RULE: constant(bytes32) = (
    0xca863a05b978576200f38ae721fb04bd2137f89fbca7fd308cfac8c4ba55746e
)
LADDER_RULE: constant(bytes32) = (
    0xd21ed955d47ae7841ec1205ce3dd56cc1275833b1fe1ca135f4645c64acd44a3
)
EVIDENCE_RULE: constant(bytes32) = (
    0xa9f939271d64efeb494529e4c31c27d08b6b1cef7ac8b1323cfd1555162a2396
)
RULING_RULE: constant(bytes32) = (
    0xca703b6e1923d550b6a91c459274faa697e08f757589150e08f8b880cd4ecbbf
)
DELIVERY_INIT_CODE: constant(bytes32) = (
    0x08d2fe195a89c656e9cfb747d69d5de2e42377e624543a894992c5a5e5abac77
)
CHANGES_INIT_CODE: constant(bytes32) = (
    0x21d9c9922d1a01e14e9b12f2f2b97b5915762ec01975761aef9b8c10f6224fc2
)
PANELS_INIT_CODE: constant(bytes32) = (
    0xe8560908efc561ccbdbe7bbd7a0b69f674a19971918549437e95ee32609f58b0
)
