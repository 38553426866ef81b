"""A million rounds of 256-bit arithmetic, as a fold of the clause language and as EVM code in revm, in turn: one row of
the benchmark's table.

    python clause_loop.py BENCH

One round of both: x is compared with T, K1 is added where it is less and K3 elsewhere, the sum is multiplied by K2, and
x becomes the remainder by M. No product reaches 2^255, so that the clause's checked arithmetic and the EVM's, which
wraps, agree. The EVM code also counts its rounds down, as the fold's own instruction does.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pyrevm

ROUNDS = 1_000_000
T = 3138550867693340381917894711603833208051177722232017256448
K1 = 1096513418924651398391826281928479103215281739372845012231
K3 = 987654321987654321987654321987654321
K2 = 3_735_928_559_123_456_789
M = 6277101735386680763835789423207666416102355444464034512659
CONTRACT, CALLER = "0x" + "c0" * 20, "0x" + "ca" * 20


def push(value: int) -> bytes:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([0x5F + len(data)]) + data


def code() -> bytes:
    """Stack: rounds left, x."""
    start = push(ROUNDS) + push(1)
    loop = len(start)
    test = start + b"\x5b\x80" + push(T) + b"\x11"  # JUMPDEST, DUP1, T, GT
    # Both ways out of the test have a fixed length: PUSH1 target, JUMPI, K3, ADD, PUSH1 target, JUMP; JUMPDEST, K1, ADD.
    less = len(test) + 3 + len(push(K3)) + 1 + 3
    join = less + 1 + len(push(K1)) + 1
    body = test + push(less) + b"\x57" + push(K3) + b"\x01" + push(join) + b"\x56"
    body += b"\x5b" + push(K1) + b"\x01"
    body += b"\x5b" + push(K2) + b"\x02" + push(M) + b"\x90\x06"  # JUMPDEST, K2, MUL, M, SWAP1, MOD
    body += b"\x90\x5f\x19\x01"  # SWAP1, and add -1: PUSH0, NOT, ADD
    body += b"\x80\x91\x90" + push(loop) + b"\x57"  # rounds, x, rounds; JUMPI
    return body + b"\x5f\x52" + push(32) + b"\x5f\xf3"  # MSTORE, RETURN


def expected() -> int:
    x = 1
    for _ in range(ROUNDS):
        x = (x + (K1 if x < T else K3)) * K2 % M
    return x


def revm() -> tuple[float, int]:
    """Microseconds on a processor, and the result."""
    evm = pyrevm.EVM(gas_limit=1_000_000_000)
    evm.insert_account_info(CONTRACT, pyrevm.AccountInfo(code=code()))
    started = time.thread_time()
    result = evm.message_call(CALLER, CONTRACT, gas=900_000_000)
    return 1e6 * (time.thread_time() - started), int.from_bytes(result, "big")


def main() -> None:
    bench = sys.argv[1]
    right = expected()
    ours = peer = float("inf")
    for _ in range(5):
        words = subprocess.run([bench, "loop"], check=True, capture_output=True, text=True).stdout.split()
        assert int(words[1]) == right, "the fold must give the same"
        ours = min(ours, float(words[0]))
        for _ in range(5):
            spent, value = revm()
            assert value == right, "revm must give the same"
            peer = min(peer, spent)
    name = "1,000,000 rounds of 256-bit arithmetic, a fold"
    print(f"{name:<48}{ours:>10.0f}{peer:>10.0f}{ours / peer:>8.3f}{'<= 0.65':>9}  revm, through pyrevm", flush=True)


if __name__ == "__main__":
    main()
