"""Failures that other escrows, oracles and option contracts are known for, each tried here by its name.

The numbers are those of the list in INVARIANTS.md, which also says where a part of it is tried elsewhere.
"""

import pytest
from eth_utils import keccak

import test_wallets
from evm import CARRIER, Revm
from sequences.pyevm import PyEvm
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    DAY,
    HOUR,
    NOW,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    UNIT,
    Party,
    compact,
    high_s,
)
from test_delivery import DeliveryWorld, opened as opened_delivery
from test_open import raise_epoch
from world import CLOSED, DISPUTED, OPEN, PROPOSED, TO_DISPUTER, TO_PROPOSER, World, clause_digest

STRANGER = Party("stranger")
FALLBACK = [Party(f"fallback arbitrator {index}") for index in range(3)]
USD = 10**8
TRANSFER = keccak(text="Transfer(address,address,uint256)")


def at(world: World, name: str) -> World:
    world.chain.time = world.terms.escrow[name]
    return world


def observed(world: World) -> World:
    world.terms = world.terms.changed(payoffKind=1, clause=clause_digest("european-call"))
    world.opened()
    return at(world, "expirationTime")


def disputed(world: World) -> World:
    world.opened()
    at(world, "settleFrom")
    assert world.propose(BUYER, 5_000 * UNIT).ok
    assert world.dispute(SELLER, 0).ok
    return world


def test_failure_01_malleable_signatures(world):
    """The other form of a signature is the same act, and the mirrored one is none."""
    world.opened()
    until = NOW + HOUR
    digest = world.outcome_digest(100, world.terms.total() - 100, until)
    by_buyer, by_seller = BUYER.sign(digest), SELLER.sign(digest)
    mirrored = world.settle(100, valid_until=until, buyer=high_s(by_buyer), seller=by_seller)
    assert mirrored.reason == "signature: high s"
    assert world.settle(100, valid_until=until, buyer=compact(by_buyer), seller=by_seller).ok
    again = world.settle(100, valid_until=until, buyer=by_buyer, seller=compact(by_seller))
    assert again.reason == "settle: closed"


@pytest.mark.parametrize("v", [0, 1, 26, 29])
def test_failure_02_v_of_zero_or_one(world, v):
    """The contract takes 27 and 28 only; what hardware gives is put right before it is sent."""
    world.fund_both()
    signature = BUYER.sign(world.id())
    assert world.open(buyer=signature[:64] + bytes([v])).reason == "signature: v"
    assert world.open(buyer=signature).ok


def test_failure_03_replay_after_a_chain_split():
    """On the other branch the same deployed escrow asks for another digest, and for signatures of it."""
    chain = PyEvm()
    world = World(chain)
    world.fund_both()
    signatures = BUYER.sign(world.id()), SELLER.sign(world.id())
    chain.context._chain_id += 1
    before, after = world.id(), world.factory.read("digestOf", world.terms_tuple(world.terms))
    assert before != after
    refused = world.open(buyer=signatures[0], seller=signatures[1])
    assert refused.reason == "open: buyer did not sign"
    chain.context._chain_id -= 1
    assert world.open(buyer=signatures[0], seller=signatures[1]).ok


def test_failure_04_replay_across_deployments(world):
    signatures = BUYER.sign(world.id()), SELLER.sign(world.id())
    other = world.deploy_factory()
    arguments = world.escrow_tuple(), world.terms.economics_hash(), *signatures
    assert other.send("open", *arguments).reason == "open: buyer did not sign"


def test_failure_05_one_signature_for_two_acts(world):
    """Proposal and Dispute have the same members; so have Appeal and ExerciseNotice."""
    world.opened()
    at(world, "settleFrom")
    assert world.propose(BUYER, 5_000 * UNIT).ok
    until, to_buyer = world.chain.time + HOUR, 1
    digest = world.message(
        "Proposal", **world.about(), proposer=SELLER.address, evidenceDigest=keccak(text="evidence"),
        toBuyer=to_buyer, toSeller=world.terms.total() - to_buyer, validUntil=until,
    )
    signature = SELLER.sign(digest)
    crossed = world.dispute(SELLER, to_buyer, valid_until=until, signature=signature)
    assert crossed.reason == "dispute: disputer did not sign"
    assert world.propose(SELLER, to_buyer, valid_until=until, signature=signature).ok


def test_failure_06_replay_between_wallets_of_one_owner():
    test_wallets.test_one_wallets_signature_is_not_anothers_of_the_same_owners()


