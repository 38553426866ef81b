"""Answers have the members that the execution API's own examples have: `../shared/vectors/execution-apis`."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from devchain import GWEI, DevChain
from devchain_support import Probe, Wallet


def examples() -> dict[str, list[dict[str, Any]]]:
    """Exchanges of the examples, by method."""
    given = os.environ.get("VECTORS")
    folders = [Path(given)] if given else [parent / "shared/vectors" for parent in Path(__file__).resolve().parents]
    folder = next((each for each in folders if each.is_dir()), None)
    if folder is None:
        pytest.skip("SKIPPED: no vectors in a folder shared/vectors beside the repository")
    by_method: dict[str, list[dict[str, Any]]] = {}
    for case in json.loads((folder / "execution-apis/rpc_io.dev.json").read_text()):
        for exchange in case["exchanges"]:
            by_method.setdefault(exchange["request"]["method"], []).append(exchange)
    return by_method


def results(method: str) -> list[dict[str, Any]]:
    return [
        each["response"]["result"] for each in examples()[method] if isinstance(each["response"].get("result"), dict)
    ]


def kinds(value: Any) -> Any:
    """The shape of a value: members and their kinds; null counts as any."""
    return type(value).__name__


def test_blocks(chain: DevChain) -> None:
    (expected, *_) = [each for each in results("eth_getBlockByNumber") if "requestsHash" in each]
    answer = chain.request("eth_getBlockByNumber", "latest", False)
    assert sorted(answer) == sorted(expected)
    assert {name: kinds(value) for name, value in answer.items()} == {n: kinds(v) for n, v in expected.items()}
    for name in ("logsBloom", "nonce", "mixHash", "miner", "hash"):
        assert len(answer[name]) == len(expected[name]), name


def test_transactions(chain: DevChain, alice: Wallet) -> None:
    sent = alice.send(gasPrice=2 * GWEI)
    answer = chain.request("eth_getTransactionByHash", sent)
    legacy = [each for each in results("eth_getTransactionByHash") if each["type"] == "0x0"]
    assert sorted(answer) == sorted({*legacy[0], "chainId"}), "the example is older than replay protection"
    fee_market = alice.send()
    blob = [each for each in results("eth_getTransactionByHash") if each["type"] == "0x3"]
    expected = set(blob[0]) - {"blobVersionedHashes", "maxFeePerBlobGas"}
    assert set(chain.request("eth_getTransactionByHash", fee_market)) == expected


def test_receipts_and_logs(chain: DevChain, probe: Probe) -> None:
    expected = next(each for each in results("eth_getTransactionReceipt") if each["type"] == "0x2")
    answer = probe.transact("look(uint256)", 1)
    assert sorted(answer) == sorted(expected)
    logs = [each["response"]["result"] for each in examples()["eth_getLogs"] if each["response"].get("result")]
    assert sorted(answer["logs"][0]) == sorted(logs[0][0])


def test_fee_history(chain: DevChain) -> None:
    (expected,) = results("eth_feeHistory")
    assert sorted(chain.request("eth_feeHistory", 1, "latest", [50])) == sorted(expected)


@pytest.mark.parametrize("method", ["eth_getLogs", "eth_getStorageAt", "debug_getRawBlock"])
def test_refusals_of_parameters(chain: DevChain, method: str) -> None:
    refusals = [each for each in examples()[method] if "error" in each["response"]]
    assert refusals
    for exchange in refusals:
        with pytest.raises(Exception) as refusal:
            chain.request(method, *exchange["request"]["params"])
        assert refusal.value.body()["code"] == exchange["response"]["error"]["code"]
        assert exchange["response"]["error"]["message"] in refusal.value.body()["message"]
