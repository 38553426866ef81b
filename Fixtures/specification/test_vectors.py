"""The files here are what the derivation gives, and its calls are of the contracts' own functions."""

import json
import subprocess
import sys
from pathlib import Path

from eth_abi import decode, encode
from eth_utils import keccak
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector

HERE = Path(__file__).resolve().parent

def test_the_vectors_are_as_derived():
    make = HERE / "make.py"
    done = subprocess.run([sys.executable, make, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_call_is_of_a_function_in_the_contracts_abi():
    contracts = json.loads((HERE / "../../Contracts/Escrow/abi.json").read_text())
    vectors = json.loads((HERE / "vectors.json").read_text())
    calls = {name: call["data"] for name, call in vectors["calls"].items()}
    assert len(calls) >= 19
    assert_known(calls, contracts["escrow"] + contracts["vault"])
    for delivery in vectors["deliveries"].values():
        assert_known(delivery["calls"], contracts["deliveryVault"])


def assert_known(calls: dict[str, str], abi: list[dict]) -> None:
    functions = {
        function_abi_to_4byte_selector(entry): [collapse_if_tuple(each) for each in entry["inputs"]]
        for entry in abi if entry["type"] == "function"}
    for name, text in calls.items():
        data = bytes.fromhex(text[2:])
        types = functions[data[:4]]
        assert encode(types, decode(types, data[4:])) == data[4:], name


def test_the_code_of_deliveries_is_the_contracts():
    artifact = json.loads((HERE / "../../Contracts/Escrow/artifact.json").read_text())["contracts"]
    digest = keccak(hexstr=artifact["DeliveryVault"]["initCode"]).hex()
    assert f'DELIVERY_CODE = bytes.fromhex("{digest}")' in (HERE / "make.py").read_text()
    assert f"`0x{digest}`" in (HERE / "../../Sources/Tallystick.docc/SpecificationCalls.md").read_text()
