"""Worlds for the tests. Building one takes a second or two, so tests of a file share one where they can."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness.command import BINARY
from harness.terms import UNIT
from harness.world import World


def pytest_sessionstart() -> None:
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing; make it with `make release`", 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A chain, a service that wants three confirmations, a buyer, a seller and observers, shared by a file's tests."""
    with World(tmp_path_factory.mktemp("world")) as world:
        world.serve()
        world.make_observers()
        world.buyer, world.seller = (world.party(name, 10**6 * UNIT) for name in ("buyer", "seller"))
        yield world
