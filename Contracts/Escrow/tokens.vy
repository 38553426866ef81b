# pragma version 0.4.3
"""
@title Moving ERC-20 tokens that may misbehave
@notice A transfer succeeded when the token has code, the call did not fail, and it returned nothing or
        one 32-byte true. What arrived is measured where the escrow takes money in.
"""

from ethereum.ercs import IERC20

# Gas given to one payout, and what must be left before it: an inner call gets at most 63/64 of the gas
# left (EIP-150), 200,000 * 64 / 63 = 203,175, and the rest covers encoding and the call itself. A caller
# can therefore not make an honest token's payout fail by bringing too little gas.
PAYOUT_GAS: constant(uint256) = 200_000
PAYOUT_GAS_LEFT: constant(uint256) = 210_000

# Gas for one permit.
PERMIT_GAS: constant(uint256) = 200_000


struct Permit:
    deadline: uint256
    v: uint8
    r: bytes32
    s: bytes32
    value: uint256


@internal
def pull(
    token: address,
    payer: address,
    receiver: address,
    amount: uint256,
    refused: String[40],
    short: String[40],
):
    """
    @notice Moves exactly `amount` from payer to receiver out of the payer's allowance, or reverts.
    @param refused Reason when the token refuses
    @param short Reason when another amount arrives than was asked
    """
    if amount == 0:
        return
    before: uint256 = staticcall IERC20(token).balanceOf(receiver)
    success: bool = False
    reply: Bytes[64] = b""
    success, reply = raw_call(
        token,
        abi_encode(
            payer, receiver, amount, method_id=method_id("transferFrom(address,address,uint256)")
        ),
        max_outsize=64,
        revert_on_failure=False,
    )
    assert success and self._is_consent(token, reply), refused
    after: uint256 = staticcall IERC20(token).balanceOf(receiver)
    assert after >= before and after - before == amount, short


@internal
def permit(token: address, owner: address, spender: address, permit: Permit):
    """
    @notice EIP-2612. Whether it worked shows when the allowance is used: somebody else may have sent it
            before, and then it fails here and the allowance is there. A value of zero is no permit.
    """
    if permit.value == 0:
        return
    success: bool = raw_call(
        token,
        abi_encode(
            owner,
            spender,
            permit.value,
            permit.deadline,
            permit.v,
            permit.r,
            permit.s,
            method_id=method_id(
                "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
            ),
        ),
        gas=PERMIT_GAS,
        revert_on_failure=False,
    )


@internal
def push(token: address, receiver: address, amount: uint256) -> bool:
    """
    @notice Sends tokens from here with all gas left.
    @return Whether the transfer succeeded
    """
    success: bool = False
    reply: Bytes[64] = b""
    success, reply = raw_call(
        token,
        abi_encode(receiver, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=64,
        revert_on_failure=False,
    )
    return success and self._is_consent(token, reply)


@internal
def push_capped(token: address, receiver: address, amount: uint256) -> bool:
    """
    @notice Sends tokens from here with `PAYOUT_GAS`; reverts when the caller left too little for that.
    @return Whether the transfer succeeded
    """
    assert msg.gas >= PAYOUT_GAS_LEFT, "payout: gas too low"
    success: bool = False
    reply: Bytes[64] = b""
    success, reply = raw_call(
        token,
        abi_encode(receiver, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=64,
        gas=PAYOUT_GAS,
        revert_on_failure=False,
    )
    return success and self._is_consent(token, reply)


@internal
@view
def _is_consent(token: address, reply: Bytes[64]) -> bool:
    if len(reply) == 0:
        return token.codesize > 0
    return len(reply) == 32 and convert(extract32(reply, 0), uint256) == 1
