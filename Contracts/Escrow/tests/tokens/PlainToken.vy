# pragma version 0.4.3
# pragma evm-version cancun
"""
@title A plain ERC-20 with any number of decimals
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

name: public(String[32])
symbol: public(String[16])


@deploy
def __init__(name: String[32], symbol: String[16], decimals: uint8):
    self.name = name
    self.symbol = symbol
    erc20.__init__(decimals)


@external
def transfer(receiver: address, amount: uint256) -> bool:
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return True
