"""Reorganisations: the last blocks go, a longer branch comes, and everything the endpoint says follows."""

import pytest
from devchain import DevChain, RPCError
from devchain_support import ALICE, BOB, Probe, Wallet, sign


def block(chain: DevChain, which: str = "latest") -> dict:
    return chain.request("eth_getBlockByNumber", which)


def height(chain: DevChain) -> int:
    return int(chain.request("eth_blockNumber"), 16)


def test_the_same_transactions_land_in_other_blocks(chain: DevChain, probe: Probe) -> None:
    sent = [probe.send("look(uint256)", mark) for mark in range(3)]
    before = [chain.request("eth_getTransactionReceipt", each) for each in sent]
    old_head, old_height = block(chain), height(chain)
    done = chain.request("devchain_reorganise", 3)
    after = [chain.request("eth_getTransactionReceipt", each) for each in sent]
    assert height(chain) == old_height + 1
    assert (done["oldHead"], done["newHead"]) == (old_head["hash"], block(chain)["hash"])
    for old, new in zip(before, after):
        assert old["blockNumber"] == new["blockNumber"] and old["blockHash"] != new["blockHash"]
        assert old["logs"][0]["data"] == new["logs"][0]["data"], "at the same time as before"
        assert chain.request("eth_getBlockByHash", old["blockHash"])["hash"] == old["blockHash"], "still known"
        with pytest.raises(RPCError, match="hash is not currently canonical"):
            chain.request("eth_getBalance", ALICE.address, {"blockHash": old["blockHash"], "requireCanonical": True})
    assert chain.request("eth_getLogs", {"fromBlock": "earliest"}) == [log for each in after for log in each["logs"]]
    parents = [block(chain, hex(number))["parentHash"] for number in range(1, height(chain) + 1)]
    assert parents == [block(chain, hex(number))["hash"] for number in range(height(chain))]


def test_a_dropped_transaction_leaves_no_trace(chain: DevChain, alice: Wallet, bob: Wallet) -> None:
    kept, dropped = alice.send(value=5), bob.send(value=6)
    chain.request("devchain_mine", 2)
    done = chain.request("devchain_reorganise", 4, {"drop": [dropped]})
    assert done["dropped"] == [dropped] and done["refused"] == []
    assert chain.request("eth_getTransactionReceipt", dropped) is None
    assert chain.request("eth_getTransactionByHash", dropped) is None
    assert chain.request("eth_getTransactionReceipt", kept)["status"] == "0x1"
    assert chain.request("eth_getTransactionCount", BOB.address) == "0x0"
    assert chain.request("devchain_pool") == []
    # The same bytes may come again.
    raw = chain.request("devchain_received", dropped)[0]["raw"]
    assert chain.request("eth_sendRawTransaction", raw) == dropped
    assert chain.request("eth_getTransactionReceipt", dropped)["status"] == "0x1"
    assert chain.request("devchain_received", dropped)[0]["count"] == 2


def test_a_dropped_transaction_can_go_back_to_the_pool(chain: DevChain, bob: Wallet) -> None:
    dropped = bob.send()
    chain.request("devchain_reorganise", 1, {"drop": [dropped], "requeue": True})
    assert chain.request("eth_getTransactionReceipt", dropped) is None
    assert chain.request("eth_getTransactionByHash", dropped)["blockHash"] is None
    assert [each["hash"] for each in chain.request("devchain_pool")] == [dropped]
    chain.request("devchain_mine")
    assert chain.request("eth_getTransactionReceipt", dropped)["blockNumber"] == chain.request("eth_blockNumber")


def test_order_decides_and_can_be_chosen(chain: DevChain, alice: Wallet, bob: Wallet, probe: Probe) -> None:
    bob_probe = Probe.__new__(Probe)
    bob_probe.chain, bob_probe.wallet, bob_probe.address = chain, bob, probe.address
    chain.request("devchain_hold")
    first, second = probe.send("look(uint256)", 1), bob_probe.send("look(uint256)", 2)
    chain.request("devchain_release")
    assert block(chain)["transactions"] == [first, second]
    chain.request("devchain_reorganise", 1, {"blocks": [[second], [first]], "timestamps": [1_800_000_000, None]})
    receipts = [chain.request("eth_getTransactionReceipt", each) for each in (second, first)]
    assert int(receipts[1]["blockNumber"], 16) == int(receipts[0]["blockNumber"], 16) + 1
    assert probe.read("marks(uint256)", 2) == 1_800_000_000
    assert probe.read("marks(uint256)", 1) == 1_800_000_001


