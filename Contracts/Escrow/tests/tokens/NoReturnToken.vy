# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Answers nothing, as some old tokens do
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


@deploy
def __init__():
    erc20.__init__(6)


@external
def transfer(receiver: address, amount: uint256):
    erc20.move(msg.sender, receiver, amount)


@external
def transferFrom(sender: address, receiver: address, amount: uint256):
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
