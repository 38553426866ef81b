# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Keeps a part of each transfer
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

fee: public(uint256)


@deploy
def __init__():
    erc20.__init__(6)


@external
def setFee(fee: uint256):
    self.fee = fee


@external
def transfer(receiver: address, amount: uint256) -> bool:
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    erc20.spend(sender, msg.sender, amount)
    self._move(sender, receiver, amount)
    return True


@internal
def _move(sender: address, receiver: address, amount: uint256):
    erc20.move(sender, receiver, amount - self.fee)
    erc20.move(sender, self, self.fee)
