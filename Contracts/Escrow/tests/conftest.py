import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from evm import OnDevChain, Revm  # noqa: E402
from world import World  # noqa: E402


@pytest.fixture
def world() -> World:
    """A fresh chain with escrow and a plain token; nothing opened."""
    return World(Revm())


@pytest.fixture(params=[Revm, OnDevChain], ids=["revm", "py-evm"])
def either_world(request) -> World:
    """The same on both EVMs."""
    return World(request.param())
