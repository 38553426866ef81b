"""The files here are what the derivation gives, and its calls are of the contracts' own functions."""

import json
import subprocess
import sys
from pathlib import Path

from eth_abi import decode, encode
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector

HERE = Path(__file__).resolve().parent

def test_the_vectors_are_as_derived():
    make = HERE / "make.py"
    done = subprocess.run([sys.executable, make, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_call_is_of_a_function_in_the_contracts_abi():
    contracts = json.loads((HERE / "../../Contracts/Escrow/artifact.json").read_text())["contracts"]
    functions = {
        function_abi_to_4byte_selector(entry): [collapse_if_tuple(each) for each in entry["inputs"]]
        for name in ("EscrowFactory", "EscrowVault", "EscrowVaultPanels", "EscrowVaultChanges")
        for entry in contracts[name]["abi"] if entry["type"] == "function"}
    calls = json.loads((HERE / "vectors.json").read_text())["calls"]
    assert len(calls) >= 19
    for name, call in calls.items():
        data = bytes.fromhex(call["data"][2:])
        types = functions[data[:4]]
        assert encode(types, decode(types, data[4:])) == data[4:], name