def test_a_transaction_can_change_its_fate(chain: DevChain, alice: Wallet, bob: Wallet) -> None:
    """What succeeded reverts on the new branch, where its contract was never made."""
    deployment = Probe(alice)
    bob.chain.request("devchain_mine")
    called = bob.send(to=deployment.address, value=0, gas=100_000, data=bytes.fromhex("deadbeef"))
    assert chain.request("eth_getTransactionReceipt", called)["status"] == "0x0"
    creation = block(chain, "0x1")["transactions"][0]
    chain.request("devchain_reorganise", height(chain), {"drop": [creation]})
    assert chain.request("eth_getTransactionReceipt", called)["status"] == "0x1"
    assert chain.request("eth_getCode", deployment.address) == "0x"


def test_what_cannot_follow_is_refused_and_said(chain: DevChain, alice: Wallet) -> None:
    first, second = alice.send(), alice.send()
    done = chain.request("devchain_reorganise", 2, {"drop": [first]})
    assert done["dropped"] == [first, second]
    (refused,) = done["refused"]
    assert refused["hash"] == second and "nonce" in refused["reason"]
    assert chain.request("eth_getTransactionCount", ALICE.address) == "0x0"


def test_contents_may_be_new(chain: DevChain, alice: Wallet) -> None:
    old = alice.send(value=1)
    raw = sign(ALICE, nonce=0, value=2)
    done = chain.request("devchain_reorganise", 1, {"blocks": [[], [raw]], "length": 5})
    assert len(done["blocks"]) == 5 and done["dropped"] == [old]
    assert len(block(chain, hex(height(chain) - 3))["transactions"]) == 1
    assert chain.request("eth_getTransactionCount", ALICE.address) == "0x1"


def test_what_the_new_branch_overtakes_waits_no_longer(chain: DevChain, alice: Wallet) -> None:
    chain.request("devchain_mine")
    chain.request("devchain_hold")
    waiting = alice.send(value=1)
    chain.request("devchain_reorganise", 1, {"blocks": [[sign(ALICE, nonce=0, value=2)]]})
    assert chain.request("eth_getTransactionByHash", waiting) is None
    assert chain.request("devchain_pool") == []


def test_tags_follow_the_new_branch(chain: DevChain) -> None:
    chain.request("devchain_mine", 12)
    safe, final = block(chain, "safe"), block(chain, "finalized")
    assert (int(safe["number"], 16), int(final["number"], 16)) == (8, 4)
    chain.request("devchain_reorganise", 6)
    assert (block(chain, "safe")["number"], block(chain, "finalized")["number"]) == ("0x9", "0x5")
    assert block(chain, hex(8))["hash"] != safe["hash"]
    assert block(chain, hex(4))["hash"] == final["hash"]
    assert chain.request("eth_getBlockByHash", safe["hash"])["hash"] == safe["hash"]


@pytest.mark.parametrize(
    ("depth", "options", "message"),
    [
        (0, {}, "depth 0: between 1 and 3 blocks can be removed"),
        (4, {}, "depth 4: between 1 and 3 blocks can be removed"),
        (2, {"length": 2}, "2 blocks cannot replace 2: a branch must be longer to win"),
        (1, {"blocks": [["0x" + "ab" * 32], []]}, f"transaction 0x{'ab' * 32} is not known"),
        (1, {"drop": ["0x" + "ab" * 32]}, f"transaction 0x{'ab' * 32} is not in those blocks"),
        (1, {"timestamps": [None, 1, None], "length": 3}, "timestamp 1 is not after the parent's, 1700000003"),
        (1, {"timestamps": [1]}, "timestamp 1 is not after the parent's, 1700000002"),
        (1, {"depth": 1}, "unknown option depth; there are blocks, drop, timestamps, length, requeue"),
    ],
)
def test_bad_requests_change_nothing(chain: DevChain, depth: int, options: dict, message: str) -> None:
    chain.request("devchain_mine", 3)
    head = block(chain)
    with pytest.raises(RPCError) as refusal:
        chain.request("devchain_reorganise", depth, options)
    assert refusal.value.message == message
    assert block(chain) == head
