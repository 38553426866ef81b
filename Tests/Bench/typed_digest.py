"""The EIP-712 digest of the benchmark's document by eth-account, in turn with ours: one row of the benchmark's table.

    python typed_digest.py BENCH
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from eth_account.messages import encode_typed_data
from eth_utils import keccak

DOCUMENT = json.loads((Path(__file__).resolve().parent / "Bench/typed-data.json").read_text())


def digest() -> bytes:
    message = encode_typed_data(full_message=DOCUMENT)
    return keccak(b"\x19" + message.version + message.header + message.body)


def microseconds(samples: int = 15, count: int = 50) -> float:
    """The fewest that one digest takes, of the time on a processor."""
    best = float("inf")
    for _ in range(samples):
        started = time.thread_time()
        for _ in range(count):
            digest()
        best = min(best, 1e6 * (time.thread_time() - started) / count)
    return best


def main() -> None:
    bench = sys.argv[1]
    found = subprocess.run([bench, "digest-value"], check=True, capture_output=True, text=True).stdout.strip()
    assert found == "0x" + digest().hex(), "both must hash the same"
    anew = kept = peer = float("inf")
    for _ in range(5):
        output = subprocess.run([bench, "microseconds"], check=True, capture_output=True, text=True).stdout
        anew, kept = (min(pair) for pair in zip((anew, kept), map(float, output.split())))
        peer = min(peer, microseconds())
    for name, ours in (("EIP-712 digest of 16 members, uncached", anew), ("the same, in a domain that is kept", kept)):
        print(f"{name:<48}{ours:>10.3f}{peer:>10.3f}{peer / ours:>8.1f}{'>= 30':>9}  eth-account", flush=True)


if __name__ == "__main__":
    main()