def test_failure_07_nonce_of_the_wallet_while_a_delegate_signs(world):
    """An epoch is the party's own: no watcher raises it, and a watcher's own changes nothing."""
    assert raise_epoch(world, BUYER, 1, signer=BUYER_WATCHER).reason == "raiseEpoch: party did not sign"
    assert raise_epoch(world, BUYER_WATCHER, 1).ok
    assert world.opened()


def test_failure_08_signer_chooses_the_verifier(world):
    """The panel is in the agreement's id: other judges in the terms are other terms."""
    disputed(world)
    friends = [STRANGER.address]
    other = world.terms.changed(arbitrators=friends, arbitratorThreshold=1)
    receipt = world.vault().send(
        "rule", world.escrow_tuple(other), other.economics_hash(), 1, b"\0" * 32, 0,
        world.terms.total(), 0, friends, [STRANGER.sign(b"\1" * 32)],
    )
    assert receipt.reason == "vault: other terms"
    assert world.rule(0, 0, [STRANGER, ARBITRATORS[0]]).reason == "rule: not an arbitrator"


def test_failure_11_any_expiry_price_is_pushed(world):
    """Only the named, once, of the fixing itself; and not before it nor after the evidence closed."""
    observed(world)
    price = world.observation
    assert world.observe(price(STRANGER, 3_000 * USD)).reason == "observe: not an observer"
    escrow = world.terms.escrow
    early = price(OBSERVERS[0], 3_000 * USD, observedAt=escrow["expirationTime"] - 1)
    assert world.observe(early).reason == "observe: not the fixing"
    future = price(OBSERVERS[0], 3_000 * USD, publishedAt=world.chain.time + 1)
    assert world.observe(future).reason == "observe: published later than now"
    assert world.observe(price(OBSERVERS[0], 3_000 * USD), price(OBSERVERS[1], 3_000 * USD)).ok
    assert world.observe(price(OBSERVERS[0], 9_000 * USD)).ok  # makes it absent
    at(world, "evidenceCloses")
    late = price(OBSERVERS[2], 3_000 * USD)
    assert world.observe(late).reason == "observe: evidence closed"
    assert world.settle_observed().reason == "observed: no price"


def test_failure_12_rounding_above_the_collateral(world):
    """At any price the buyer's part ends at the collateral, and the seller's is the rest of the whole."""
    world.terms = world.terms.changed(quantity=3 * 10**18 + 1)
    observed(world)
    highest = 2**128 - 1
    assert world.observe(*(world.observation(each, highest) for each in OBSERVERS)).ok
    at(world, "evidenceCloses")
    receipt = world.settle_observed()
    assert receipt.ok, receipt.reason
    [settled] = [each for name, each in world.vault().events_in(receipt) if name == "Settled"]
    assert (settled["toBuyer"], settled["toSeller"]) == (world.terms.total(), 0)


@pytest.mark.parametrize("name", ["premium", "buyerCollateral", "sellerCollateral", "bond"])
def test_failure_14_overflow_and_negative_amounts(world, name):
    """What would wrap is refused by bounds before anybody's signature is looked at."""
    for value in (2**128, 2**255, 2**256 - 1):
        assert world.open(world.terms.changed(**{name: value})).reason == "open: amount too large"
    world.opened()
    total = world.terms.total()
    for to_buyer, to_seller in ((2**256 - 1, total + 1), (total + 1, 2**256 - 1)):
        assert world.settle(to_buyer, to_seller).reason == "settle: sum"


def test_failure_15_the_same_money_counts_twice():
    """No native coin is taken, and one exercise spends the option."""
    world = opened_delivery()
    world.fund_exercise()
    world.fund_exercise()
    world.chain.evm.set_balance(CARRIER.address, 10**18)
    assert not world.exercise(value=1).ok
    assert world.exercise().ok
    assert world.exercise().reason == "exercise: closed"


@pytest.mark.parametrize("second, exercises", [(-1, True), (0, False)])
def test_failure_16_undefined_at_the_second_of_expiry(second, exercises):
    """In each second exactly one of the two is possible."""
    world = opened_delivery()
    world.fund_exercise()
    world.chain.time = world.terms.escrow["expirationTime"] + second
    start = world.chain.snapshot()
    assert world.exercise().ok == exercises
    world.chain.restore(start)
    assert world.act("expire").ok == (not exercises)


