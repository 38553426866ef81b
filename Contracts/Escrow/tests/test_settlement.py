"""Agreed, proposed, disputed, finalised, default: who may act, when, and on which amounts."""

import pytest
from eth_utils import keccak

from terms import (
    BUYER,
    BUYER_WATCHER,
    OUTSIDER,
    SELLER,
    SELLER_WATCHER,
    UNIT,
    ZERO,
    compact,
    european_call,
    high_s,
)
from world import (
    AGREED,
    CLOSED,
    DEFAULTED,
    DISPUTED,
    FINALISED,
    OPEN,
    PROPOSED,
    World,
)

EVIDENCE = keccak(text="evidence")
ESCROW = european_call(ZERO).escrow
SETTLE_FROM, SETTLE_BY = ESCROW["settleFrom"], ESCROW["settleBy"]
WINDOW, RULING = ESCROW["disputeWindow"], ESCROW["rulingWindow"]
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
BOND = 120 * UNIT

# After opening each party holds its bond, and the seller the premium.
BUYER_HELD, SELLER_HELD = BOND, BOND + 400 * UNIT


@pytest.fixture
def open_world(world) -> World:
    world.opened()
    return world


@pytest.fixture
def proposed_world(open_world) -> World:
    """The buyer proposed 5,000 for itself at settleFrom."""
    open_world.chain.time = SETTLE_FROM
    assert open_world.propose(BUYER, 5_000 * UNIT).ok
    return open_world


@pytest.fixture
def disputed_world(proposed_world) -> World:
    """The seller answered with nothing for the buyer one second later."""
    proposed_world.chain.time += 1
    assert proposed_world.dispute(SELLER, 0).ok
    return proposed_world


def state(world):
    return world.vault().read("state")


def paid(world, to_buyer: int) -> bool:
    """The vault is closed and empty, and each holds its bond and its part."""
    held = world.balance(BUYER), world.balance(SELLER), world.balance(world.vault().address)
    expected = BUYER_HELD + to_buyer, SELLER_HELD + TOTAL - to_buyer, 0
    return state(world)[0] == CLOSED and held == expected


def settled_event(world, route: int, to_buyer: int):
    values = {
        "agreementId": world.id(),
        "version": 1,
        "route": route,
        "toBuyer": to_buyer,
        "toSeller": TOTAL - to_buyer,
    }
    return [("Settled", values)]


# Route 1: agreed


@pytest.mark.parametrize("to_buyer", [0, 1, 3_000 * UNIT, TOTAL - 1, TOTAL])
@pytest.mark.parametrize("stage", ["open_world", "proposed_world", "disputed_world"])
def test_agreed_in_each_state(request, stage, to_buyer):
    world = request.getfixturevalue(stage)
    receipt = world.settle(to_buyer)
    assert world.vault().events_in(receipt) == settled_event(world, AGREED, to_buyer)
    assert paid(world, to_buyer)
    assert world.settle(to_buyer).reason == "settle: closed"


def test_agreed_before_expiration_and_after_every_deadline(world):
    world.opened()
    assert world.settle(7).ok
    late = world.terms.changed(salt=2)
    world.opened(late)
    world.chain.time = SETTLE_BY + 10 * RULING
    assert world.settle(7, terms=late).ok


@pytest.mark.parametrize(
    "to_buyer, to_seller",
    [
        (TOTAL, 1),
        (TOTAL - 1, 0),
        (TOTAL + 1, 2**256 - 1),
        (2**256 - 1, TOTAL + 1),
        (0, TOTAL + 1),
        (0, 0),
        (TOTAL, TOTAL),
    ],
)
def test_parts_must_be_the_whole(open_world, to_buyer, to_seller):
    world = open_world
    assert world.settle(to_buyer, to_seller).reason == "settle: sum"
    world.chain.time = SETTLE_FROM
    assert world.propose(BUYER, to_buyer, to_seller=to_seller).reason == "propose: sum"
    assert world.propose(BUYER, 1).ok
    assert world.dispute(SELLER, to_buyer, to_seller=to_seller).reason == "dispute: sum"
    assert state(world)[0] == PROPOSED


