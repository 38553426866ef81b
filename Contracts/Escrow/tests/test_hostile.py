"""Tokens that call back or burn gas, met by rulings, appeals, exercise, amendments and novations."""

import pytest

from evm import Revm
from terms import ARBITRATORS, BUYER, HOUR, OBSERVERS, OUTSIDER, SELLER, UNIT, Party
from test_rulings import FALLBACK, WITH_FALLBACK
from world import APPEALED, CLOSED, TO_EACH, World, clause_digest

TRANSFEREE = Party("transferee")


class Recorder:
    """Takes the place of the chain for one act: its call is kept, not sent."""

    def __init__(self, chain):
        self.chain = chain

    def __getattr__(self, name):
        return getattr(self.chain, name)

    def send(self, to, data, **_):
        self.to, self.data = to, data


def call_of(world: World, act, *arguments, **options) -> tuple[str, bytes]:
    """The call that an act of this world would send."""
    chain, world.chain = world.chain, Recorder(world.chain)
    try:
        act(*arguments, **options)
        return world.chain.to, world.chain.data
    finally:
        world.chain = chain


def entered_during(world, outer, inner) -> bool:
    """Whether the token got the inner call in during the outer act; alone it is let in afterwards."""
    to, data = inner
    assert world.token.send("setCall", to, data).ok
    before = world.token.read("calls")
    receipt = outer()
    assert receipt.ok, receipt.reason
    assert world.token.read("calls") > before
    assert world.token.send("setCall", "0x" + "00" * 20, b"").ok
    entered = world.token.read("entered")
    alone = world.chain.send(to, data)
    assert alone.ok, alone.reason
    return entered


@pytest.fixture
def world() -> World:
    world = World(Revm(), "ReentrantToken", ())
    world.terms = world.terms.changed(
        **WITH_FALLBACK, payoffKind=1, clause=clause_digest("european-call")
    )
    world.opened()
    return world


@pytest.mark.parametrize("act", ["settle", "exercise", "amend", "novate"])
def test_nothing_is_entered_from_an_amendment(world, act):
    """The collateral is pulled when the new terms hold already."""
    first = world.terms
    amended = first.changed(sellerCollateral=10_001 * UNIT, defaultToSeller=7_001 * UNIT)
    world.follow(amended)
    # By the new terms and version.
    if act == "settle":
        inner = call_of(world, world.settle, 9)
    elif act == "exercise":
        inner = call_of(world, world.exercise)
    elif act == "amend":
        inner = call_of(world, world.amend, amended.changed(salt=2))
    else:
        inner = call_of(world, world.novate, SELLER, TRANSFEREE, BUYER)
    world.version = 1

    def outer():
        world.terms = first
        try:
            return world.amend(amended)
        finally:
            world.terms = amended

    assert not entered_during(world, outer, inner)


def test_nothing_is_entered_from_a_novation(world):
    first = world.terms
    novated = world.novated(SELLER, TRANSFEREE)
    world.fund(TRANSFEREE, 9, world.vault().address)
    world.follow(novated)
    inner = call_of(world, world.exercise)
    world.version = 1

    def outer():
        world.terms = first
        try:
            return world.novate(SELLER, TRANSFEREE, BUYER, 9)
        finally:
            world.terms = novated

    assert not entered_during(world, outer, inner)


def test_nothing_is_ruled_while_the_bond_of_a_dispute_comes_in(world):
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    inner = call_of(world, world.rule, 7, TO_EACH, ARBITRATORS)
    assert not entered_during(world, lambda: world.dispute(SELLER, 6), inner)


def test_nothing_is_ruled_while_the_fee_of_an_appeal_comes_in(world):
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    assert world.rule(7, TO_EACH, ARBITRATORS).ok
    world.fund(BUYER, world.terms.escrow["arbitrationFee"], world.vault().address)
    inner = call_of(world, world.rule, 8, TO_EACH, FALLBACK, round=2)
    assert not entered_during(world, lambda: world.appeal(BUYER), inner)
    assert world.vault().read("state")[0] == CLOSED


@pytest.mark.parametrize("way", ["rule", "uphold", "observed"])
def test_no_claim_is_withdrawn_while_the_others_are_paid(world, way):
    escrow = world.terms.escrow
    world.token.send("setRefused", BUYER.address, True)
    world.chain.time = escrow["expirationTime"]
    if way == "observed":
        price = 2_500 * 10**8
        assert world.observe(*(world.observation(who, price) for who in OBSERVERS)).ok
    world.chain.time = escrow["settleFrom"]
    owed = 50 * UNIT
    outer = world.settle_observed
    if way != "observed":
        assert world.propose(SELLER, 5).ok
        assert world.dispute(BUYER, 6).ok
        owed = 50 * UNIT
        if way == "uphold":
            assert world.rule(owed, 0, ARBITRATORS).ok
            world.chain.time += escrow["disputeWindow"]
            outer = world.uphold
        else:
            world.chain.time += escrow["rulingWindow"]

            def outer():
                return world.rule(owed, 0, FALLBACK, round=2)

    until = world.chain.time + HOUR
    inner = call_of(world, world.withdraw, BUYER, OUTSIDER.address, owed, valid_until=until)
    assert not entered_during(world, outer, inner)
    assert world.balance(OUTSIDER) == owed
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("burns", [1_000, 100_000, 160_000])
def test_a_ruling_with_too_little_gas_pays_all_or_does_nothing(burns):
    world = World(Revm(), "HungryToken", ())
    vault = world.opened()
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    world.token.send("setBurns", burns)
    fresh = world.chain.snapshot()
    payees = [BUYER, SELLER, *ARBITRATORS]
    reasons = set()
    for gas in range(200_000, 2_400_000, 39_979):
        receipt = world.rule(9, TO_EACH, ARBITRATORS, gas=gas)
        reasons.add(receipt.reason)
        if receipt.ok:
            assert [vault.read("claimOf", payee.address) for payee in payees] == [0] * 5
            assert world.balance(vault.address) == 0
        world.chain.restore(fresh)
        fresh = world.chain.snapshot()
    assert reasons == {None, "payout: gas too low"}


def test_a_token_that_burns_all_gas_makes_claims_of_an_appeals_fee():
    world = World(Revm(), "HungryToken", ())
    world.terms = world.terms.changed(**WITH_FALLBACK)
    vault = world.opened()
    fee = world.terms.escrow["arbitrationFee"]
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    assert world.rule(7, TO_EACH, ARBITRATORS[:2]).ok
    world.fund(BUYER, fee, vault.address)
    world.token.send("setBurns", 10**9)
    assert world.appeal(BUYER).ok
    assert vault.read("state")[0] == APPEALED
    owed = [vault.read("claimOf", who.address) for who in ARBITRATORS]
    assert owed == [fee // 2, fee // 2, 0]
    # A claim made while the vault is open is paid while it is open, and touches nothing else.
    world.token.send("setBurns", 0)
    assert world.withdraw(ARBITRATORS[0], OUTSIDER.address, fee // 2).ok
    assert world.settle(9).ok
    assert world.balance(vault.address) == fee // 2 == vault.read("claimOf", ARBITRATORS[1].address)
