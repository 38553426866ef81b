"""The chain is a real one: another py-evm imports its blocks, and its roots and hashes can be computed again."""

import random

import pytest
import rlp as pyrlp
from devchain import ETHER, DevChain
from devchain_support import ALICE, BOB, Probe, Wallet, bloom, rlp, trie_root, unhex
from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.blocks import PragueBlock
from eth_keys.backends import get_backend_class
from eth_utils import keccak

HEADER = (
    "parentHash sha3Uncles miner stateRoot transactionsRoot receiptsRoot logsBloom difficulty number gasLimit gasUsed "
    "timestamp extraData mixHash nonce baseFeePerGas withdrawalsRoot blobGasUsed excessBlobGas parentBeaconBlockRoot "
    "requestsHash"
).split()
"""The header's members in the order of its RLP."""
NUMBERS = "difficulty number gasLimit gasUsed timestamp baseFeePerGas blobGasUsed excessBlobGas".split()


@pytest.fixture
def busy(chain: DevChain, alice: Wallet, bob: Wallet, probe: Probe) -> list[str]:
    """A chain of transfers, calls, creations, failures, full and empty blocks, and reorganisations.

    Returns the hashes of all blocks ever made, parents first.
    """
    chance = random.Random(20)
    made: list[str] = [chain.request("eth_getBlockByNumber", "0x1")["hash"]]

    def note(*hashes: str) -> None:
        made.extend(each for each in hashes if each not in made)

    def act() -> None:
        deed = chance.randrange(7)
        if deed == 0:
            alice.send(value=chance.randrange(1, 10**18))
        elif deed == 1:
            bob.send(gasPrice=chance.randrange(2, 5) * 10**9)
        elif deed == 2:
            probe.send("look(uint256)", chance.randrange(100))
        elif deed == 3:
            probe.send("complain(string)", "no", gas=100_000)
        elif deed == 4:
            probe.send(chance.choice(("fill(uint256)", "clear(uint256)")), chance.randrange(20))
        elif deed == 5:
            probe.send("many(uint256)", chance.randrange(20))
        else:
            bob.send(
                type=1, gasPrice=2 * 10**9, gas=100_000, accessList=[{"address": probe.address, "storageKeys": []}]
            )

    for _ in range(25):
        chain.request("devchain_setAutomine", False)
        for _ in range(chance.randrange(6)):
            act()
        chain.request("devchain_advanceTime", chance.randrange(100))
        note(*chain.request("devchain_mine", chance.randrange(1, 3)))
        if chance.random() < 0.4:
            head = int(chain.request("eth_blockNumber"), 16)
            done = chain.request(
                "devchain_reorganise", chance.randrange(1, min(6, head - 1)), {"requeue": chance.random() < 0.5}
            )
            note(*done["blocks"])
    return made


def test_every_block_imports_into_a_second_chain(chain: DevChain, busy: list[str]) -> None:
    accounts = {
        unhex(each.address): {"balance": 100 * ETHER, "nonce": 0, "code": b"", "storage": {}} for each in (ALICE, BOB)
    }
    genesis = chain.request("eth_getBlockByNumber", "0x0")
    other = MiningChain.configure("Other", vm_configuration=((0, PragueVM),), chain_id=31337).from_genesis(
        AtomicDB(),
        {
            "timestamp": int(genesis["timestamp"], 16),
            "gas_limit": int(genesis["gasLimit"], 16),
            "base_fee_per_gas": int(genesis["baseFeePerGas"], 16),
            "coinbase": unhex(genesis["miner"]),
            "extra_data": unhex(genesis["extraData"]),
        },
        accounts,
    )
    assert other.get_canonical_head().hash == unhex(genesis["hash"])
    abandoned = 0
    for block_hash in busy:
        raw = unhex(chain.request("debug_getRawBlock", {"blockHash": block_hash}))
        imported = other.import_block(pyrlp.decode(raw, PragueBlock)).imported_block
        assert imported.hash == unhex(block_hash)
        assert imported.header.state_root == unhex(chain.request("eth_getBlockByHash", block_hash)["stateRoot"])
        number = hex(imported.number)
        abandoned += chain.request("eth_getBlockByNumber", number)["hash"] != block_hash
    head = chain.request("eth_getBlockByNumber", "latest")
    assert other.get_canonical_head().hash == unhex(head["hash"])
    state = other.get_vm(other.get_canonical_head()).state
    for each in (ALICE, BOB):
        assert state.get_balance(unhex(each.address)) == int(chain.request("eth_getBalance", each.address), 16)
        assert state.get_nonce(unhex(each.address)) == int(chain.request("eth_getTransactionCount", each.address), 16)
    assert abandoned > 10 and len(busy) - abandoned > 20


