"""The command: `python -m devchain`. Prints one line of JSON when it listens, and runs until told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time

from . import DevChain, Limits, Settings


def _arguments() -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="devchain", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0, the default, takes a free one")
    parser.add_argument("--chain-id", type=int, default=defaults.chain_id)
    parser.add_argument("--fund", action="append", default=[], type=_fund, metavar="0xADDRESS=WEI", help="repeatable")
    parser.add_argument("--genesis-time", type=int, help=f"Unix seconds; default {defaults.genesis_time}")
    parser.add_argument("--wall-clock", action="store_true", help="let the chain's time run with the machine's")
    parser.add_argument("--gas-limit", type=int, default=defaults.gas_limit)
    parser.add_argument("--base-fee", type=int, default=defaults.base_fee, help="of genesis, wei per gas")
    parser.add_argument("--safe-depth", type=int, default=defaults.safe_depth, help="blocks")
    parser.add_argument("--finalized-depth", type=int, default=defaults.finalized_depth, help="blocks")
    parser.add_argument("--max-log-range", type=int, default=Limits().log_block_range, help="blocks per eth_getLogs")
    parser.add_argument("--max-log-results", type=int, default=Limits().log_results, help="logs per eth_getLogs")
    parser.add_argument("--hold", action="store_true", help="start with blocks held: transactions wait")
    parser.add_argument(
        "--exit-with-parent", action="store_true", help="stop when standard input ends; give it a pipe that you hold"
    )
    return parser.parse_args()


def _fund(text: str) -> tuple[bytes, int]:
    address, separator, wei = text.partition("=")
    raw = bytes.fromhex(address.removeprefix("0x"))
    if not separator or len(raw) != 20 or not wei.isdigit():
        raise ValueError(text)
    return raw, int(wei)


def _settings(arguments: argparse.Namespace) -> Settings:
    present = int(time.time()) if arguments.wall_clock else Settings().genesis_time
    return Settings(
        chain_id=arguments.chain_id,
        funds=dict(arguments.fund),
        genesis_time=present if arguments.genesis_time is None else arguments.genesis_time,
        gas_limit=arguments.gas_limit,
        base_fee=arguments.base_fee,
        safe_depth=arguments.safe_depth,
        finalized_depth=arguments.finalized_depth,
        automine=not arguments.hold,
        wall_clock=arguments.wall_clock,
        limits=Limits(log_block_range=arguments.max_log_range, log_results=arguments.max_log_results),
    )


def main() -> None:
    """Runs a chain until SIGTERM, SIGINT or, if asked, the end of standard input."""
    arguments = _arguments()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if arguments.exit_with_parent:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), stopped.set()), daemon=True).start()
    with DevChain(_settings(arguments), port=arguments.port) as chain:
        print(json.dumps({"url": chain.url}), flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
