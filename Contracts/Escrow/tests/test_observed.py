"""Observed settlement: the panel's price pays without proposal, panel or consent."""

import pytest
from eth_utils import keccak

from evm import Revm
from terms import (
    ARBITRATORS,
    BUYER,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    UNIT,
    ZERO,
    Party,
    compact,
    european_call,
    high_s,
)
from world import (
    APPEALED,
    CLOSED,
    DISPUTED,
    OBSERVED,
    OPEN,
    PROPOSED,
    RULED,
    TO_EACH,
    World,
    clause_digest,
)

ESCROW = european_call(ZERO).escrow
FIXING, CLOSES = ESCROW["expirationTime"], ESCROW["evidenceCloses"]
START, SETTLE_BY = ESCROW["settleFrom"], ESCROW["settleBy"]
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
BOND, FEE = ESCROW["bond"], ESCROW["arbitrationFee"]
USD = 10**8  # prices have eight decimals; the strike is 2,500, the quantity 10
CALL = {"payoffKind": 1, "clause": clause_digest("european-call")}
PUT = {"payoffKind": 2, "clause": clause_digest("european-put"), "optionType": "Put"}
FALLBACK = Party("fallback arbitrator")


def opened(world, **changes) -> World:
    world.terms = world.terms.changed(**CALL | changes)
    world.opened()
    world.chain.time = FIXING
    return world


@pytest.fixture
def fixing(world) -> World:
    """An open call in the second of its fixing."""
    return opened(world)


def observed_by(world, *values) -> None:
    """The observers in order sign these prices."""
    receipt = world.observe(
        *(world.observation(who, value) for who, value in zip(OBSERVERS, values))
    )
    assert receipt.ok, receipt.reason


def slot(world, who) -> tuple[int, bool]:
    return world.vault().read("observationOf", world.terms.escrow["feed"], FIXING, who.address)


# What is kept


def test_observations_are_kept_and_told(either_world):
    world = opened(either_world)
    vault = world.vault()
    receipt = world.observe(
        world.observation(OBSERVERS[1], 2_600 * USD), world.observation(OBSERVERS[0], 2_601 * USD)
    )
    about = {"agreementId": world.id(), "version": 1, "publishedAt": FIXING}
    assert vault.events_in(receipt) == [
        ("Observed", about | {"observer": OBSERVERS[1].address, "price": 2_600 * USD}),
        ("Observed", about | {"observer": OBSERVERS[0].address, "price": 2_601 * USD}),
    ]
    assert slot(world, OBSERVERS[0]) == (2_601 * USD, False)
    assert slot(world, OBSERVERS[1]) == (2_600 * USD, False)
    assert slot(world, OBSERVERS[2]) == (0, False)
    assert vault.read("observedPrice", world.escrow_tuple()) == 2_600 * USD
    assert vault.read("state") == (OPEN, 1, ZERO, ZERO, 0, 0, 0, 0)


def test_the_same_price_again_changes_nothing(fixing):
    world = fixing
    observed_by(world, 5)
    world.chain.time += 9
    again = [
        world.observation(OBSERVERS[0], 5),
        world.observation(OBSERVERS[0], 5, publishedAt=FIXING + 9),
    ]
    message, signature = again[0]
    receipt = world.observe(*again, (message, compact(signature)))
    assert receipt.ok and receipt.logs == []
    assert slot(world, OBSERVERS[0]) == (5, False)


@pytest.mark.parametrize("together", [True, False])
def test_two_prices_make_an_observer_absent_for_ever(fixing, together):
    world = fixing
    first, second = (world.observation(OBSERVERS[0], value) for value in (5, 6))
    if together:
        receipt = world.observe(first, second)
    else:
        assert world.observe(first).ok
        receipt = world.observe(second)
    assert world.vault().events_in(receipt)[-1] == (
        "Equivocated",
        {
            "agreementId": world.id(),
            "version": 1,
            "observer": OBSERVERS[0].address,
            "first": 5,
            "second": 6,
        },
    )
    assert slot(world, OBSERVERS[0]) == (5, True)
    for value in (5, 6, 7):
        receipt = world.observe(world.observation(OBSERVERS[0], value))
        assert receipt.ok and receipt.logs == []
    assert slot(world, OBSERVERS[0]) == (5, True)
    observed_by(world, 5, 5)
    world.chain.time = CLOSES
    assert world.settle_observed().reason == "observed: no price"


