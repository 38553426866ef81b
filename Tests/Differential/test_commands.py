"""The commands over typed data, transactions, encodings, keys and receipts, against eth-account and the development chain."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

ROOT = Path(__file__).resolve().parents[2]
BINARY = ROOT / ".build/debug/tallystick"
KEY = b"\x07" * 32
ACCOUNT = Account.from_key(KEY)

sys.path.insert(0, str(ROOT / "Tests/DevChain"))
from devchain import DevChain  # noqa: E402

MAIL = {
    "types": {"Mail": [{"name": "text", "type": "string"}, {"name": "next", "type": "Mail"}]},
    "primaryType": "Mail",
    "domain": {"name": "Post", "chainId": 5},
    "message": {"text": "hello", "next": None},
}


def run(*words: str, given: str | None = None) -> tuple[int, dict]:
    """The exit status and the envelope of a command."""
    command = [str(BINARY), *words, "--json"]
    result = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
    return result.returncode, json.loads(result.stdout)


def data(*words: str, given: str | None = None) -> dict:
    status, envelope = run(*words, given=given)
    assert status == 0, envelope
    return envelope["data"]


def signed(**fields: object) -> object:
    transaction = {"chainId": 1, "nonce": 3, "gas": 30_000, "to": "0x" + "11" * 20, "value": 5, "data": "0x0102"}
    return ACCOUNT.sign_transaction(transaction | fields)


def test_typed_data_hash(tmp_path):
    theirs = encode_typed_data(full_message=MAIL)
    document = tmp_path / "mail.json"
    document.write_text(json.dumps(MAIL))
    for ours in (data("typed-data", "hash", str(document)), data("typed-data", "hash", "-", given=json.dumps(MAIL))):
        assert ours["domainSeparator"] == "0x" + theirs.header.hex()
        assert ours["digest"] == "0x" + keccak(b"\x19\x01" + theirs.header + theirs.body).hex()


def test_typed_data_that_no_signature_covers_is_warned_of():
    more = MAIL | {"message": MAIL["message"] | {"hidden": "send everything"}}
    status, envelope = run("typed-data", "hash", "-", given=json.dumps(more))
    assert status == 0
    assert [warning["message"] for warning in envelope["warnings"]] == [
        "message.hidden is in no type, and no signature covers it"
    ]


@pytest.mark.parametrize(
    "fields",
    [{"gasPrice": 7}, {"gasPrice": 7, "accessList": []}, {"maxFeePerGas": 7, "maxPriorityFeePerGas": 1}],
)
def test_a_transaction_is_decoded_and_encoded_again(fields):
    theirs = signed(**fields)
    raw = "0x" + bytes(theirs.raw_transaction).hex()
    ours = data("tx", "decode", raw)
    assert ours["hash"] == "0x" + bytes(theirs.hash).hex()
    assert ours["from"] == ACCOUNT.address
    assert ours["faults"] == []
    assert data("tx", "encode", "-", given=json.dumps(ours))["raw"] == raw
    unsigned = {name: value for name, value in ours.items() if name not in ("r", "s", "v", "yParity")}
    assert data("tx", "encode", "-", given=json.dumps(unsigned))["signingHash"] == ours["signingHash"]


def test_a_transaction_that_breaks_a_rule_is_refused_with_it():
    raw = "0x" + bytes(signed(gasPrice=7, gas=20_000).raw_transaction).hex()
    status, envelope = run("tx", "decode", raw, "--chain-id", "5")
    assert status == 3
    assert [error["code"] for error in envelope["errors"]] == ["transaction_invalid"]
    assert len(envelope["data"]["faults"]) == 2


def test_rlp_and_abi():
    assert data("rlp", "encode", "-", given='["0x01", ["0x", []]]')["rlp"] == "0xc401c280c0"
    assert data("rlp", "decode", "0xc401c280c0")["item"] == ["0x01", ["0x", []]]
    values = ["0x" + "00" * 19 + "A1", "5"]
    call = data("abi", "encode", "transfer(address,uint256)", "-", given=json.dumps(values))["data"]
    assert call == "0xa9059cbb" + "a1".rjust(64, "0") + "5".rjust(64, "0")
    assert data("abi", "decode", "transfer(address,uint256)", call)["values"] == values
    packed = data("abi", "encode", "(address,uint16)", "-", "--packed", given=json.dumps(values))["data"]
    assert packed == "0x" + "a1".rjust(40, "0") + "0005"
    assert run("abi", "decode", "approve(address,uint256)", call)[0] == 2
    assert run("abi", "decode", "(uint8)", "0x" + "1".rjust(62, "0") + "00")[0] == 3


def test_a_key_is_imported_and_listed(tmp_path):
    (tmp_path / "key").write_text(KEY.hex() + "\n")
    (tmp_path / "password").write_text("secret\n")
    path = str(tmp_path / "key.json")
    words = ["keys", "import", "--key-file", str(tmp_path / "key"), "--password-file", str(tmp_path / "password")]
    assert data(*words, "--out", path, "--light")["address"] == ACCOUNT.address
    assert Account.decrypt(json.loads(Path(path).read_text()), "secret") == KEY
    assert data("keys", "list", str(tmp_path))["keys"] == [{"address": ACCOUNT.address, "file": path}]


@pytest.fixture(scope="module")
def chain() -> Iterator[DevChain]:
    with DevChain(funds={bytes.fromhex(ACCOUNT.address[2:]): 10**24}) as chain:
        yield chain


def test_a_receipt_is_proved_and_verified(chain, tmp_path):
    chain.request("devchain_hold")
    hashes = []
    for nonce in range(3):
        identity = int(chain.request("eth_chainId"), 16)
        raw = signed(chainId=identity, nonce=nonce, maxFeePerGas=10**11, maxPriorityFeePerGas=10**9).raw_transaction
        hashes.append(chain.request("eth_sendRawTransaction", "0x" + bytes(raw).hex()))
    chain.request("devchain_release")
    chain.request("devchain_mine", 1)
    path = str(tmp_path / "receipt.json")
    block = data("receipt", "prove", hashes[1], "--rpc-url", chain.url, "--out", path)["block"]
    assert block == chain.request("eth_getTransactionReceipt", hashes[1])["blockHash"]
    shown = data("receipt", "verify", path, "--trusted-block", block)
    assert (shown["verdict"], shown["sender"], shown["succeeded"]) == ("sound", ACCOUNT.address, True)
    assert shown["transaction"]["hash"] == hashes[1]

    assert run("receipt", "verify", path, "--trusted-block", "0x" + "11" * 32)[1]["data"]["verdict"] == "unsound"
    proof = json.loads(Path(path).read_text())
    for name, other in [("index", "0"), ("receipt", proof["receipt"][:-2] + "c1"), ("receiptProof", [])]:
        Path(path).write_text(json.dumps(proof | {name: other}))
        status, envelope = run("receipt", "verify", path, "--trusted-block", block)
        assert (status, envelope["data"]["verdict"]) == (1, "unsound"), name
    assert run("receipt", "prove", "0x" + "22" * 32, "--rpc-url", chain.url, "--out", path + "2")[0] == 4
