"""The committed artifacts are what the sources compile to, byte for byte, and fit the chain's limits."""

import json
import subprocess
import sys
from pathlib import Path

from eth_utils import keccak

HERE = Path(__file__).resolve().parent


def test_artifacts_are_what_the_sources_compile_to():
    done = subprocess.run(
        [sys.executable, HERE.parent / "build.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_code_fits_the_limits_of_the_chain():
    contracts = json.loads((HERE.parent / "artifact.json").read_text())["contracts"]
    runtime = {name: len(entry["runtime"]) // 2 - 1 for name, entry in contracts.items()}
    assert max(runtime.values()) <= 24_576 - 2 * 32  # two immutables follow at most
    init = {name: len(entry["initCode"]) // 2 - 1 for name, entry in contracts.items()}
    # The factory's argument is the vault's init code: offset, length, whole words.
    assert init["EscrowFactory"] + init["EscrowVault"] + 96 <= 49_152
    assert max(init.values()) <= 49_152


def signature(entry: dict) -> str:
    def kind(part: dict) -> str:
        if not part["type"].startswith("tuple"):
            return part["type"]
        return "(" + ",".join(map(kind, part["components"])) + ")" + part["type"][len("tuple") :]

    return f"{entry['type']} {entry['name']}(" + ",".join(map(kind, entry["inputs"])) + ")"


def test_one_abi_an_address_names_what_each_part_of_its_code_answers():
    contracts = json.loads((HERE.parent / "artifact.json").read_text())["contracts"]
    merged = json.loads((HERE.parent / "abi.json").read_text())
    parts = {
        "escrow": {"EscrowFactory"},
        "deliveryVault": {"DeliveryVault"},
        "vault": set(contracts) - {"EscrowFactory", "DeliveryVault"},
    }
    assert set(merged) == set(parts)
    for name, entries in merged.items():
        named = [signature(entry) for entry in entries]
        assert len(named) == len(set(named)), "one name, two meanings"
        declared = [entry for part in parts[name] for entry in contracts[part]["abi"] if "name" in entry]
        assert all(entry in entries for entry in declared)
        assert all(entry in declared for entry in entries)
        # The calldata's first four bytes choose; two functions with the same would hide one another.
        functions = [each.removeprefix("function ") for each in named if each.startswith("function")]
        assert len({keccak(text=each)[:4] for each in functions}) == len(functions)


def test_all_parts_of_a_vault_keep_the_same_storage():
    def layout(name: str):
        done = subprocess.run(
            [sys.executable, "-m", "vyper", "-f", "layout", HERE.parent / name],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout)
        return found["storage_layout"], found["transient_storage_layout"]

    first = layout("EscrowVault.vy")
    assert layout("EscrowVaultPanels.vy") == first
    assert layout("EscrowVaultChanges.vy") == first