def test_two_honest_observers_outweigh_an_equivocator(fixing):
    world = fixing
    observed_by(world, 5, 2_600 * USD, 2_600 * USD)
    observed_by(world, 6)
    world.chain.time = CLOSES
    assert world.settle_observed().ok
    assert world.balance(BUYER) == BOND + 1_050 * UNIT


# What is refused


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"feed": keccak(text="other")}, "observe: other feed"),
        ({"observedAt": FIXING - 1}, "observe: not the fixing"),
        ({"observedAt": FIXING + 1}, "observe: not the fixing"),
        ({"publishedAt": FIXING - 1}, "observe: published too early"),
        ({"publishedAt": FIXING + 10}, None),
        ({"publishedAt": FIXING + 11}, "observe: published later than now"),
        ({"publishedAt": 2**64 - 1}, "observe: published later than now"),
        ({"value": 0}, "observe: value"),
        ({"value": 1}, None),
        ({"value": 2**128 - 1}, None),
        ({"value": 2**128}, "observe: value"),
        ({"value": 2**256 - 1}, "observe: value"),
    ],
    ids=str,
)
def test_what_counts_as_an_observation(fixing, changes, reason):
    world = fixing
    world.chain.time = FIXING + 10
    value = changes.pop("value", 5)
    receipt = world.observe(world.observation(OBSERVERS[0], value, **changes))
    assert receipt.reason == reason
    assert slot(world, OBSERVERS[0]) == ((0 if reason else value), False)


@pytest.mark.parametrize(
    "who", [OUTSIDER, BUYER, SELLER, ARBITRATORS[0]], ids=lambda who: who.name
)
def test_only_the_panel_observes(fixing, who):
    assert fixing.observe(fixing.observation(who, 5)).reason == "observe: not an observer"


def test_observations_are_signed(fixing):
    world = fixing
    message, signature = world.observation(OBSERVERS[0], 5)
    other = world.observation(OBSERVERS[1], 6)
    assert world.observe((message, other[1])).reason == "observe: not an observer"
    assert world.observe((message, high_s(signature))).reason == "signature: high s"
    assert world.observe((message, b"")).reason == "signature: length"
    for signatures in ([], [signature, signature]):
        refused = world.act("observe", [tuple(message.values())], signatures)
        assert refused.reason == "observe: signatures"
    # One that does not count takes the others with it.
    assert world.observe((message, signature), (message, other[1])).reason == (
        "observe: not an observer"
    )
    assert slot(world, OBSERVERS[0]) == (0, False)


@pytest.mark.parametrize(
    "time, reason",
    [
        (FIXING - 1, "observe: published later than now"),
        (FIXING, None),
        (CLOSES - 1, None),
        (CLOSES, "observe: evidence closed"),
    ],
)
def test_observing_ends_when_evidence_closes(fixing, time, reason):
    fixing.chain.time = time
    assert fixing.observe(fixing.observation(OBSERVERS[0], 5)).reason == reason


def test_equivocation_counts_only_before_evidence_closes(fixing):
    world = fixing
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.chain.time = CLOSES
    late = world.observe(world.observation(OBSERVERS[0], 5))
    assert late.reason == "observe: evidence closed"
    assert world.settle_observed().ok


def test_terms_that_the_contract_cannot_compute_take_no_observations(world):
    world.opened()
    world.chain.time = FIXING
    assert world.observe(world.observation(OBSERVERS[0], 5)).reason == "observe: payoffKind"


def test_nothing_is_observed_after_the_end(fixing):
    world = fixing
    assert world.settle(5).ok
    assert world.observe(world.observation(OBSERVERS[0], 5)).reason == "observe: closed"
    world.chain.time = CLOSES
    assert world.settle_observed().reason == "observed: closed"