def test_agreed_needs_both_signatures(open_world):
    world = open_world
    digest = world.outcome_digest(5, TOTAL - 5, world.chain.time + 3_600)
    buyer, seller = BUYER.sign(digest), SELLER.sign(digest)
    assert world.settle(5, buyer=seller, seller=buyer).reason == "settle: buyer did not sign"
    assert world.settle(5, seller=buyer).reason == "settle: seller did not sign"
    assert world.settle(5, buyer=OUTSIDER.sign(digest)).reason == "settle: buyer did not sign"
    assert world.settle(5, seller=high_s(seller)).reason == "signature: high s"
    assert world.settle(6, buyer=buyer, seller=seller).reason == "settle: buyer did not sign"
    assert world.settle(5, buyer=compact(buyer), seller=compact(seller)).ok


def test_an_outcome_serves_one_agreement(open_world):
    world = open_world
    digest = world.outcome_digest(5, TOTAL - 5, world.chain.time + 3_600)
    other = world.terms.changed(salt=2)
    world.opened(other)
    stolen = {"buyer": BUYER.sign(digest), "seller": SELLER.sign(digest)}
    assert world.settle(5, terms=other, **stolen).reason == "settle: buyer did not sign"
    assert world.settle(5, **stolen).ok


def test_another_version_is_not_signed(open_world):
    world = open_world
    valid_until = world.chain.time + 3_600
    digest = world.message(
        "Outcome",
        agreementId=world.id(),
        version=2,
        toBuyer=5,
        toSeller=TOTAL - 5,
        validUntil=valid_until,
    )
    wrong = world.settle(5, buyer=BUYER.sign(digest), seller=SELLER.sign(digest))
    assert wrong.reason == "settle: buyer did not sign"


@pytest.mark.parametrize("late, passed", [(-1, False), (0, True), (1, True)])
def test_valid_until_is_half_open(world, late, passed):
    terms = world.terms
    world.opened()
    world.chain.time = SETTLE_FROM
    valid_until = SETTLE_FROM - late
    agreed = world.settle(5, valid_until=valid_until)
    assert agreed.reason == ("settle: validUntil passed" if passed else None)

    other = terms.changed(salt=2)
    world.chain.time = terms.escrow["acceptBy"] - 1
    world.opened(other)
    world.chain.time = SETTLE_FROM
    proposed = world.propose(BUYER, 5, valid_until=valid_until, terms=other)
    assert proposed.reason == ("propose: validUntil passed" if passed else None)
    if passed:
        assert world.propose(BUYER, 5, terms=other).ok
    disputed = world.dispute(SELLER, 6, valid_until=valid_until, terms=other)
    assert disputed.reason == ("dispute: validUntil passed" if passed else None)


@pytest.mark.parametrize("act", ["settle", "propose", "dispute", "finalise", "settle_by_default"])
@pytest.mark.parametrize("change", [{"defaultToBuyer": 1}, {"buyer": OUTSIDER.address},
                                    {"strikePrice": 1}, {"token": ZERO}], ids=str)
def test_other_terms_are_refused_by_every_act(open_world, act, change):
    world = open_world
    other = world.terms.changed(**change)
    vault = world.vault()
    world.vault = lambda terms=None: vault
    world.chain.time = SETTLE_BY
    arguments = {"settle": (1,), "propose": (BUYER, 1), "dispute": (SELLER, 1)}.get(act, ())
    assert getattr(world, act)(*arguments, terms=other).reason == "vault: other terms"
    refused = world.withdraw(BUYER, OUTSIDER.address, 1, terms=other)
    assert refused.reason == "vault: other terms"


# Proposals


