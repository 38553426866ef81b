"""Exercise, amendment, novation: what an open agreement can become, by whose will, and what moves."""

import pytest

from evm import Revm
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    DAY,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    SELLER_WATCHER,
    UNIT,
    ZERO,
    Party,
    compact,
    european_call,
)
from test_open import raise_epoch
from world import CLOSED, DEFAULTED, OPEN, PROPOSED, TO_EACH, World, clause_digest

ESCROW = european_call(ZERO).escrow
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
BOND = ESCROW["bond"]
TRANSFEREE = Party("transferee")


@pytest.fixture
def open_world(world) -> World:
    world.opened()
    return world


def all_held(world) -> tuple[int, int, int]:
    return world.balance(BUYER), world.balance(SELLER), world.balance(world.vault().address)


# Exercise


def american(world, **changes) -> World:
    """Exercise is possible from ten days before the expiration."""
    start = world.terms.escrow["expirationTime"] - 10 * DAY
    world.terms = world.terms.changed(exerciseStart=start, exerciseStyle="American", **changes)
    world.opened()
    world.chain.time = start
    return world


def test_exercise_is_stored_and_told(either_world):
    world = american(either_world)
    before = all_held(world)
    time = world.chain.time
    receipt = world.exercise()
    assert receipt.ok, receipt.reason
    exercised_at = world.vault().read("details")[4]
    assert exercised_at == time
    about = {"agreementId": world.id(), "version": 1}
    assert world.vault().events_in(receipt) == [
        ("Exercised", about | {"holder": BUYER.address, "exercisedAt": exercised_at})
    ]
    assert all_held(world) == before
    assert world.vault().read("state")[0] == OPEN
    assert world.exercise().reason == "exercise: already exercised"


@pytest.mark.parametrize(
    "from_start, reason",
    [
        (-1, "exercise: before exerciseStart"),
        (0, None),
        (10 * DAY - 1, None),
        (10 * DAY, "exercise: expired"),
    ],
)
def test_when_exercise_is_possible(world, from_start, reason):
    american(world)
    world.chain.time += from_start
    assert world.exercise().reason == reason


def test_where_the_exercise_starts_at_the_expiration_there_is_none(world):
    expiration = world.terms.escrow["expirationTime"]
    world.terms = world.terms.changed(exerciseStart=expiration)
    world.opened()
    for time, reason in ((expiration - 1, "exercise: before exerciseStart"),
                         (expiration, "exercise: expired")):
        world.chain.time = time
        assert world.exercise().reason == reason


@pytest.mark.parametrize("late, reason", [(-1, None), (0, "exercise: validUntil passed")])
def test_a_notice_is_valid_until_then(world, late, reason):
    american(world)
    assert world.exercise(valid_until=world.chain.time - late).reason == reason


def test_only_the_buyer_exercises(world):
    american(world)
    for who in (SELLER, BUYER_WATCHER, OUTSIDER):
        assert world.exercise(who).reason == "exercise: not the buyer"
    by_seller = SELLER.sign(
        world.message(
            "ExerciseNotice", **world.about(), holder=BUYER.address, validUntil=2**40
        )
    )
    refused = world.exercise(valid_until=2**40, signature=by_seller)
    assert refused.reason == "exercise: buyer did not sign"


@pytest.mark.parametrize("stage", [PROPOSED, CLOSED])
def test_exercise_is_of_an_open_agreement(world, stage):
    """A proposal never meets an exercise: it comes after the expiration. An agreed end may come before."""
    american(world)
    if stage == CLOSED:
        assert world.settle(5).ok
        assert world.exercise().reason == "exercise: not open"
    else:
        world.chain.time = world.terms.escrow["settleFrom"]
        assert world.propose(BUYER, 5).ok
        assert world.exercise().reason == "exercise: not open"


def test_an_exercised_agreement_goes_on_to_a_proposal_and_a_dispute(world):
    american(world)
    assert world.exercise().ok
    at = world.chain.time
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    assert world.vault().read("details")[4] == at
    assert world.rule(7, TO_EACH, ARBITRATORS).ok


# Amendment


