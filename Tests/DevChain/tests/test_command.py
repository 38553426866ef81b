"""The command, as the demo and the tests of other parts start it."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from devchain_support import ALICE, STRANGER

FOLDER = Path(__file__).parent.parent


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The running command and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "devchain", *arguments], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process, json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.communicate()


def ask(url: str, method: str, *arguments: Any) -> Any:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": arguments}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["result"]


def test_options_and_sigterm() -> None:
    options = ["--chain-id", "5", "--fund", f"{ALICE.address}=7", "--fund", f"{STRANGER}=8"]
    options += ["--genesis-time", "1000", "--safe-depth", "1", "--finalized-depth", "2"]
    with command(*options) as (process, url):
        assert ask(url, "eth_chainId") == "0x5"
        assert [ask(url, "eth_getBalance", each) for each in (ALICE.address, STRANGER)] == ["0x7", "0x8"]
        assert ask(url, "eth_getBlockByNumber", "0x0")["timestamp"] == hex(1000)
        ask(url, "devchain_mine", 5)
        assert ask(url, "eth_getBlockByNumber", "safe")["number"] == "0x4"
        assert ask(url, "eth_getBlockByNumber", "finalized")["number"] == "0x3"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_can_end_with_its_parent() -> None:
    with command("--exit-with-parent") as (process, url):
        assert ask(url, "net_version") == "31337"
        process.stdin.close()
        assert process.wait(10) == 0
        process.stdin = None


@pytest.mark.parametrize("fund", ["0x12=3", "nonsense", f"{STRANGER}=-1", STRANGER])
def test_bad_funds_are_refused(fund: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "devchain", "--fund", fund], cwd=FOLDER, capture_output=True, text=True, timeout=30
    )
    assert refused.returncode == 2
    assert "--fund" in refused.stderr and refused.stdout == ""
