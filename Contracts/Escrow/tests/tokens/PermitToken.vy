# pragma version 0.4.3
# pragma evm-version cancun
"""
@title A plain token whose holders allow by signature (EIP-2612)
@license Apache-2.0
"""

from . import erc20

initializes: erc20
exports: (
    erc20.decimals,
    erc20.totalSupply,
    erc20.balanceOf,
    erc20.allowance,
    erc20.mint,
    erc20.approve,
)

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)

NAME: constant(String[12]) = "Permit Token"
VERSION: constant(String[1]) = "1"

nonces: public(HashMap[address, uint256])
# Whether it tells its domain, as few tokens do.
tells: public(bool)


@deploy
def __init__():
    erc20.__init__(6)


@external
def transfer(receiver: address, amount: uint256) -> bool:
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return True


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    return self._separator()


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert block.timestamp <= deadline, "token: permit expired"
    structHash: bytes32 = keccak256(
        abi_encode(PERMIT_TYPE, owner, spender, amount, self.nonces[owner], deadline)
    )
    digest: bytes32 = keccak256(concat(x"1901", self._separator(), structHash))
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address) and signer == owner, "token: permit"
    self.nonces[owner] += 1
    erc20.allowance[owner][spender] = amount
    log erc20.Approval(owner=owner, spender=spender, amount=amount)


@external
def setTells(tells: bool):
    self.tells = tells


@external
@view
def eip712Domain() -> (
    bytes1, String[12], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    assert self.tells, "token: no domain"
    return (0x0f, NAME, VERSION, chain.id, self, empty(bytes32), [])


@external
@view
def name() -> String[12]:
    return "Other Name" if self.tells else NAME


@internal
@view
def _separator() -> bytes32:
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256(NAME), keccak256(VERSION), chain.id, self)
    )