@pytest.mark.parametrize("buyer_more", [-20, 0, 30])
@pytest.mark.parametrize("seller_more", [-4_000, 0, 5_000])
def test_an_amendment_moves_what_the_collaterals_differ_by(world, buyer_more, seller_more):
    world.opened()
    before = all_held(world)
    escrow = world.terms.escrow
    amended = world.terms.changed(
        buyerCollateral=escrow["buyerCollateral"] + buyer_more * UNIT,
        sellerCollateral=escrow["sellerCollateral"] + seller_more * UNIT,
        defaultToBuyer=0,
        defaultToSeller=TOTAL + (buyer_more + seller_more) * UNIT,
        expirationTime=escrow["expirationTime"] + 1_800,
        strikePrice=1,
    )
    vault = world.vault()
    world.fund(SELLER, 5_000 * UNIT, vault.address)
    receipt = world.amend(amended)
    assert receipt.ok, receipt.reason
    assert vault.events_in(receipt) == [
        (
            "Amended",
            {"agreementId": world.id(), "version": 2, "terms": world.terms_hash(amended)},
        )
    ]
    assert all_held(world) == (
        before[0] - buyer_more * UNIT,
        before[1] + (5_000 - seller_more) * UNIT,
        TOTAL + (buyer_more + seller_more) * UNIT,
    )
    assert vault.read("state") == (OPEN, 2, ZERO, ZERO, 0, 0, 0, 0)
    world.follow(amended)
    assert vault.read("details")[1:4] == (
        world.id(), world.domain.digest("OptionTerms", amended.message()), 2
    )
    world.chain.time = amended.escrow["settleBy"]
    receipt = world.settle_by_default()
    assert vault.events_in(receipt)[0] == (
        "Settled",
        {
            "agreementId": world.id(),
            "version": 2,
            "route": DEFAULTED,
            "toBuyer": 0,
            "toSeller": amended.total(),
        },
    )
    assert world.balance(vault.address) == 0


def test_after_an_amendment_only_the_new_terms_and_version_count(open_world):
    world = open_world
    first = world.terms
    valid_until = world.chain.time + 3_600
    old_outcome = world.outcome_digest(5, TOTAL - 5, valid_until)
    amended = first.changed(salt=2)
    assert world.amend(amended).ok
    assert world.settle(5).reason == "vault: other terms"
    world.follow(amended)
    old = {"buyer": BUYER.sign(old_outcome), "seller": SELLER.sign(old_outcome)}
    stale = world.settle(5, valid_until=valid_until, **old)
    assert stale.reason == "settle: buyer did not sign"
    again = world.amend(first)
    assert again.ok
    world.follow(first)
    assert world.version == 3
    # The first terms again, yet version 1 stays void.
    stale = world.settle(5, valid_until=valid_until, **old)
    assert stale.reason == "settle: buyer did not sign"
    assert world.settle(5).ok


def test_an_amendment_is_used_once(open_world):
    world = open_world
    valid_until = world.chain.time + 3_600
    amended = world.terms.changed(salt=2)
    assert world.amend(amended, valid_until).ok
    world.follow(amended)
    digest_of_two = world.amend(amended, valid_until, version=2)
    assert digest_of_two.reason == "amend: buyer did not sign"


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"buyer": OUTSIDER.address}, "amend: other party"),
        ({"seller": OUTSIDER.address}, "amend: other party"),
        ({"token": OUTSIDER.address}, "amend: other token"),
        ({"premium": 401 * UNIT}, "amend: other premium"),
        ({"payoffKind": 3}, "amend: payoffKind"),
        ({"payoffKind": 255}, "amend: payoffKind"),
        ({"buyerEpoch": 1}, "amend: buyer epoch"),
        ({"sellerEpoch": 1}, "amend: seller epoch"),
        # Everything that opening asks of terms.
        ({"payoffKind": 1}, "open: clause of another payoffKind"),
        ({"deliveryToken": OUTSIDER.address}, "open: deliveryToken unsupported"),
        ({"settleBy": 0}, "open: settleBy too early"),
        ({"bond": 2**128}, "open: amount too large"),
        ({"arbitrationFee": 121 * UNIT}, "open: arbitrationFee above bond"),
        ({"defaultToBuyer": 0}, "open: default sum"),
        ({"observers": []}, "open: panel empty"),
        ({"buyerWatcher": SELLER.address}, "open: watcher is a party"),
        ({"arbitrators": [BUYER.address], "arbitratorThreshold": 1}, "open: panel member repeated"),
    ],
    ids=str,
)
def test_what_an_amendment_cannot_change(open_world, changes, reason):
    world = open_world
    before = all_held(world)
    assert world.amend(world.terms.changed(**changes)).reason == reason
    assert all_held(world) == before
    assert world.vault().read("state")[1] == 1


