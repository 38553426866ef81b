# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Sends back at once what it pays to some, as an ERC-777 receiver's hook can
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

sendsBack: public(HashMap[address, bool])


@deploy
def __init__():
    erc20.__init__(6)


@external
def setSendsBack(holder: address, sendsBack: bool):
    self.sendsBack[holder] = sendsBack


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
    erc20.move(sender, receiver, amount)
    if self.sendsBack[receiver]:
        erc20.move(receiver, sender, amount)
