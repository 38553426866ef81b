"""Fees follow EIP-1559, and the history of fees says so."""

import pytest
from devchain import GWEI, DevChain, RPCError
from devchain_support import ALICE, BOB, BURN, Wallet, sign


def next_base_fee(block: dict) -> int:
    """EIP-1559, written out."""
    fee, used, target = (int(block["baseFeePerGas"], 16), int(block["gasUsed"], 16), int(block["gasLimit"], 16) // 2)
    if used > target:
        return fee + max(fee * (used - target) // target // 8, 1)
    return fee - fee * (target - used) // target // 8


def test_base_fees_rise_and_fall(chain: DevChain, alice: Wallet) -> None:
    for full in (True, True, False, True, False, False):
        if full:
            alice.send(to=None, value=0, gas=29_000_000, data=BURN)
        else:
            chain.request("devchain_mine")
    blocks = [chain.request("eth_getBlockByNumber", hex(number)) for number in range(7)]
    fees = [int(block["baseFeePerGas"], 16) for block in blocks]
    assert fees[1:] == [next_base_fee(block) for block in blocks[:-1]]
    assert fees[2] > fees[1] and fees[4] < fees[3]
    history = chain.request("eth_feeHistory", 7, "latest")
    assert [int(fee, 16) for fee in history["baseFeePerGas"]] == [*fees, next_base_fee(blocks[-1])]
    assert history["gasUsedRatio"] == [int(block["gasUsed"], 16) / 30_000_000 for block in blocks]
    assert history["oldestBlock"] == "0x0" and "reward" not in history
    assert int(chain.request("eth_gasPrice"), 16) == next_base_fee(blocks[-1]) + GWEI


def test_rewards_are_weighted_by_gas(chain: DevChain) -> None:
    chain.request("devchain_hold")
    for account, tip, data in ((ALICE, 3, b""), (BOB, 2, b"\x01" * 1000)):
        raw = sign(account, maxPriorityFeePerGas=tip * GWEI, gas=100_000, data=data)
        chain.request("eth_sendRawTransaction", raw)
    chain.request("devchain_mine", 2)
    # Bob's 61,000 of 82,000 gas come first, because his tip is lower: three quarters of the block.
    history = chain.request("eth_feeHistory", "0x2", "latest", [0, 50, 74, 75, 100])
    assert [[int(each, 16) // GWEI for each in row] for row in history["reward"]] == [[2, 2, 2, 3, 3], [0] * 5]


def test_a_percentile_on_the_border_is_the_lower_tip_s(chain: DevChain) -> None:
    chain.request("devchain_hold")
    for account, tip in ((ALICE, 3), (BOB, 2)):
        chain.request("eth_sendRawTransaction", sign(account, maxPriorityFeePerGas=tip))
    chain.request("devchain_mine")
    assert chain.request("eth_feeHistory", 1, "latest", [50, 51])["reward"] == [["0x2", "0x3"]]


def test_fees_go_where_they_belong(chain: DevChain, alice: Wallet) -> None:
    before = int(chain.request("eth_getBalance", ALICE.address), 16)
    receipt = alice.receipt(value=0, maxPriorityFeePerGas=5)
    block = chain.request("eth_getBlockByNumber", "latest")
    assert int(receipt["effectiveGasPrice"], 16) == int(block["baseFeePerGas"], 16) + 5
    assert int(chain.request("eth_getBalance", block["miner"]), 16) == 21_000 * 5
    paid = 21_000 * int(receipt["effectiveGasPrice"], 16)
    assert before - int(chain.request("eth_getBalance", ALICE.address), 16) == paid


@pytest.mark.parametrize("percentiles", [[-1], [101], [50, 40], ["50"]])
def test_bad_percentiles(chain: DevChain, percentiles: list) -> None:
    with pytest.raises(RPCError, match="^invalid reward percentile"):
        chain.request("eth_feeHistory", 1, "latest", percentiles)


def test_history_beyond_the_head(chain: DevChain) -> None:
    with pytest.raises(RPCError, match="^request beyond head block: requested 5, head 0$"):
        chain.request("eth_feeHistory", 1, "0x5")
    assert chain.request("eth_feeHistory", 99, "latest")["oldestBlock"] == "0x0"