def test_one_observation_serves_every_agreement_on_the_feed(fixing):
    world = fixing
    signed = [world.observation(who, 2_600 * USD) for who in OBSERVERS[:2]]
    world.chain.time = world.terms.escrow["acceptBy"] - 1
    other = world.terms.changed(salt=2, **PUT, strikePrice=2_700 * USD)
    world.opened(other)
    world.chain.time = FIXING
    for terms in (world.terms, other):
        assert world.observe(*signed, terms=terms).ok
    world.chain.time = CLOSES
    for terms in (world.terms, other):
        assert world.settle_observed(terms).ok
    # Two openings leave two bonds; the call paid 1,000, the put too.
    assert world.balance(BUYER) == 2 * BOND + 2_100 * UNIT


# What is paid


@pytest.mark.parametrize(
    "kind, price, payoff",
    [
        (CALL, 2_499 * USD, 0),
        (CALL, 2_500 * USD, 0),
        (CALL, 2_500 * USD + 9, 0),  # ninety hundredths of a base unit
        (CALL, 2_500 * USD + 10, 1),
        (CALL, 2_500 * USD + 19, 1),
        (CALL, 2_600 * USD, 1_000 * UNIT),
        (CALL, 3_500 * USD - 10, 10_000 * UNIT - 1),
        (CALL, 3_500 * USD, 10_000 * UNIT),
        (CALL, 3_500 * USD + 10, 10_000 * UNIT),
        (CALL, 2**128 - 1, 10_000 * UNIT),
        (PUT, 2_501 * USD, 0),
        (PUT, 2_500 * USD, 0),
        (PUT, 2_500 * USD - 9, 0),
        (PUT, 2_500 * USD - 10, 1),
        (PUT, 1_500 * USD + 10, 10_000 * UNIT - 1),
        (PUT, 1_500 * USD, 10_000 * UNIT),
        (PUT, 1, 10_000 * UNIT),
    ],
)
def test_the_payoff_at_the_price(world, kind, price, payoff):
    opened(world, **kind)
    observed_by(world, price, price)
    world.chain.time = CLOSES
    receipt = world.settle_observed()
    about = {"agreementId": world.id(), "version": 1}
    to_buyer = 50 * UNIT + payoff
    assert world.vault().events_in(receipt) == [
        ("Priced", about | {"price": price}),
        (
            "Settled",
            about | {"route": OBSERVED, "toBuyer": to_buyer, "toSeller": TOTAL - to_buyer},
        ),
    ]
    assert world.balance(BUYER) == BOND + to_buyer
    assert world.balance(SELLER) == BOND + 400 * UNIT + TOTAL - to_buyer
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize(
    "values, price",
    [
        ([2_600 * USD], 0),
        ([2_600 * USD, 2_600 * USD], 2_600 * USD),
        ([2_600 * USD, 2_613 * USD], 2_600 * USD),  # 5,000 ppm is 13
        ([2_613 * USD, 2_600 * USD], 2_600 * USD),
        ([2_600 * USD, 2_613 * USD + 1], 0),
        ([2_600 * USD, 2_601 * USD, 2_602 * USD], 2_601 * USD),
        ([1, 2_601 * USD, 2_602 * USD], 2_601 * USD),
    ],
)
def test_the_quorum(fixing, values, price):
    world = fixing
    observed_by(world, *values)
    assert world.vault().read("observedPrice", world.escrow_tuple()) == price
    world.chain.time = CLOSES
    receipt = world.settle_observed()
    assert receipt.reason == (None if price else "observed: no price")
    if price:
        assert world.vault().events_in(receipt)[0][1]["price"] == price


def test_without_observers_there_is_no_price(world):
    opened(world, observers=[ZERO], observerThreshold=0)
    nobody = world.observe(({"feed": world.terms.escrow["feed"], "observedAt": FIXING,
                             "publishedAt": FIXING, "value": 5}, b"\0" * 64 + b"\x1b"))
    assert nobody.reason == "signature: no signer"
    world.chain.time = CLOSES
    assert world.settle_observed().reason == "observed: no price"
    world.chain.time = SETTLE_BY
    assert world.settle_by_default().ok