def test_hashes_and_roots_can_be_computed_from_what_the_endpoint_says(chain: DevChain, busy: list[str]) -> None:
    seen_logs = 0
    for block_hash in busy:
        block = chain.request("eth_getBlockByHash", block_hash, True)
        header = [int(block[name], 16) if name in NUMBERS else unhex(block[name]) for name in HEADER]
        assert keccak(rlp(header)) == unhex(block_hash)

        receipts = chain.request("eth_getBlockReceipts", {"blockHash": block_hash})
        assert trie_root([encoded_receipt(each) for each in receipts]) == unhex(block["receiptsRoot"])
        raws = [encoded_transaction(each) for each in block["transactions"]]
        assert trie_root(raws) == unhex(block["transactionsRoot"])
        assert [keccak(raw) for raw in raws] == [unhex(each["hash"]) for each in block["transactions"]]

        logs = [log for receipt in receipts for log in receipt["logs"]]
        seen_logs += len(logs)
        assert [int(log["logIndex"], 16) for log in logs] == list(range(len(logs)))
        assert int(block["logsBloom"], 16) == bloom([unhex(item) for log in logs for item in items(log)])
        assert chain.request("eth_getLogs", {"blockHash": block_hash}) == logs
        assert sum(int(each["gasUsed"], 16) for each in receipts) == int(block["gasUsed"], 16)
        raw = unhex(chain.request("debug_getRawBlock", {"blockHash": block_hash}))
        assert int(block["size"], 16) == len(raw)
    assert seen_logs > 50


def items(log: dict) -> list[str]:
    return [log["address"], *log["topics"]]


def encoded_receipt(receipt: dict) -> bytes:
    """EIP-2718: the type's byte, then status, cumulative gas, bloom and logs."""
    logs = [
        [unhex(each["address"]), [unhex(topic) for topic in each["topics"]], unhex(each["data"])]
        for each in receipt["logs"]
    ]
    payload = rlp(
        [int(receipt["status"], 16), int(receipt["cumulativeGasUsed"], 16), unhex(receipt["logsBloom"]), logs]
    )
    return (b"" if receipt["type"] == "0x0" else bytes([int(receipt["type"], 16)])) + payload


def encoded_transaction(transaction: dict) -> bytes:
    """The signed transaction again, from its members."""

    def number(name: str) -> int:
        return int(transaction[name], 16)

    to = b"" if transaction["to"] is None else unhex(transaction["to"])
    body = [to, number("value"), unhex(transaction["input"])]
    if transaction["type"] == "0x0":
        return rlp([number("nonce"), number("gasPrice"), number("gas"), *body, number("v"), number("r"), number("s")])
    accesses = [
        [unhex(each["address"]), [unhex(key) for key in each["storageKeys"]]] for each in transaction["accessList"]
    ]
    names = ["gasPrice"] if transaction["type"] == "0x1" else ["maxPriorityFeePerGas", "maxFeePerGas"]
    fields = [number(name) for name in ["chainId", "nonce", *names, "gas"]]
    signature = [number(name) for name in ("yParity", "r", "s")]
    return bytes([number("type")]) + rlp([*fields, *body, accesses, *signature])


def test_coincurve_recovers_signatures() -> None:
    assert get_backend_class().__name__ == "CoinCurveECCBackend"
