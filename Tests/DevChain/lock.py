"""Rewrites requirements.txt: the direct requirements below, and everything they need, each with the hash of its wheel.

Run with the environment's own interpreter, `.build/python/bin/python Tests/DevChain/lock.py`, after changing a version
here. Only wheels are taken (CPython 3.11, Linux on x86-64), so that installing never needs a compiler.
"""

import json
import subprocess
import sys
from pathlib import Path

DIRECT = {
    "py-evm": "0.12.1b1",  # the chain itself
    "coincurve": "21.0.0",  # signatures at speed: without it recovery is some fifteen times slower
    "eth-account": "0.14.0",  # the outside view of keys, transactions and typed data
    "web3": "8.0.0",  # the outside view of a node
    "vyper": "0.4.3",  # the compiler of Contracts/
    "pyrevm": "0.3.7",  # a second EVM, for tests of Contracts/ that need many runs
    "pytest": "9.2.0",
    "pytest-xdist": "3.8.0",  # two tests at a time where they wait for other processes more than they compute
    "hypothesis": "6.170.15",
    "z3-solver": "5.4.0.0",  # what `clause prove` starts; the wheel puts bin/z3 beside the interpreter
}

HEADER = """\
# Everything that tests and the demo run in Python: exact versions, one hash each. Written by lock.py; installed by
# environment.sh into .build/python. Wheels for CPython 3.11 on x86-64 Linux.
"""


def resolve() -> list[tuple[str, str, str]]:
    """Name, version and SHA-256 of every wheel that the direct requirements come to."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    command += ["--only-binary", ":all:", *(f"{name}=={version}" for name, version in DIRECT.items())]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return sorted(
        (
            item["metadata"]["name"].lower().replace("_", "-"),
            item["metadata"]["version"],
            item["download_info"]["archive_info"]["hashes"]["sha256"],
        )
        for item in report["install"]
    )


def main() -> None:
    """Writes the file beside this script."""
    resolved = resolve()
    lines = [HEADER]
    for title, direct in (("asked for", True), ("needed by those", False)):
        lines.append(f"\n# {title}\n")
        for name, version, digest in resolved:
            if (name in DIRECT) == direct:
                lines.append(f"{name}=={version} \\\n    --hash=sha256:{digest}\n")
    Path(__file__).with_name("requirements.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
