# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Every balance grows or shrinks with one index
@license Apache-2.0
"""

UNITY: constant(uint256) = 10**18

decimals: public(constant(uint8)) = 6
allowance: public(HashMap[address, HashMap[address, uint256]])
index: public(uint256)
shares: HashMap[address, uint256]


@deploy
def __init__():
    self.index = UNITY


@external
def setIndex(index: uint256):
    self.index = index


@external
@view
def balanceOf(holder: address) -> uint256:
    return self.shares[holder] * self.index // UNITY


@external
def mint(receiver: address, amount: uint256):
    self.shares[receiver] += amount * UNITY // self.index


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transfer(receiver: address, amount: uint256) -> bool:
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(sender: address, receiver: address, amount: uint256) -> bool:
    assert self.allowance[sender][msg.sender] >= amount, "token: allowance"
    self.allowance[sender][msg.sender] -= amount
    self._move(sender, receiver, amount)
    return True


@internal
def _move(sender: address, receiver: address, amount: uint256):
    shares: uint256 = amount * UNITY // self.index
    assert self.shares[sender] >= shares, "token: balance"
    self.shares[sender] -= shares
    self.shares[receiver] += shares
