# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Calls back in each transfer, and lets the transfer pass whatever comes of that
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

target: public(address)
payload: public(Bytes[8192])
refused: public(HashMap[address, bool])
calls: public(uint256)
entered: public(bool)


@deploy
def __init__():
    erc20.__init__(6)


@external
def setCall(target: address, payload: Bytes[8192]):
    self.target = target
    self.payload = payload


@external
def setRefused(receiver: address, refused: bool):
    """
    @notice Transfers to this receiver fail.
    """
    self.refused[receiver] = refused


@external
def transfer(receiver: address, amount: uint256) -> bool:
    assert not self.refused[receiver], "token: refused"
    self._call_back()
    erc20.move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    erc20.spend(sender, msg.sender, amount)
    self._call_back()
    erc20.move(sender, receiver, amount)
    return True


@internal
def _call_back():
    """
    @notice `entered` tells whether any call back was let in.
    """
    if self.target == empty(address):
        return
    self.calls += 1
    if raw_call(self.target, self.payload, revert_on_failure=False):
        self.entered = True
