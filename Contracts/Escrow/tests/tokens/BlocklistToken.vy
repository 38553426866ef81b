# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Refuses to pay whom it blocks
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

blocked: public(HashMap[address, bool])


@deploy
def __init__():
    erc20.__init__(6)


@external
def setBlocked(holder: address, blocked: bool):
    self.blocked[holder] = blocked


@external
def transfer(receiver: address, amount: uint256) -> bool:
    assert not self.blocked[receiver], "token: blocked"
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    assert not self.blocked[receiver], "token: blocked"
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return True