def test_terms_that_the_contract_computes_may_come_by_amendment(open_world):
    world = open_world
    amended = world.terms.changed(payoffKind=1, clause=clause_digest("european-call"))
    assert world.amend(amended).ok
    world.follow(amended)
    world.chain.time = amended.escrow["expirationTime"]
    assert world.observe(*(world.observation(who, 2_600 * 10**8) for who in OBSERVERS)).ok
    world.chain.time = amended.escrow["evidenceCloses"]
    assert world.settle_observed().ok
    assert world.balance(BUYER) == BOND + 1_050 * UNIT


def test_an_amendment_needs_both_signatures(open_world):
    world = open_world
    amended = world.terms.changed(salt=2)
    valid_until = world.chain.time + 9
    digest = world.message(
        "Amendment",
        agreementId=world.id(),
        version=2,
        terms=world.terms_hash(amended),
        validUntil=valid_until,
    )
    buyer, seller = BUYER.sign(digest), SELLER.sign(digest)
    refused = world.amend(amended, valid_until, buyer=seller)
    assert refused.reason == "amend: buyer did not sign"
    refused = world.amend(amended, valid_until, seller=buyer)
    assert refused.reason == "amend: seller did not sign"
    # Signed for these terms only.
    other = world.amend(world.terms.changed(salt=3), valid_until, buyer=buyer, seller=seller)
    assert other.reason == "amend: buyer did not sign"
    # The terms' digest as an agreement of its own is another message.
    as_terms = world.domain.digest("OptionTerms", amended.message())
    refused = world.amend(amended, buyer=BUYER.sign(as_terms), seller=SELLER.sign(as_terms))
    assert refused.reason == "amend: buyer did not sign"
    assert world.amend(amended, valid_until, buyer=compact(buyer), seller=seller).ok


@pytest.mark.parametrize("late, reason", [(-1, None), (0, "amend: validUntil passed")])
def test_an_amendment_is_valid_until_then(open_world, late, reason):
    world = open_world
    receipt = world.amend(world.terms.changed(salt=2), valid_until=world.chain.time - late)
    assert receipt.reason == reason


def test_a_raised_epoch_voids_amendments_signed_before(open_world):
    world = open_world
    assert raise_epoch(world, BUYER, 1).ok
    assert world.amend(world.terms.changed(salt=2)).reason == "amend: buyer epoch"
    assert world.amend(world.terms.changed(salt=2, buyerEpoch=1)).ok


@pytest.mark.parametrize("stage", ["proposed", "disputed", "exercised", "closed"])
def test_nothing_changes_while_something_is_pending(world, stage):
    american(world)
    reason = "not open"
    if stage == "exercised":
        assert world.exercise().ok
        reason = "exercised"
    elif stage == "closed":
        assert world.settle(5).ok
    else:
        world.chain.time = world.terms.escrow["settleFrom"]
        assert world.propose(BUYER, 5).ok
        if stage == "disputed":
            assert world.dispute(SELLER, 6).ok
    assert world.amend(world.terms.changed(salt=2)).reason == "amend: " + reason
    assert world.novate(SELLER, TRANSFEREE, BUYER).reason == "novate: " + reason


@pytest.mark.parametrize("who, more", [(BUYER, {"buyerCollateral": 171 * UNIT}),
                                       (SELLER, {"sellerCollateral": 10_121 * UNIT})],
                         ids=["buyer", "seller"])
def test_an_amendment_is_funded_in_the_call_or_does_not_happen(open_world, who, more):
    """Each party has its bond, 120, left to give."""
    world = open_world
    before = all_held(world)
    whole = TOTAL + 121 * UNIT
    amended = world.terms.changed(defaultToBuyer=0, defaultToSeller=whole, **more)
    assert world.amend(amended).reason == "amend: collateral refused"
    assert all_held(world) == before
    assert world.vault().read("details")[3] == 1
    world.fund(who, UNIT, world.vault().address)
    assert world.amend(amended).ok
    assert world.balance(world.vault().address) == whole


def test_an_amendment_that_delivers_short_is_refused():
    world = World(Revm(), "FeeToken", ())
    world.opened()
    world.token.send("setFee", 1)
    amended = world.terms.changed(
        buyerCollateral=60 * UNIT, defaultToBuyer=0, defaultToSeller=10_060 * UNIT
    )
    assert world.amend(amended).reason == "amend: collateral delivered short"


