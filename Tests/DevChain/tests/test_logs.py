"""`eth_getLogs`: filters by address, topic and block, and its limits."""

import pytest
from devchain import DevChain, Limits, RPCError
from devchain_support import ALICE, Probe, Wallet, funded
from eth_utils import keccak

SEEN = "0x" + keccak(text="Seen(address,uint256,uint256)").hex()
WHO = "0x" + ALICE.address[2:].lower().rjust(64, "0")


def mark(number: int) -> str:
    return f"0x{number:064x}"


@pytest.fixture
def probes(alice: Wallet) -> tuple[Probe, Probe]:
    """Two contracts: the first logs marks 1 to 3 in blocks 3 to 5, the second mark 3 in block 6."""
    first, second = Probe(alice), Probe(alice)
    for number in (1, 2, 3):
        first.transact("look(uint256)", number)
    second.transact("look(uint256)", 3)
    return first, second


def marks(chain: DevChain, **filter: object) -> list[int]:
    logs = chain.request("eth_getLogs", {"fromBlock": "earliest"} | filter)
    return [int(log["topics"][2], 16) for log in logs]


def test_filters(chain: DevChain, probes: tuple[Probe, Probe]) -> None:
    first, second = probes
    assert marks(chain) == [1, 2, 3, 3]
    assert marks(chain, address=first.address) == [1, 2, 3]
    assert marks(chain, address=[first.address, second.address]) == [1, 2, 3, 3]
    assert marks(chain, address=[]) == [1, 2, 3, 3]
    assert marks(chain, address="0x" + "00" * 20) == []
    assert marks(chain, topics=[SEEN]) == [1, 2, 3, 3]
    assert marks(chain, topics=[None, WHO, mark(2)]) == [2]
    assert marks(chain, topics=[SEEN, None, [mark(1), mark(3)]]) == [1, 3, 3]
    assert marks(chain, topics=[[], [], mark(3)], address=second.address) == [3]
    assert marks(chain, topics=[WHO]) == []
    assert marks(chain, topics=[SEEN, WHO, mark(1), None]) == [], "a fourth topic is asked for, and there is none"
    assert marks(chain, fromBlock="0x4", toBlock="0x5") == [2, 3]
    assert marks(chain, fromBlock="latest") == [3]
    assert marks(chain, toBlock="0xff") == [1, 2, 3, 3]
    block = chain.request("eth_getBlockByNumber", "0x4")["hash"]
    assert [log["blockHash"] for log in chain.request("eth_getLogs", {"blockHash": block})] == [block]


@pytest.mark.parametrize(
    ("filter", "code", "message"),
    [
        ({"fromBlock": "0x5", "toBlock": "0x4"}, -32000, "invalid block range params"),
        ({"blockHash": "0x" + "ab" * 32}, -32000, "unknown block"),
        ({"fromBlock": "0x0", "toBlock": "0x2710"}, -32005, "query exceeds max block range 10000"),
        ({"topics": [None] * 5}, -32602, "invalid argument 0: exceed max topics"),
        ({"topics": ["0x12"]}, -32602, "invalid argument 0: hex string has length 2, want 64 for hash"),
        (
            {"blockHash": "0x" + "ab" * 32, "fromBlock": "0x0"},
            -32602,
            "invalid argument 0: cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other",
        ),
    ],
)
def test_bad_filters(chain: DevChain, filter: dict, code: int, message: str) -> None:
    with pytest.raises(RPCError) as refusal:
        chain.request("eth_getLogs", filter)
    assert (refusal.value.code, refusal.value.message) == (code, message)


def test_too_many_results() -> None:
    chain = funded(limits=Limits(log_results=10))
    probe = Probe(Wallet(chain, ALICE))
    probe.transact("many(uint256)", 10)
    assert marks(chain) == list(range(10))
    probe.transact("look(uint256)", 1)
    with pytest.raises(RPCError, match="^query returned more than 10 results$") as refusal:
        marks(chain)
    assert refusal.value.code == -32005
