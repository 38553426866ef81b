"""How long things take, the process start included: commands, requests, and trades from terms to proof.

    python commands.py [--repeat N]
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "EndToEnd"))

from harness.terms import CALL, UNIT
from harness.trade import Trade
from harness.world import World

PRICES = (3_120 * 10**8, 3_121 * 10**8, 3_122 * 10**8)


def measure(name: str, act: Callable[[], object], repeat: int) -> None:
    """Prints median, fastest and slowest, in milliseconds, after one run that does not count."""
    act()
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        act()
        times.append(1_000 * (time.perf_counter() - started))
    print(f"{name:<36}{statistics.median(times):>10.2f}{min(times):>10.2f}{max(times):>10.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=50)
    repeat = parser.parse_args().repeat
    print(f"{platform.machine()}, {os.cpu_count()} processors, {repeat} repetitions; milliseconds")
    print(f"{'':<36}{'median':>10}{'fastest':>10}{'slowest':>10}")
    with tempfile.TemporaryDirectory(prefix="tallystick-bench-") as directory, World(Path(directory)) as world:
        world.serve()
        world.make_observers()
        buyer, seller = (world.party(name, 10**9 * UNIT) for name in ("buyer", "seller"))
        trade = Trade(world, "measured", buyer, seller).opened()
        trade.observe(*PRICES)
        block = trade.block_of(trade.settle_together()["transaction"])
        proof, agreement = trade.fetch_proof().name, trade.agreement_file()
        call = world.tallystick

        measure("keys address", lambda: call("keys", "address", buyer.key_file), repeat)
        measure("terms digest", lambda: call("terms", "digest", trade.terms_file), repeat)
        measure("terms sign (light key file)", lambda: buyer.sign_terms(trade.terms_file), repeat)
        measure("clause compile", lambda: call("clause", "compile", CALL.name), repeat)
        measure("agreement verify", lambda: call("agreement", "verify", agreement), repeat)
        measure("escrow finalise (derived)", lambda: call("escrow", "finalise", agreement), repeat)
        measure("proof verify", lambda: call("proof", "verify", proof, trusted_block=block), repeat)
        measure("GET an agreement", trade.show, repeat)
        measure("GET a proof", lambda: world.service.part(trade.id, "proof"), repeat)

        salts = iter(range(10, 10_000))

        def whole_trade() -> None:
            other = Trade(world, f"trade{(salt := next(salts))}", buyer, seller, salt=salt).opened()
            other.observe(*PRICES)
            other.settle_together()
            other.fetch_proof()

        measure("a trade, agreed, terms to proof", whole_trade, max(3, repeat // 10))


if __name__ == "__main__":
    main()
