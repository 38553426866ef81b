"""Whole trades, on both EVMs: who holds what at the end, and nothing left behind."""

from terms import BUYER, SELLER, UNIT
from world import CLOSED, DISPUTED, OPEN, PROPOSED


def holdings(world, vault) -> tuple[int, int, int]:
    return world.balance(BUYER), world.balance(SELLER), world.balance(vault.address)


def test_opening_moves_premium_and_both_collaterals(either_world):
    world = either_world
    vault = world.opened()
    # 120 each is the bond, which stays with them.
    assert holdings(world, vault) == (120 * UNIT, (400 + 120) * UNIT, 10_050 * UNIT)
    assert vault.read("state")[0] == OPEN


def test_agreed(either_world):
    world = either_world
    vault = world.opened()
    assert world.settle(3_000 * UNIT).ok
    assert holdings(world, vault) == (3_120 * UNIT, 7_570 * UNIT, 0)
    assert vault.read("state")[0] == CLOSED


def test_proposed_and_finalised(either_world):
    world = either_world
    vault = world.opened()
    escrow = world.terms.escrow
    world.chain.time = escrow["settleFrom"]
    assert world.propose(BUYER, 5_000 * UNIT).ok
    assert holdings(world, vault) == (0, 520 * UNIT, 10_170 * UNIT)
    assert vault.read("state")[0] == PROPOSED
    world.chain.time += escrow["disputeWindow"]
    assert world.finalise().ok
    assert holdings(world, vault) == (5_120 * UNIT, 5_570 * UNIT, 0)


def test_disputed_and_defaulted(either_world):
    world = either_world
    vault = world.opened()
    escrow = world.terms.escrow
    world.chain.time = escrow["settleFrom"]
    assert world.propose(SELLER, 0).ok
    assert world.dispute(BUYER, 9_000 * UNIT).ok
    assert holdings(world, vault) == (0, 400 * UNIT, 10_290 * UNIT)
    assert vault.read("state")[0] == DISPUTED
    world.chain.time += escrow["rulingWindow"]
    assert world.settle_by_default().ok
    assert holdings(world, vault) == (3_170 * UNIT, 7_520 * UNIT, 0)


def test_silence(either_world):
    world = either_world
    vault = world.opened()
    world.chain.time = world.terms.escrow["settleBy"]
    assert world.settle_by_default().ok
    assert holdings(world, vault) == (3_170 * UNIT, 7_520 * UNIT, 0)