@pytest.mark.parametrize("size, threshold", [(1, 1), (15, 8), (15, 15)])
def test_panels_of_each_size(world, size, threshold):
    panel = [Party(f"member {index}") for index in range(size)]
    opened(world, observers=[who.address for who in panel], observerThreshold=threshold)
    receipt = world.observe(
        *(world.observation(who, 2_600 * USD + index) for index, who in enumerate(panel))
    )
    assert receipt.ok, receipt.reason
    world.chain.time = CLOSES
    receipt = world.settle_observed()
    assert world.vault().events_in(receipt)[0][1]["price"] == 2_600 * USD + (size - 1) // 2


# When


@pytest.mark.parametrize(
    "time, reason", [(CLOSES - 1, "observed: evidence open"), (CLOSES, None), (10**11, None)]
)
def test_the_price_pays_from_when_evidence_closes(fixing, time, reason):
    world = fixing
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.chain.time = time
    assert world.settle_observed().reason == reason


@pytest.mark.parametrize("stage", [OPEN, PROPOSED, DISPUTED, RULED, APPEALED])
def test_the_price_beats_every_other_claim(either_world, stage):
    """Every bond goes back whole; a fee that an appeal cost is gone."""
    world = opened(
        either_world, fallbackArbitrators=[FALLBACK.address], fallbackThreshold=1
    )
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.chain.time = START
    if stage >= PROPOSED:
        assert world.propose(SELLER, 0).ok
    if stage >= DISPUTED and stage != CLOSED:
        assert world.dispute(BUYER, TOTAL).ok
    if stage >= RULED:
        assert world.rule(0, TO_EACH, ARBITRATORS).ok
    if stage == APPEALED:
        world.fund(BUYER, FEE, world.vault().address)
        assert world.appeal(BUYER).ok
    assert world.vault().read("state")[0] == stage
    # Long after every window, too.
    world.chain.time = SETTLE_BY + 10 * world.terms.escrow["rulingWindow"]
    receipt = world.settle_observed()
    assert receipt.ok, receipt.reason
    assert world.vault().read("state")[0] == CLOSED
    assert world.balance(BUYER) == BOND + 1_050 * UNIT
    assert world.balance(SELLER) == BOND + 400 * UNIT + TOTAL - 1_050 * UNIT
    assert world.balance(world.vault().address) == 0


def test_without_a_price_the_other_ways_stay(fixing):
    world = fixing
    observed_by(world, 2_600 * USD)
    world.chain.time = START
    assert world.settle_observed().reason == "observed: no price"
    assert world.propose(BUYER, 5).ok
    world.chain.time += ESCROW["disputeWindow"]
    assert world.finalise().ok


@pytest.mark.parametrize(
    "change", [{"strikePrice": 1}, {"quantity": 1}, {"tokenDecimals": 7}, {"salt": 3}], ids=str
)
def test_only_the_agreed_terms_are_computed(fixing, change):
    world = fixing
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.chain.time = CLOSES
    other = world.terms.changed(**change)
    refused = world.vault().send("settleObserved", world.terms_tuple(other))
    assert refused.reason == "vault: other terms"


def test_decimals_that_no_price_has_leave_the_other_ways(world):
    opened(world, priceDecimals=37)
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.chain.time = START
    assert world.settle_observed().reason == "observed: decimals"
    assert world.propose(BUYER, 5).ok


def test_a_receiver_that_refuses_gets_a_claim():
    world = opened(World(Revm(), "BlocklistToken", ()))
    observed_by(world, 2_600 * USD, 2_600 * USD)
    world.token.send("setBlocked", BUYER.address, True)
    world.chain.time = CLOSES
    assert world.settle_observed().ok
    assert world.vault().read("claimOf", BUYER.address) == 1_050 * UNIT
    assert world.balance(SELLER) == BOND + 400 * UNIT + TOTAL - 1_050 * UNIT
