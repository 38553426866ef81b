# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Answers false instead of reverting, from the moment it is told to
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

refuses: public(bool)


@deploy
def __init__():
    erc20.__init__(6)


@external
def setRefuses(refuses: bool):
    self.refuses = refuses


@external
def transfer(receiver: address, amount: uint256) -> bool:
    if self.refuses:
        return False
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    if self.refuses:
        return False
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return True