def test_collateral_given_back_to_a_refusing_party_is_a_claim():
    world = World(Revm(), "BlocklistToken", ())
    world.opened()
    world.token.send("setBlocked", SELLER.address, True)
    amended = world.terms.changed(
        sellerCollateral=6_000 * UNIT, defaultToBuyer=0, defaultToSeller=6_050 * UNIT
    )
    assert world.amend(amended).ok
    world.follow(amended)
    vault = world.vault()
    assert vault.read("claimOf", SELLER.address) == 4_000 * UNIT
    assert world.settle(5).ok
    assert vault.read("claimOf", SELLER.address) == 10_050 * UNIT - 5
    assert world.withdraw(SELLER, OUTSIDER.address, 10_050 * UNIT - 5).ok
    assert world.balance(vault.address) == 0


# Novation


@pytest.mark.parametrize("transferor, remaining, watcher",
                         [(BUYER, SELLER, ZERO), (SELLER, BUYER, Party("new watcher").address)],
                         ids=["buyer", "seller"])
@pytest.mark.parametrize("consideration", [0, 1, 700 * UNIT])
def test_a_party_is_replaced_and_paid(world, transferor, remaining, watcher, consideration):
    world.opened()
    vault = world.vault()
    world.fund(TRANSFEREE, consideration, vault.address)
    before = world.balance(transferor), world.balance(remaining), world.balance(vault.address)
    novated = world.novated(transferor, TRANSFEREE, watcher)
    receipt = world.novate(transferor, TRANSFEREE, remaining, consideration, watcher)
    assert receipt.ok, receipt.reason
    assert vault.events_in(receipt) == [
        (
            "Novated",
            {
                "agreementId": world.id(),
                "version": 2,
                "terms": world.terms_hash(novated),
                "transferor": transferor.address,
                "transferee": TRANSFEREE.address,
                "consideration": consideration,
            },
        )
    ]
    after = world.balance(transferor), world.balance(remaining), world.balance(vault.address)
    assert after == (before[0] + consideration, before[1], before[2])
    assert world.balance(TRANSFEREE) == 0
    world.follow(novated)
    digest = world.outcome_digest(5, TOTAL - 5, world.chain.time + 60)
    parties = {BUYER: BUYER, SELLER: SELLER} | {transferor: TRANSFEREE}
    old = world.settle(
        5, valid_until=world.chain.time + 60,
        buyer=BUYER.sign(digest), seller=SELLER.sign(digest),
    )
    assert old.reason.endswith("did not sign")
    digest = world.outcome_digest(5, TOTAL - 5, world.chain.time + 60)
    settled = world.settle(
        5, valid_until=world.chain.time + 60,
        buyer=parties[BUYER].sign(digest), seller=parties[SELLER].sign(digest),
    )
    assert settled.ok, settled.reason
    assert world.balance(TRANSFEREE) == (5 if transferor is BUYER else TOTAL - 5)


def test_the_new_watcher_watches_and_the_old_does_not(open_world):
    world = open_world
    watcher = Party("new watcher")
    assert world.novate(SELLER, TRANSFEREE, BUYER, watcher=watcher.address).ok
    world.follow(world.novated(SELLER, TRANSFEREE, watcher.address))
    for who in (SELLER_WATCHER, watcher):
        world.fund(who, BOND, world.vault().address)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER_WATCHER, 6).reason == "dispute: not entitled"
    assert world.dispute(SELLER, 6).reason == "dispute: not entitled"
    assert world.dispute(watcher, 6).ok


def test_a_novation_needs_all_three_signatures(open_world):
    world = open_world
    valid_until = world.chain.time + 9
    digest = world.message(
        "Novation",
        agreementId=world.id(),
        version=2,
        transferor=SELLER.address,
        transferee=TRANSFEREE.address,
        terms=world.terms_hash(world.novated(SELLER, TRANSFEREE)),
        consideration=0,
        validUntil=valid_until,
    )
    right = [who.sign(digest) for who in (SELLER, TRANSFEREE, BUYER)]
    stranger = OUTSIDER.sign(digest)
    for place, reason in enumerate(
        ("transferor did not sign", "transferee did not sign", "remaining party did not sign")
    ):
        signatures = [*right]
        signatures[place] = stranger
        refused = world.novate(
            SELLER, TRANSFEREE, BUYER, valid_until=valid_until, signatures=signatures
        )
        assert refused.reason == "novate: " + reason
    for change in ({"consideration": 1}, {"watcher": OUTSIDER.address}):
        refused = world.novate(
            SELLER, TRANSFEREE, BUYER, valid_until=valid_until, signatures=right, **change
        )
        assert refused.reason == "novate: transferor did not sign"
    assert world.novate(
        SELLER, TRANSFEREE, BUYER, valid_until=valid_until, signatures=right
    ).ok


