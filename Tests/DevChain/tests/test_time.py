"""Time belongs to the test, and the EVM sees what the header says."""

import time

import pytest
from devchain import DevChain, RPCError
from devchain_support import Probe, funded


def timestamp(chain: DevChain, block: object = "latest") -> int:
    return int(chain.request("eth_getBlockByNumber", block)["timestamp"], 16)


def test_the_evm_sees_the_header(chain: DevChain, probe: Probe) -> None:
    for mark, seconds in enumerate((0, 1, 3600, 86_400)):
        chain.request("devchain_advanceTime", seconds)
        receipt = probe.transact("look(uint256)", mark)
        block = chain.request("eth_getBlockByNumber", receipt["blockNumber"])
        assert probe.read("marks(uint256)", mark) == int(block["timestamp"], 16)
        assert probe.read("number()") == int(block["number"], 16)
        assert probe.read("fee()") == int(block["baseFeePerGas"], 16)
        assert int(receipt["logs"][0]["data"], 16) == int(block["timestamp"], 16)


def test_time_stands_still_but_blocks_are_a_second_apart(chain: DevChain) -> None:
    start = timestamp(chain)
    chain.request("devchain_mine", 3)
    assert [timestamp(chain, hex(number)) - start for number in range(4)] == [0, 1, 2, 3]


def test_a_set_time_is_the_next_block_s(chain: DevChain) -> None:
    target = timestamp(chain) + 1000
    chain.request("devchain_setTime", target)
    assert timestamp(chain) == target - 1000
    assert timestamp(chain, "pending") == target
    chain.request("devchain_mine")
    assert timestamp(chain) == target
    chain.request("devchain_mine", 1, {"timestamp": target + 7})
    assert timestamp(chain) == target + 7


def test_time_does_not_go_back(chain: DevChain) -> None:
    now = timestamp(chain)
    with pytest.raises(RPCError, match=f"time {now - 1} is before the head's, {now}"):
        chain.request("devchain_setTime", now - 1)
    with pytest.raises(RPCError, match=f"timestamp {now} is not after the head's, {now}"):
        chain.request("devchain_mine", 1, {"timestamp": now})


def test_calls_stand_in_the_block_they_name(chain: DevChain, probe: Probe) -> None:
    chain.request("devchain_mine", 3)
    head = int(chain.request("eth_blockNumber"), 16)
    chain.request("devchain_advanceTime", 500)
    for number in (1, 2, head):
        assert probe.read("now()", block=hex(number)) == timestamp(chain, hex(number))
        assert probe.read("height()", block=hex(number)) == number
    assert probe.read("now()") == timestamp(chain)
    assert probe.read("now()", block="pending") == timestamp(chain) + 500
    assert probe.read("height()", block="pending") == head + 1
    parent = chain.request("eth_getBlockByNumber", hex(head - 1))["hash"]
    assert probe.read("ancestor(uint256)", head - 1) == int(parent, 16)


def test_the_wall_clock_runs_only_if_asked(chain: DevChain) -> None:
    before = int(time.time())
    following = funded(wall_clock=True, genesis_time=before)
    assert before <= int(following.request("devchain_time"), 16) <= int(time.time())
    following.request("devchain_advanceTime", 10_000)
    assert 10_000 <= int(following.request("devchain_time"), 16) - before <= 10_000 + int(time.time()) - before
    assert chain.request("devchain_time") == hex(1_700_000_000)
