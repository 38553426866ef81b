"""The model of states and deadlines against the contracts: in every state every act, possible or not."""

import pytest

from evm import Revm
from states import CLOSED, OPEN, Shape, State, delivery_moves, explore, moves
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    NOW,
    OBSERVERS,
    SELLER,
    SELLER_WATCHER,
    UNIT,
    ZERO,
    Party,
)
from test_delivery import DeliveryWorld
from test_states import SHAPES
from world import World, clause_digest

FALLBACK = [Party(f"fallback arbitrator {index}") for index in range(3)]
WHO = {"buyer": BUYER, "seller": SELLER, "buyerWatcher": BUYER_WATCHER, "sellerWatcher": SELLER_WATCHER}
ORIGIN = NOW + 10  # the model's second zero
AMOUNTS = [4_000 * UNIT, 5_000 * UNIT]
FOREVER = 10**11


class Captured(Exception):
    """The call that would have been sent."""


def captured(world, act) -> tuple[str, bytes]:
    """What `act` sends, without sending it."""

    def capture(to, data, **_):
        raise Captured(to, data)

    send, world.chain.send = world.chain.send, capture
    # Reading still has to work.
    world.chain.call, call = (lambda to, data: call_with(world.chain, send, to, data)), world.chain.call
    try:
        act()
    except Captured as found:
        return found.args
    finally:
        world.chain.send, world.chain.call = send, call
    raise AssertionError("nothing was sent")


def call_with(chain, send, to: str, data: bytes) -> bytes:
    checkpoint = chain.evm.snapshot()
    receipt = send(to, data)
    chain.evm.revert(checkpoint)
    return receipt.output


def terms_of(shape: Shape, terms, **more):
    times = "expiration", "evidenceCloses", "settleFrom", "settleBy"
    changes = {("expirationTime" if name == "expiration" else name): ORIGIN + getattr(shape, name)
               for name in times}
    changes["acceptBy"] = ORIGIN + 1
    start = shape.exerciseStart if shape.american else shape.expiration
    changes["exerciseStart"] = ORIGIN + start
    changes |= {"disputeWindow": shape.disputeWindow, "rulingWindow": shape.rulingWindow}
    if shape.fallback:
        changes |= {"fallbackArbitrators": [each.address for each in FALLBACK], "fallbackThreshold": 2}
    if shape.observed:
        changes |= {"payoffKind": 1, "clause": clause_digest("european-call")}
    if not shape.watchers:
        changes |= {"buyerWatcher": ZERO, "sellerWatcher": ZERO}
    return terms.changed(**changes, **more)


def cash_act(world, name: str, by: str, outcome: int):
    amount = AMOUNTS[outcome]
    until = {"valid_until": FOREVER}
    match name:
        case "settle":
            return lambda: world.settle(amount, **until)
        case "propose":
            return lambda: world.propose(WHO[by], amount, **until)
        case "dispute":
            return lambda: world.dispute(WHO[by], amount, **until)
        case "finalise":
            return world.finalise
        case "settleByDefault":
            return world.settle_by_default
        case "rule 1":
            return lambda: world.rule(amount, 0, ARBITRATORS[:2])
        case "rule 2":
            return lambda: world.rule(amount, 1, FALLBACK[:2], round=2)
        case "appeal":
            return lambda: world.appeal(WHO[by], **until)
        case "uphold":
            return world.uphold
        case "observe":
            prices = [world.observation(each, 3_000 * 10**8) for each in OBSERVERS[:2]]
            return lambda: world.observe(*prices)
        case "settleObserved":
            return world.settle_observed
        case "exercise":
            digest = world.message(
                "ExerciseNotice", **world.about(), holder=BUYER.address, validUntil=FOREVER
            )
            return lambda: world.act("exercise", BUYER.address, FOREVER, BUYER.sign(digest))
    raise KeyError(name)


def delivery_act(world, name: str, by: str, outcome: int):
    escrow = world.terms.escrow
    match name:
        case "settle":
            whole = (escrow["buyerCollateral"], 0), (0, escrow["sellerCollateral"])
            return lambda: world.settle(*whole, FOREVER)
        case "exercise":
            return lambda: world.exercise(FOREVER)
        case "expire":
            return lambda: world.act("expire")
    raise KeyError(name)


class Driver:
    """Goes through the model's states depth first, with the chain beside it."""

    def __init__(self, world, shape: Shape, acts, act, status: str):
        self.world, self.shape, self.acts, self.act, self.status = world, shape, acts, act, status
        self.calls: dict = {}
        self.seen: set[State] = set()
        self.tried = 0

    def call(self, move) -> tuple[str, bytes]:
        key = move.name, move.by, move.outcome
        if key not in self.calls:
            self.calls[key] = captured(self.world, self.act(self.world, *key))
        return self.calls[key]

    def visit(self, state: State) -> None:
        chain = self.world.chain
        while state not in self.seen:
            self.seen.add(state)
            chain.time = ORIGIN + state.now
            for move in self.acts(self.shape, state):
                before = chain.snapshot()
                receipt = chain.send(*self.call(move))
                self.tried += 1
                assert receipt.ok == move.possible, (state, move.name, move.by, receipt.reason)
                if move.possible:
                    assert self.world.vault().read(self.status)[0] == move.after.status
                    self.visit(move.after)
                chain.restore(before)
            if state.status == CLOSED or state.now >= self.shape.last:
                return
            state = State(**{**state.__dict__, "now": state.now + 1})


@pytest.mark.parametrize("name", ["usual", "one second each, fallback", "no watchers", "observed"])
def test_a_vault_does_in_every_state_what_the_model_says(name):
    shape = SHAPES[name]
    world = World(Revm())
    world.chain.time = ORIGIN
    world.terms = terms_of(shape, world.terms)
    world.opened()
    for party in (BUYER_WATCHER, SELLER_WATCHER, BUYER, SELLER):
        world.fund(party, 10**6 * UNIT, world.vault().address)
    driver = Driver(world, shape, moves, cash_act, "state")
    driver.visit(State())
    assert driver.seen == explore(shape, moves).keys()
    assert driver.tried > 5 * len(driver.seen)


def test_a_delivery_vault_does_in_every_state_what_the_model_says():
    shape = Shape(american=True, expiration=4, evidenceCloses=5, settleFrom=5, settleBy=6)
    world = DeliveryWorld(Revm())
    world.chain.time = ORIGIN
    world.terms = terms_of(shape, world.terms)
    world.opened()
    world.fund_exercise()
    driver = Driver(world, shape, delivery_moves, delivery_act, "deliveryState")
    driver.visit(State())
    assert driver.seen == explore(shape, delivery_moves).keys()
    assert any(state.status == OPEN for state in driver.seen)
