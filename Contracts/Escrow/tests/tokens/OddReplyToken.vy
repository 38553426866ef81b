# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Moves the money and answers any bytes
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

reply: Bytes[96]


@deploy
def __init__():
    erc20.__init__(6)


@external
def setReply(reply: Bytes[96]):
    self.reply = reply


@external
@raw_return
def transfer(receiver: address, amount: uint256) -> Bytes[96]:
    erc20.move(msg.sender, receiver, amount)
    return self.reply


@external
@raw_return
def transferFrom(sender: address, receiver: address, amount: uint256) -> Bytes[96]:
    erc20.spend(sender, msg.sender, amount)
    erc20.move(sender, receiver, amount)
    return self.reply
