# pragma version 0.4.3
# pragma evm-version cancun
"""
@title Answers isValidSignature as it is told
@license Apache-2.0
"""

answer: Bytes[128]
reverts: bool
burns: bool


@external
def setAnswer(answer: Bytes[128], reverts: bool, burns: bool):
    self.answer = answer
    self.reverts = reverts
    self.burns = burns


@external
def allow(token: address, spender: address, amount: uint256):
    """
    @notice Anybody makes it approve: it is worth nothing.
    """
    raw_call(token, abi_encode(spender, amount, method_id=method_id("approve(address,uint256)")))


@external
@view
@raw_return
def isValidSignature(hash: bytes32, signature: Bytes[1024]) -> Bytes[128]:
    assert not self.reverts, "wallet: no"
    if self.burns:
        for i: uint256 in range(1_000_000):
            if msg.gas < 2_000:
                break
    return self.answer
