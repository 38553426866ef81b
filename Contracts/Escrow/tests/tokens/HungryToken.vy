# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Burns gas in each transfer
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

burns: public(uint256)


@deploy
def __init__():
    erc20.__init__(6)


@external
def setBurns(burns: uint256):
    self.burns = burns


@external
def transfer(receiver: address, amount: uint256) -> bool:
    self._burn()
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return True


@internal
@view
def _burn():
    start: uint256 = msg.gas
    burns: uint256 = self.burns
    for i: uint256 in range(1_000_000):
        if start - msg.gas >= burns:
            break
