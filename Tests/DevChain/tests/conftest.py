"""Chains and signers for the tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from devchain import DevChain
from devchain_support import ALICE, BOB, Probe, Wallet, funded


@pytest.fixture
def chain() -> DevChain:
    """A fresh chain, without a socket."""
    return funded()


@pytest.fixture
def listening() -> Iterator[DevChain]:
    """A fresh chain behind its endpoint."""
    with funded() as chain:
        yield chain


@pytest.fixture
def alice(chain: DevChain) -> Wallet:
    return Wallet(chain, ALICE)


@pytest.fixture
def bob(chain: DevChain) -> Wallet:
    return Wallet(chain, BOB)


@pytest.fixture
def probe(alice: Wallet) -> Probe:
    """A probe contract that Alice deployed."""
    return Probe(alice)
