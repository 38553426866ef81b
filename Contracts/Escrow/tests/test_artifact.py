"""The committed artifacts are what the sources compile to, byte for byte, and fit the chain's limits."""

import json
import subprocess
import sys
from pathlib import Path

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
