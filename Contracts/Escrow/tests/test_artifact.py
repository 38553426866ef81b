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
    vault, factory = contracts["EscrowVault"], contracts["EscrowFactory"]
    assert len(bytes.fromhex(vault["runtime"][2:])) <= 24_576 - 32  # one immutable follows
    assert len(bytes.fromhex(factory["runtime"][2:])) <= 24_576 - 32
    assert len(vault["initCode"]) // 2 + len(factory["initCode"]) // 2 + 96 <= 49_152