@pytest.mark.parametrize(
    "time, reason",
    [
        (SETTLE_FROM - 1, "propose: before settleFrom"),
        (SETTLE_FROM, None),
        (SETTLE_BY - 1, None),
        (SETTLE_BY, "propose: settleBy passed"),
    ],
)
@pytest.mark.parametrize("party", [BUYER, SELLER], ids=["buyer", "seller"])
def test_proposals_from_settle_from_until_settle_by(open_world, time, reason, party):
    world = open_world
    world.chain.time = time
    assert world.propose(party, 5).reason == reason
    assert state(world)[0] == (OPEN if reason else PROPOSED)


def test_a_proposal_is_stored_told_and_bonded(open_world):
    world = open_world
    world.chain.time = SETTLE_FROM + 9
    receipt = world.propose(SELLER, 8, evidence=keccak(text="other"), manifest=b"\1" * 32_768)
    assert world.vault().events_in(receipt) == [
        (
            "Proposed",
            {
                "agreementId": world.id(),
                "version": 1,
                "proposer": SELLER.address,
                "evidenceDigest": keccak(text="other"),
                "toBuyer": 8,
                "toSeller": TOTAL - 8,
                "proposedAt": SETTLE_FROM + 9,
            },
        )
    ]
    assert state(world) == (
        PROPOSED, 1, SELLER.address, ZERO, SETTLE_FROM + 9, 0, 8, TOTAL - 8
    )
    assert world.balance(SELLER) == SELLER_HELD - BOND
    assert world.balance(world.vault().address) == TOTAL + BOND


def test_a_manifest_beyond_32_kib_is_refused(open_world):
    world = open_world
    world.chain.time = SETTLE_FROM
    assert world.propose(BUYER, 5, manifest=b"\1" * 32_769).reason == ""
    assert world.propose(BUYER, 5, manifest=b"").ok
    assert world.dispute(SELLER, 6, manifest=b"\1" * 32_769).reason == ""
    assert world.dispute(SELLER, 6, manifest=b"").ok


@pytest.mark.parametrize("who", [OUTSIDER, BUYER_WATCHER, SELLER_WATCHER], ids=lambda who: who.name)
def test_only_parties_propose(open_world, who):
    open_world.chain.time = SETTLE_FROM
    assert open_world.propose(who, 5).reason == "propose: not a party"


def test_a_proposal_needs_its_proposers_signature(open_world):
    world = open_world
    world.chain.time = SETTLE_FROM
    valid_until = SETTLE_FROM + 3_600
    values = {
        **world.about(),
        "evidenceDigest": EVIDENCE,
        "toBuyer": 5,
        "toSeller": TOTAL - 5,
        "validUntil": valid_until,
    }
    right = world.message("Proposal", proposer=BUYER.address, **values)
    as_dispute = world.message("Dispute", disputer=BUYER.address, **values)
    as_outcome = world.outcome_digest(5, TOTAL - 5, valid_until)
    for signature in (
        SELLER.sign(right),
        BUYER.sign(as_dispute),
        BUYER.sign(as_outcome),
        BUYER.sign(world.message("Proposal", proposer=SELLER.address, **values)),
    ):
        assert world.propose(BUYER, 5, signature=signature).reason == (
            "propose: proposer did not sign"
        )
    other_evidence = world.propose(
        BUYER, 5, evidence=keccak(text="other"), signature=BUYER.sign(right)
    )
    assert other_evidence.reason == "propose: proposer did not sign"
    assert world.propose(BUYER, 5, signature=compact(BUYER.sign(right))).ok


@pytest.mark.parametrize("what", ["allowance", "balance"])
def test_a_proposal_needs_its_bond(open_world, what):
    world = open_world
    world.chain.time = SETTLE_FROM
    if what == "allowance":
        world.approve(BUYER, world.vault().address, BOND - 1)
    else:
        assert world.token.send("transfer", OUTSIDER.address, 1, sender=BUYER).ok
    assert world.propose(BUYER, 5).reason == "bond: refused"
    assert state(world) == (OPEN, 1, ZERO, ZERO, 0, 0, 0, 0)
    assert world.balance(world.vault().address) == TOTAL


