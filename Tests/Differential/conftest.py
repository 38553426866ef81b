"""Ours against other libraries, over random cases: one process answers a whole batch of JSON lines."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("CASES", "2000"))


def program() -> str:
    """The debug build, which `make test` brings up to date; another one by CONFORMANCE."""
    path = Path(os.environ.get("CONFORMANCE") or ROOT / ".build/debug/tallystick-conformance")
    if not path.exists():
        pytest.fail(f"{path} is missing; make it with `make debug`", pytrace=False)
    return str(path)


def ask(requests: list[dict]) -> list[dict]:
    """One answer for each request, in order."""
    lines = "\n".join(json.dumps(request) for request in requests) + "\n"
    result = subprocess.run([program(), "--stdin"], input=lines, capture_output=True, text=True, check=True, timeout=300)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == len(requests), result.stderr
    return answers


@pytest.fixture
def ours() -> Callable[[list[dict]], list[dict]]:
    return ask


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers under a seed that is printed: SEED repeats a run."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().getrandbits(48))
    with request.getfixturevalue("capsys").disabled():
        count = CASES if "cases" in request.fixturenames else request.module.COUNT
        print(f"\n{request.node.name}: SEED={seed}, {count:,} cases", end=" ")
    return random.Random(seed)


@pytest.fixture
def cases() -> int:
    return CASES