@pytest.mark.parametrize("late, reason", [(-1, None), (0, "novate: validUntil passed")])
def test_a_novation_is_valid_until_then(open_world, late, reason):
    world = open_world
    receipt = world.novate(SELLER, TRANSFEREE, BUYER, valid_until=world.chain.time - late)
    assert receipt.reason == reason


@pytest.mark.parametrize(
    "transferor, transferee, changes, reason",
    [
        (OUTSIDER, TRANSFEREE, {}, "novate: transferor"),
        (SELLER, SELLER, {}, "novate: transferee"),
        (SELLER, BUYER, {}, "open: buyer is seller"),
        (SELLER, ARBITRATORS[0], {}, "open: panel member repeated"),
        (SELLER, BUYER_WATCHER, {}, "open: watcher is a party"),
        (SELLER, TRANSFEREE, {"watcher": BUYER.address}, "open: watcher is a party"),
        (SELLER, TRANSFEREE, {"watcher": ARBITRATORS[0].address}, "open: panel member repeated"),
        (SELLER, TRANSFEREE, {"epoch": 1}, "novate: epoch"),
    ],
    ids=str,
)
def test_who_cannot_take_part_in_a_novation(open_world, transferor, transferee, changes, reason):
    world = open_world
    remaining = BUYER if transferor is not BUYER else SELLER
    refused = world.novate(transferor, transferee, remaining, **changes)
    assert refused.reason == reason


def test_the_transferees_epoch_is_its_present_one(open_world):
    world = open_world
    assert raise_epoch(world, TRANSFEREE, 4).ok
    assert world.novate(SELLER, TRANSFEREE, BUYER).reason == "novate: epoch"
    assert world.novate(SELLER, TRANSFEREE, BUYER, epoch=4).ok


def test_a_raised_epoch_of_the_remaining_party_stops_no_novation(open_world):
    """The present terms name the old one, which was right when they opened."""
    world = open_world
    assert raise_epoch(world, BUYER, 1).ok
    assert world.novate(SELLER, TRANSFEREE, BUYER).ok


@pytest.mark.parametrize("short", ["allowance", "delivery"])
def test_a_novation_is_paid_in_the_call_or_does_not_happen(short):
    world = World(Revm(), "FeeToken", ())
    world.opened()
    if short == "allowance":
        reason = "novate: consideration refused"
    else:
        world.fund(TRANSFEREE, 9, world.vault().address)
        world.token.send("setFee", 1)
        reason = "novate: consideration delivered short"
    assert world.novate(SELLER, TRANSFEREE, BUYER, 9).reason == reason
    assert world.vault().read("details")[3] == 1


def test_a_novation_is_used_once_and_back_again(open_world):
    world = open_world
    valid_until = world.chain.time + 3_600
    first = world.terms
    assert world.novate(SELLER, TRANSFEREE, BUYER, valid_until=valid_until).ok
    world.follow(world.novated(SELLER, TRANSFEREE))
    watcher = first.escrow["sellerWatcher"]
    assert world.novate(TRANSFEREE, SELLER, BUYER, watcher=watcher).ok
    world.follow(world.novated(TRANSFEREE, SELLER, watcher))
    assert world.terms == first
    stale = world.novate(SELLER, TRANSFEREE, BUYER, valid_until=valid_until, version=2)
    assert stale.reason == "novate: transferor did not sign"
    assert world.settle(5).ok


def test_a_grown_version_leaves_the_rest_as_it_is(open_world):
    """The version is stored beside the rest; it grows by one."""
    world = open_world
    for salt in range(2, 12):
        amended = world.terms.changed(salt=salt)
        assert world.amend(amended).ok
        world.follow(amended)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok
    state = world.vault().read("state")
    assert state[:3] == (PROPOSED, 11, BUYER.address)
    assert world.dispute(SELLER, 6).ok
    assert world.vault().read("state")[1] == 11