def test_one_proposal_a_party(proposed_world):
    assert proposed_world.propose(BUYER, 5).reason == "propose: already proposed"
    assert proposed_world.propose(BUYER, 5_000 * UNIT).reason == "propose: already proposed"


def test_two_equal_proposals_settle_at_once(proposed_world):
    world = proposed_world
    receipt = world.propose(SELLER, 5_000 * UNIT, evidence=keccak(text="other"))
    assert world.vault().events_in(receipt) == settled_event(world, AGREED, 5_000 * UNIT)
    assert paid(world, 5_000 * UNIT)


def test_two_different_proposals_are_a_dispute(proposed_world):
    world = proposed_world
    world.chain.time += WINDOW - 1
    receipt = world.propose(SELLER, 5_000 * UNIT - 1)
    assert world.vault().events_in(receipt) == [
        (
            "Disputed",
            {
                "agreementId": world.id(),
                "version": 1,
                "disputer": SELLER.address,
                "evidenceDigest": EVIDENCE,
                "toBuyer": 5_000 * UNIT - 1,
                "toSeller": TOTAL - 5_000 * UNIT + 1,
                "disputedAt": SETTLE_FROM + WINDOW - 1,
            },
        )
    ]
    assert state(world) == (
        DISPUTED,
        1,
        BUYER.address,
        SELLER.address,
        SETTLE_FROM,
        SETTLE_FROM + WINDOW - 1,
        5_000 * UNIT,
        TOTAL - 5_000 * UNIT,
    )
    assert world.balance(world.vault().address) == TOTAL + 2 * BOND


@pytest.mark.parametrize("to_buyer", [5_000 * UNIT, 1])
def test_a_second_proposal_after_the_window_is_too_late(proposed_world, to_buyer):
    world = proposed_world
    world.chain.time += WINDOW
    assert world.propose(SELLER, to_buyer).reason == "propose: dispute window passed"
    assert world.finalise().ok
    assert world.propose(SELLER, to_buyer).reason == "propose: not open"


def test_a_second_proposal_ends_with_settle_by_though_the_window_is_open(open_world):
    """A dispute is still possible then."""
    world = open_world
    world.chain.time = SETTLE_BY - 1
    assert world.propose(BUYER, 5).ok
    world.chain.time = SETTLE_BY
    assert world.propose(SELLER, 6).reason == "propose: settleBy passed"
    assert world.settle_by_default().reason == "default: not open or disputed"
    assert world.dispute(SELLER, 6).ok


def test_nothing_is_proposed_in_a_dispute(disputed_world):
    assert disputed_world.propose(SELLER, 5).reason == "propose: not open"
    assert disputed_world.propose(BUYER, 5).reason == "propose: not open"


# Disputes