def test_failure_17_exercise_forgotten(world):
    """In cash nobody has to exercise: the price pays whoever carries it. To deliver there must be time."""
    observed(world)
    assert world.observe(*(world.observation(each, 2_600 * USD) for each in OBSERVERS[:2])).ok
    at(world, "evidenceCloses")
    before = world.balance(BUYER)
    assert world.settle_observed().ok
    assert world.balance(BUYER) - before == (50 + 1_000) * UNIT
    delivery = DeliveryWorld(Revm())
    delivery.terms = delivery.terms.changed(exerciseStart=delivery.terms.escrow["expirationTime"])
    assert delivery.open().reason == "open: no time to exercise"


def test_failure_18_seller_moves_the_vault_away():
    """The seller alone can neither end, change nor hand on what the buyer signed a notice for."""
    world = opened_delivery()
    world.fund_exercise()
    until = world.chain.time + DAY
    notice = BUYER.sign(world.notice(until))
    whole = (50 * UNIT, 0), (0, world.terms.escrow["sellerCollateral"])
    alone = SELLER.sign(keccak(text="mine"))
    assert world.settle(*whole, buyer=alone).reason == "settle: buyer did not sign"
    assert world.act("expire").reason == "expire: not expired"
    for name in ("amend", "novate"):
        assert name not in world.vault().functions
    world.chain.time += HOUR
    assert world.exercise(until, notice).ok


def test_failure_19_a_stale_or_late_price_blocks(world):
    """Without a price every other way stays open; a price of another second is none."""
    observed(world)
    stale = world.observation(
        OBSERVERS[0], 3_000 * USD, observedAt=world.terms.escrow["expirationTime"] - 60
    )
    assert world.observe(stale).reason == "observe: not the fixing"
    at(world, "settleFrom")
    assert world.settle_observed().reason == "observed: no price"
    assert world.propose(SELLER, 0).ok
    world.chain.time += world.terms.escrow["disputeWindow"]
    assert world.finalise().ok


def test_failure_23_a_receiver_blocks_the_resolution():
    """A ruling is executed once and whole, whoever of its receivers refuses the money."""
    world = disputed(World(Revm(), "BlocklistToken", ()))
    for who in (BUYER, SELLER, *ARBITRATORS):
        world.token.send("setBlocked", who.address, True)
    assert world.rule(1_000 * UNIT, TO_DISPUTER, ARBITRATORS[:2]).ok
    vault = world.vault()
    assert vault.read("state")[0] == CLOSED
    owed = sum(vault.read("claimOf", who.address) for who in (BUYER, SELLER, *ARBITRATORS))
    assert owed == world.balance(vault.address)
    assert world.rule(0, TO_DISPUTER, ARBITRATORS[:2]).reason == "rule: not disputed"