@pytest.mark.parametrize(
    "proposer, disputer, entitled",
    [
        (BUYER, SELLER, True),
        (BUYER, SELLER_WATCHER, True),
        (BUYER, BUYER, False),
        (BUYER, BUYER_WATCHER, False),
        (BUYER, OUTSIDER, False),
        (SELLER, BUYER, True),
        (SELLER, BUYER_WATCHER, True),
        (SELLER, SELLER, False),
        (SELLER, SELLER_WATCHER, False),
        (SELLER, OUTSIDER, False),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_who_may_dispute(open_world, proposer, disputer, entitled):
    world = open_world
    vault = world.vault().address
    if disputer not in (BUYER, SELLER):
        world.fund(disputer, BOND, vault)
    world.chain.time = SETTLE_FROM
    assert world.propose(proposer, 5).ok
    held = world.balance(disputer)
    receipt = world.dispute(disputer, 6)
    assert receipt.reason == (None if entitled else "dispute: not entitled")
    assert state(world)[0] == (DISPUTED if entitled else PROPOSED)
    if entitled:
        assert world.balance(disputer) == held - BOND
        assert world.balance(vault) == TOTAL + 2 * BOND
        world.chain.time += RULING
        assert world.settle_by_default().ok
        assert world.balance(disputer) == held + {BUYER: 3_050 * UNIT, SELLER: 7_000 * UNIT}.get(
            disputer, 0
        )
        assert world.balance(vault) == 0


def test_nobody_without_a_watcher_disputes_for_zero(world):
    world.terms = world.terms.changed(buyerWatcher=ZERO, sellerWatcher=ZERO)
    world.opened()
    world.chain.time = SETTLE_FROM
    assert world.propose(BUYER, 5).ok
    nobody = world.act(
        "dispute", ZERO, EVIDENCE, 6, TOTAL - 6, SETTLE_FROM + 9, b"\0" * 65, b""
    )
    assert nobody.reason == "signature: v"
    for v in (27, 28):
        nobody = world.act(
            "dispute", ZERO, EVIDENCE, 6, TOTAL - 6, SETTLE_FROM + 9, b"\0" * 64 + bytes([v]), b""
        )
        assert nobody.reason == "signature: no signer"


@pytest.mark.parametrize(
    "after, reason",
    [(0, None), (WINDOW - 1, None), (WINDOW, "dispute: dispute window passed")],
)
def test_the_dispute_window_is_half_open(proposed_world, after, reason):
    world = proposed_world
    world.chain.time = SETTLE_FROM + after
    assert world.dispute(SELLER, 6).reason == reason


def test_a_dispute_is_stored_told_and_bonded(proposed_world):
    world = proposed_world
    world.chain.time += 77
    receipt = world.dispute(SELLER, 6, evidence=keccak(text="other"))
    assert world.vault().events_in(receipt) == [
        (
            "Disputed",
            {
                "agreementId": world.id(),
                "version": 1,
                "disputer": SELLER.address,
                "evidenceDigest": keccak(text="other"),
                "toBuyer": 6,
                "toSeller": TOTAL - 6,
                "disputedAt": SETTLE_FROM + 77,
            },
        )
    ]
    assert state(world) == (
        DISPUTED,
        1,
        BUYER.address,
        SELLER.address,
        SETTLE_FROM,
        SETTLE_FROM + 77,
        5_000 * UNIT,
        TOTAL - 5_000 * UNIT,
    )
    assert world.balance(SELLER) == SELLER_HELD - BOND


def test_a_dispute_needs_another_outcome_a_signature_and_a_bond(proposed_world):
    world = proposed_world
    assert world.dispute(SELLER, 5_000 * UNIT).reason == "dispute: equals the proposal"
    values = {
        **world.about(),
        "evidenceDigest": EVIDENCE,
        "toBuyer": 6,
        "toSeller": TOTAL - 6,
        "validUntil": world.chain.time + 3_600,
    }
    as_proposal = SELLER.sign(world.message("Proposal", proposer=SELLER.address, **values))
    by_buyer = BUYER.sign(world.message("Dispute", disputer=SELLER.address, **values))
    for signature in (as_proposal, by_buyer):
        wrong = world.dispute(SELLER, 6, signature=signature)
        assert wrong.reason == "dispute: disputer did not sign"
    world.approve(SELLER, world.vault().address, BOND - 1)
    assert world.dispute(SELLER, 6).reason == "bond: refused"
    assert state(world)[0] == PROPOSED
    world.approve(SELLER, world.vault().address, BOND)
    assert world.dispute(SELLER, 6).ok


def test_nothing_to_dispute(open_world):
    world = open_world
    world.chain.time = SETTLE_FROM
    assert world.dispute(SELLER, 6).reason == "dispute: nothing proposed"
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    assert world.dispute(SELLER, 7).reason == "dispute: nothing proposed"


# Finalise and default


@pytest.mark.parametrize(
    "after, reason",
    [(WINDOW - 1, "finalise: dispute window open"), (WINDOW, None), (10 * WINDOW, None)],
)
def test_finalise_from_the_end_of_the_window(proposed_world, after, reason):
    world = proposed_world
    world.chain.time = SETTLE_FROM + after
    receipt = world.finalise()
    assert receipt.reason == reason
    if reason is None:
        assert world.vault().events_in(receipt) == settled_event(world, FINALISED, 5_000 * UNIT)
        assert paid(world, 5_000 * UNIT)
        assert world.finalise().reason == "finalise: nothing proposed"


def test_nothing_to_finalise(open_world):
    world = open_world
    world.chain.time = SETTLE_BY + WINDOW
    assert world.finalise().reason == "finalise: nothing proposed"


def test_a_dispute_is_never_finalised(disputed_world):
    disputed_world.chain.time += 100 * RULING
    assert disputed_world.finalise().reason == "finalise: nothing proposed"


@pytest.mark.parametrize(
    "time, reason", [(SETTLE_BY - 1, "default: before settleBy"), (SETTLE_BY, None)]
)
def test_default_after_silence(open_world, time, reason):
    world = open_world
    world.chain.time = time
    receipt = world.settle_by_default()
    assert receipt.reason == reason
    if reason is None:
        assert world.vault().events_in(receipt) == settled_event(world, DEFAULTED, 3_050 * UNIT)
        assert paid(world, 3_050 * UNIT)


@pytest.mark.parametrize("after, reason", [(RULING - 1, "default: ruling window open"),
                                           (RULING, None)])
def test_default_after_a_frozen_dispute(disputed_world, after, reason):
    world = disputed_world
    world.chain.time = SETTLE_FROM + 1 + after
    receipt = world.settle_by_default()
    assert receipt.reason == reason
    if reason is None:
        assert world.vault().events_in(receipt) == settled_event(world, DEFAULTED, 3_050 * UNIT)
        assert paid(world, 3_050 * UNIT)


def test_a_proposal_never_defaults(proposed_world):
    world = proposed_world
    world.chain.time = SETTLE_BY + 100 * RULING
    assert world.settle_by_default().reason == "default: not open or disputed"
    assert world.finalise().ok


def test_closed_is_final(open_world):
    world = open_world
    world.chain.time = SETTLE_FROM
    assert world.settle(5).ok
    before = state(world)
    assert world.settle(5).reason == "settle: closed"
    assert world.propose(BUYER, 5).reason == "propose: not open"
    assert world.dispute(SELLER, 5).reason == "dispute: nothing proposed"
    assert world.finalise().reason == "finalise: nothing proposed"
    world.chain.time = SETTLE_BY + RULING
    assert world.settle_by_default().reason == "default: not open or disputed"
    refused = world.withdraw(BUYER, BUYER.address, 0)
    assert refused.reason == "withdraw: not the claim"
    assert state(world) == before
    assert paid(world, 5)


def test_all_without_a_bond(world):
    world.terms = world.terms.changed(bond=0, arbitrationFee=0)
    world.opened()
    world.chain.time = SETTLE_FROM
    assert world.propose(BUYER, 5).ok
    assert world.dispute(SELLER, 6).ok
    world.chain.time += RULING
    receipt = world.settle_by_default()
    assert receipt.ok
    assert len(receipt.logs) == 3  # Settled and two payouts
    assert world.balance(world.vault().address) == 0


def test_a_gift_to_the_vault_changes_nothing(world):
    """Before opening and after: amounts are the terms', never the balance."""
    vault = world.vault().address
    world.token.send("mint", vault, 9)
    world.opened()
    world.token.send("mint", vault, 4)
    assert world.settle(5).ok
    assert world.balance(BUYER) == BUYER_HELD + 5
    assert world.balance(SELLER) == SELLER_HELD + TOTAL - 5
    assert world.balance(vault) == 13