def test_failure_24_arbitration_fee_bullying(world):
    """The fee is in the terms, at most the bond that both put up; the loser bears it, nobody pays later."""
    above = world.terms.changed(arbitrationFee=world.terms.escrow["bond"] + 1)
    assert world.open(above).reason == "open: arbitrationFee above bond"
    disputed(world)
    fee, bond = world.terms.escrow["arbitrationFee"], world.terms.escrow["bond"]
    before = world.balance(SELLER)
    assert world.rule(0, TO_DISPUTER, ARBITRATORS[:2]).ok
    assert world.balance(SELLER) - before == world.terms.total() + 2 * bond - fee
    assert [world.balance(each) for each in ARBITRATORS] == [fee // 2, fee // 2, 0]


def test_failure_25_silent_arbitrators(world):
    """The fallback panel may rule after them, and silence of all pays what the terms say."""
    world.terms = world.terms.changed(
        fallbackArbitrators=[each.address for each in FALLBACK], fallbackThreshold=2
    )
    disputed(world)
    window = world.terms.escrow["rulingWindow"]
    world.chain.time += window
    late = world.rule(0, TO_PROPOSER, ARBITRATORS[:2])
    assert late.reason == "rule: ruling window passed"
    start = world.chain.snapshot()
    assert world.rule(0, TO_PROPOSER, FALLBACK[:2], round=2).ok
    world.chain.restore(start)
    assert world.settle_by_default().reason == "default: ruling window open"
    world.chain.time += window
    assert world.settle_by_default().ok


@pytest.mark.parametrize("blocked, other", [(BUYER, SELLER), (SELLER, BUYER)], ids=["buyer", "seller"])
def test_failure_26_a_blocked_receiver_freezes_the_other(blocked, other):
    world = World(Revm(), "BlocklistToken", ())
    vault = world.opened()
    world.token.send("setBlocked", blocked.address, True)
    held = world.balance(other)
    assert world.settle(3_000 * UNIT).ok
    paid = 3_000 * UNIT if other is BUYER else world.terms.total() - 3_000 * UNIT
    assert world.balance(other) - held == paid
    owed = vault.read("claimOf", blocked.address)
    assert owed == world.terms.total() - paid
    assert world.withdraw(blocked, OUTSIDER.address, owed).ok


def test_failure_27_gas_burnt_or_money_sent_back_claims_twice():
    burning = World(Revm(), "HungryToken", ())
    vault = burning.opened()
    burning.token.send("setBurns", 10**9)
    assert burning.settle(500, gas=1_200_000).ok
    assert vault.read("claimOf", BUYER.address) == 500

    returning = World(Revm(), "SendBackToken", ())
    vault = returning.opened()
    returning.token.send("setSendsBack", BUYER.address, True)
    assert returning.settle(500).ok
    assert vault.read("claimOf", BUYER.address) == 0  # it was paid; what it did then is its own
    assert returning.withdraw(BUYER, OUTSIDER.address, 500).reason == "withdraw: not the claim"


def test_failure_28_fees_and_rebasing():
    """What takes a fee is refused when it is funded; what shrinks later harms its own agreement alone."""
    taxing = World(Revm(), "FeeToken", ())
    taxing.token.send("setFee", 1)
    taxing.fund_both()
    assert taxing.open().reason == "open: premium delivered short"

    shrinking = World(Revm(), "RebasingToken", ())
    shrinking.opened()
    plain = shrinking.deploy_token("PlainToken", "Other", "OTHER", 6)
    hostile, shrinking.token = shrinking.token, plain
    other = shrinking.terms.changed(token=plain.address)
    shrinking.opened(other)
    hostile.send("setIndex", 10**17)
    assert shrinking.settle(500, terms=other).ok
    assert plain.read("balanceOf", BUYER.address) == 500 + other.escrow["bond"]
    assert shrinking.settle(500).ok


def test_failure_29_reentrancy():
    """From a payout every act of the vault is refused, and the money moves once."""
    world = World(Revm(), "ReentrantToken", ())
    vault = world.opened()
    at(world, "settleBy")
    inner = vault.data("settleByDefault", world.escrow_tuple(), world.terms.economics_hash())
    world.token.send("setCall", vault.address, inner)
    assert world.settle_by_default().ok
    assert world.token.read("calls") == 2 and not world.token.read("entered")
    assert world.balance(vault.address) == 0


def test_failure_30_a_free_option_by_not_funding(world):
    """Nothing is taken from one side before the other pays, the offer ends, and it can be called back."""
    vault = world.vault().address
    escrow = world.terms.escrow
    world.fund(BUYER, escrow["premium"] + escrow["buyerCollateral"], vault)
    assert world.open().reason == "open: sellerCollateral refused"
    assert world.balance(BUYER) == escrow["premium"] + escrow["buyerCollateral"]
    world.fund(SELLER, escrow["sellerCollateral"], vault)
    start = world.chain.snapshot()
    at(world, "acceptBy")
    assert world.open().reason == "open: acceptBy passed"
    world.chain.restore(start)
    assert raise_epoch(world, BUYER, 1).ok
    assert world.open().reason == "open: buyer epoch"


def test_failure_31_an_outsider_challenges_with_what_it_saw(world):
    """Neither a copied signature nor terms of its own making give a stranger a say."""
    world.opened()
    at(world, "settleFrom")
    assert world.propose(BUYER, 5_000 * UNIT).ok
    assert world.dispute(STRANGER, 0).reason == "dispute: not entitled"
    world.terms, kept = world.terms.changed(sellerWatcher=STRANGER.address), world.terms
    forged = world.terms
    receipt = world.vault(kept).send(
        "dispute", world.escrow_tuple(forged), forged.economics_hash(), STRANGER.address, b"\0" * 32,
        0, forged.total(), NOW + 10**9, STRANGER.sign(b"\1" * 32), b"",
    )
    assert receipt.reason == "vault: other terms"


def test_failure_32_events_of_unchecked_data(world):
    """An event tells what is stored; what is refused tells nothing."""
    vault = world.opened()
    at(world, "settleFrom")
    refused = world.propose(BUYER, 5_000 * UNIT, to_seller=1)
    assert refused.reason == "propose: sum" and refused.logs == []
    receipt = world.propose(BUYER, 5_000 * UNIT)
    [(name, told)] = vault.events_in(receipt)
    _, version, proposer, _, at_, _, to_buyer, to_seller = vault.read("state")
    assert name == "Proposed"
    assert (told["version"], told["proposer"], told["proposedAt"], told["toBuyer"], told["toSeller"]) == (
        version, proposer, at_, to_buyer, to_seller
    )


def test_failure_33_another_amount_is_sent_than_told():
    """The token's own events are the vault's: in cash and, in both tokens, for a delivery."""
    world = World(Revm())
    vault = world.opened()
    receipt = world.settle(3_000 * UNIT)
    [(_, told)] = vault.events_in(receipt)
    sent = transfers(world.token, receipt)
    assert [amount for _, _, amount in sent] == [told["toBuyer"], told["toSeller"]]

    delivery = opened_delivery()
    delivery.fund_exercise()
    receipt = delivery.exercise()
    [told] = [each for name, each in delivery.vault().events_in(receipt) if name == "DeliverySettled"]
    paid = sum(amount for source, _, amount in transfers(delivery.token, receipt)
               if source == delivery.vault().address.lower())
    assert paid == told["toBuyer"] + told["toSeller"]
    given = sum(amount for source, _, amount in transfers(delivery.delivery, receipt)
                if source == delivery.vault().address.lower())
    assert given == told["deliveryToBuyer"] + told["deliveryToSeller"]


def transfers(token, receipt) -> list[tuple[str, str, int]]:
    """Sender, receiver, amount of the token's Transfer events."""
    return [
        ("0x" + topics[1][12:].hex(), "0x" + topics[2][12:].hex(), int.from_bytes(data, "big"))
        for address, topics, data in receipt.logs
        if address == token.address and topics[0] == TRANSFER
    ]


def test_failure_34_a_queue_filled_by_anybody(world):
    """No list grows by what others send: one proposal a party, one dispute, one slot an observer."""
    observed(world)
    prices = [world.observation(OBSERVERS[0], 3_000 * USD)] * 15
    assert world.observe(*prices).ok
    too_many = [world.observation(OBSERVERS[0], 3_000 * USD)] * 16
    assert world.observe(*too_many).reason == ""
    at(world, "settleFrom")
    assert world.propose(BUYER, 1).ok
    assert world.propose(BUYER, 2).reason == "propose: already proposed"
    assert world.dispute(SELLER, 2).ok
    assert world.dispute(SELLER, 3).reason == "dispute: nothing proposed"
    assert world.propose(SELLER, 3).reason == "propose: not open"


def test_failure_37_sums_over_different_tokens_or_agreements(world):
    """Each token is whole by itself, and one agreement's money pays no other's."""
    delivery = opened_delivery()
    total = delivery.terms.escrow["sellerCollateral"] + delivery.terms.escrow["buyerCollateral"]
    assert delivery.settle((total, 0), (0, 0)).reason == "settle: sum"

    first, second = world.terms, world.terms.changed(salt=2)
    one, two = world.opened(first), world.opened(second)
    held = world.balance(two.address)
    assert world.settle(0, terms=first).ok
    assert (world.balance(one.address), world.balance(two.address)) == (0, held)


@pytest.mark.parametrize("stage", ["proposed", "disputed"])
def test_failure_38_rules_changed_while_a_case_runs(world, stage):
    """Windows and panels are the signed terms'; they cannot be amended from the first proposal on."""
    vault = world.opened()
    at(world, "settleFrom")
    assert world.propose(BUYER, 5_000 * UNIT).ok
    if stage == "disputed":
        assert world.dispute(SELLER, 0).ok
    shorter = world.terms.changed(disputeWindow=1, rulingWindow=1)
    amended = world.amend(shorter)
    assert amended.reason == "amend: not open"
    for party in (BUYER, SELLER):
        assert raise_epoch(world, party, 5).ok
    assert vault.read("state")[0] == (DISPUTED if stage == "disputed" else PROPOSED)
    window = "rulingWindow" if stage == "disputed" else "disputeWindow"
    world.chain.time += world.terms.escrow[window]
    assert (world.settle_by_default() if stage == "disputed" else world.finalise()).ok


def test_failure_40_a_stranger_takes_a_private_deal(world):
    """The named seller's signature opens it, and nobody else's money or signature does."""
    world.fund_both()
    assert world.open(seller=STRANGER.sign(world.id())).reason == "open: seller did not sign"
    instead = world.terms.changed(seller=STRANGER.address)
    assert world.open(instead, buyer=BUYER.sign(world.id())).reason == "open: buyer did not sign"
    assert world.open().ok
    assert world.balance(SELLER) == (400 + 120) * UNIT and world.balance(STRANGER) == 0
    assert world.vault().read("state")[0] == OPEN
