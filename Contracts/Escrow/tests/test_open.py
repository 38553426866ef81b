"""Opening: everything moves, or nothing does."""

import pytest

from evm import Revm
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    DAY,
    NOW,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    SELLER_WATCHER,
    UNIT,
    ZERO,
    Party,
    compact,
    high_s,
)
from world import OPEN, World

YEAR = 365 * DAY
TOO_MUCH = 2**128
MEMBERS = [Party(f"member {index}").address for index in range(16)]


def untouched(world, terms=None) -> bool:
    """Nothing moved and no vault stands."""
    vault = world.vault(terms).address
    held = (world.balance(BUYER), world.balance(SELLER), world.balance(vault))
    return held == (570 * UNIT, 10_120 * UNIT, 0) and world.chain.code(vault) == b""


def refused(world, reason: str, terms=None, **signatures) -> bool:
    receipt = world.open(terms, **signatures)
    assert receipt.reason == reason
    return untouched(world, terms)


def test_events_and_answer(world):
    world.fund_both()
    receipt = world.open()
    vault = world.vault()
    assert receipt.output[-20:] == bytes.fromhex(vault.address[2:])
    assert world.factory.events_in(receipt) == [
        ("VaultOpened", {"agreementId": world.id(), "vault": vault.address})
    ]
    assert vault.events_in(receipt) == [
        (
            "Opened",
            {
                "agreementId": world.id(),
                "premium": 400 * UNIT,
                "buyerCollateral": 50 * UNIT,
                "sellerCollateral": 10_000 * UNIT,
            },
        )
    ]
    assert vault.read("state") == (OPEN, 1, ZERO, ZERO, 0, 0, 0, 0)
    # The allowances left are the bonds', no more was taken.
    assert world.token.read("allowance", BUYER.address, vault.address) == 120 * UNIT
    assert world.token.read("allowance", SELLER.address, vault.address) == 120 * UNIT


@pytest.mark.parametrize(
    "changes",
    [
        {"premium": 0},
        {"buyerCollateral": 0, "defaultToBuyer": 3_000 * UNIT},
        {"sellerCollateral": 0, "defaultToBuyer": 50 * UNIT, "defaultToSeller": 0},
        {"acceptBy": NOW + 30 * DAY},  # at the expiration
        {"exerciseStart": NOW + 30 * DAY},
        {"exerciseStart": 0},
        {"evidenceCloses": NOW + 30 * DAY + 1, "settleFrom": NOW + 30 * DAY + 1},
        {"settleBy": NOW + 30 * DAY + 7_201},
        {"settleBy": 2**64 - 1},
        {"disputeWindow": 1, "rulingWindow": 1},
        {"disputeWindow": YEAR, "rulingWindow": YEAR},
        {"bond": 0, "arbitrationFee": 0},
        {"bond": TOO_MUCH - 1, "arbitrationFee": TOO_MUCH - 1},
        {"observers": [ZERO], "observerThreshold": 0},
        {"observers": MEMBERS[:1], "observerThreshold": 1},
        {"observers": MEMBERS[:2], "observerThreshold": 2},
        {"observers": MEMBERS[:15], "observerThreshold": 8},
        {"observers": MEMBERS[:15], "observerThreshold": 15},
        {"fallbackArbitrators": MEMBERS[:3], "fallbackThreshold": 3},
        {"buyerWatcher": ZERO, "sellerWatcher": ZERO},
        {"buyerWatcher": OUTSIDER.address, "sellerWatcher": OUTSIDER.address},
    ],
    ids=str,
)
def test_terms_at_their_limits_open(world, changes):
    terms = world.terms.changed(**changes)
    vault = world.vault(terms).address
    escrow = terms.escrow
    world.fund(BUYER, escrow["premium"] + escrow["buyerCollateral"], vault)
    world.fund(SELLER, escrow["sellerCollateral"], vault)
    receipt = world.open(terms)
    assert receipt.ok, receipt.reason
    assert world.balance(vault) == terms.total()
    assert world.balance(SELLER) == escrow["premium"]
    assert world.balance(BUYER) == 0


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"token": OUTSIDER.address}, "open: token has no code"),
        ({"token": ZERO}, "open: token has no code"),
        ({"deliveryToken": OUTSIDER.address}, "open: deliveryToken unsupported"),
        ({"payoffKind": 1}, "open: clause of another payoffKind"),
        ({"payoffKind": 2}, "open: clause of another payoffKind"),
        ({"payoffKind": 3}, "open: delivery not installed"),
        ({"payoffKind": 5}, "open: payoffKind unsupported"),
        ({"buyer": ZERO}, "open: zero party"),
        ({"seller": ZERO}, "open: zero party"),
        ({"seller": BUYER.address}, "open: buyer is seller"),
        ({"buyerEpoch": 1}, "open: buyer epoch"),
        ({"sellerEpoch": 1}, "open: seller epoch"),
        ({"buyerWatcher": BUYER.address}, "open: watcher is a party"),
        ({"buyerWatcher": SELLER.address}, "open: watcher is a party"),
        ({"sellerWatcher": SELLER.address}, "open: watcher is a party"),
        ({"sellerWatcher": BUYER.address}, "open: watcher is a party"),
        ({"acceptBy": NOW}, "open: acceptBy passed"),
        ({"acceptBy": NOW + 30 * DAY + 1}, "open: acceptBy after expiration"),
        ({"exerciseStart": NOW + 30 * DAY + 1}, "open: exerciseStart after expiration"),
        ({"evidenceCloses": NOW + 30 * DAY}, "open: evidenceCloses too early"),
        ({"settleFrom": NOW + 30 * DAY + 3_599}, "open: settleFrom too early"),
        ({"settleBy": NOW + 30 * DAY + 7_200}, "open: settleBy too early"),
        ({"disputeWindow": 0}, "open: disputeWindow"),
        ({"disputeWindow": YEAR + 1}, "open: disputeWindow"),
        ({"rulingWindow": 0}, "open: rulingWindow"),
        ({"rulingWindow": YEAR + 1}, "open: rulingWindow"),
        ({"premium": TOO_MUCH}, "open: amount too large"),
        ({"buyerCollateral": TOO_MUCH}, "open: amount too large"),
        ({"sellerCollateral": TOO_MUCH}, "open: amount too large"),
        ({"bond": TOO_MUCH}, "open: amount too large"),
        ({"arbitrationFee": TOO_MUCH}, "open: amount too large"),
        ({"defaultToBuyer": TOO_MUCH}, "open: amount too large"),
        ({"defaultToSeller": 2**256 - 1}, "open: amount too large"),
        ({"arbitrationFee": 120 * UNIT + 1}, "open: arbitrationFee above bond"),
        ({"defaultToSeller": 7_000 * UNIT - 1}, "open: default sum"),
        ({"defaultToBuyer": 3_050 * UNIT + 1}, "open: default sum"),
        ({"observers": []}, "open: panel empty"),
        ({"arbitrators": [], "arbitratorThreshold": 0}, "open: panel empty"),
        ({"fallbackArbitrators": []}, "open: panel empty"),
        ({"observers": [ZERO], "observerThreshold": 1}, "open: unused panel form"),
        ({"observers": [ZERO, ZERO], "observerThreshold": 0}, "open: unused panel form"),
        ({"fallbackThreshold": 1}, "open: unused panel form"),
        ({"observerThreshold": 0}, "open: panel threshold"),
        ({"observerThreshold": 1}, "open: panel threshold"),
        ({"observerThreshold": 4}, "open: panel threshold"),
        ({"observers": MEMBERS[:2], "observerThreshold": 1}, "open: panel threshold"),
        ({"arbitratorThreshold": 1}, "open: panel threshold"),
        ({"observers": [MEMBERS[0], ZERO, MEMBERS[1]]}, "open: zero panel member"),
        ({"observers": MEMBERS[:2] + MEMBERS[:1]}, "open: panel member repeated"),
        ({"observers": MEMBERS[:2] + [BUYER.address]}, "open: panel member repeated"),
        ({"arbitrators": MEMBERS[:2] + [SELLER.address]}, "open: panel member repeated"),
        ({"observers": MEMBERS[:2] + [BUYER_WATCHER.address]}, "open: panel member repeated"),
        ({"observers": MEMBERS[:2] + [SELLER_WATCHER.address]}, "open: panel member repeated"),
        ({"arbitrators": MEMBERS[:2] + [OBSERVERS[0].address]}, "open: panel member repeated"),
        (
            {"fallbackArbitrators": [ARBITRATORS[2].address], "fallbackThreshold": 1},
            "open: panel member repeated",
        ),
    ],
    ids=str,
)
def test_terms_beyond_their_limits_do_not(world, changes, reason):
    world.fund_both()
    terms = world.terms.changed(**changes)
    assert world.open(terms).reason == reason
    assert world.chain.code(world.vault(terms).address) == b""


def test_a_panel_of_sixteen_is_refused(world):
    terms = world.terms.changed(observers=MEMBERS, observerThreshold=9)
    assert not world.open(terms).ok


@pytest.mark.parametrize("late, reason", [(-1, None), (0, "open: acceptBy passed"),
                                          (1, "open: acceptBy passed")])
def test_accept_by_is_half_open(either_world, late, reason):
    world = either_world
    world.fund_both()
    world.chain.time = world.terms.escrow["acceptBy"] + late
    assert world.open().reason == reason
    assert untouched(world) == (reason is not None)


@pytest.mark.parametrize(
    "what, party, missing, reason",
    [
        ("allowance", BUYER, 120 * UNIT + 1, "open: buyerCollateral refused"),
        ("allowance", BUYER, 170 * UNIT + 1, "open: premium refused"),
        ("allowance", SELLER, 120 * UNIT + 1, "open: sellerCollateral refused"),
        ("balance", BUYER, 120 * UNIT + 1, "open: buyerCollateral refused"),
        ("balance", BUYER, 170 * UNIT + 1, "open: premium refused"),
        # The premium comes first, and may be part of the seller's collateral.
        ("balance", SELLER, 520 * UNIT + 1, "open: sellerCollateral refused"),
    ],
)
def test_one_unit_missing_moves_nothing(either_world, what, party, missing, reason):
    """The funding holds a bond of 120 each beyond what opening takes."""
    world = either_world
    world.fund_both()
    had = world.balance(party)
    if what == "allowance":
        world.approve(party, world.vault().address, had - missing)
    else:
        assert world.token.send("transfer", OUTSIDER.address, missing, sender=party).ok
    before = [world.balance(holder) for holder in (BUYER, SELLER)]
    assert world.open().reason == reason
    assert [world.balance(holder) for holder in (BUYER, SELLER)] == before
    assert world.balance(world.vault().address) == 0
    assert world.chain.code(world.vault().address) == b""


def test_exactly_enough_opens(world):
    world.fund_both()
    vault = world.vault().address
    world.approve(BUYER, vault, 450 * UNIT)
    world.approve(SELLER, vault, 10_000 * UNIT)
    assert world.open().ok


def test_compact_signatures_open(world):
    parities = set()
    for salt in range(8):
        terms = world.terms.changed(salt=salt)
        world.fund_both(terms)
        digest = world.id(terms)
        buyer, seller = BUYER.sign(digest), SELLER.sign(digest)
        parities |= {("buyer", buyer[64]), ("seller", seller[64])}
        assert world.open(terms, buyer=compact(buyer), seller=compact(seller)).ok
    assert len(parities) == 4


def test_wrong_signatures(world):
    world.fund_both()
    digest = world.id()
    buyer, seller = BUYER.sign(digest), SELLER.sign(digest)
    assert refused(world, "open: buyer did not sign", buyer=seller, seller=buyer)
    assert refused(world, "open: buyer did not sign", buyer=seller)
    assert refused(world, "open: seller did not sign", seller=buyer)
    assert refused(world, "open: buyer did not sign", buyer=OUTSIDER.sign(digest))
    assert refused(world, "open: seller did not sign", seller=OUTSIDER.sign(digest))
    other = BUYER.sign(world.id(world.terms.changed(salt=2)))
    assert refused(world, "open: buyer did not sign", buyer=other)
    other = SELLER.sign(world.id(world.terms.changed(strikePrice=1)))
    assert refused(world, "open: seller did not sign", seller=other)


def test_malformed_signatures(world):
    world.fund_both()
    good = BUYER.sign(world.id())
    r, s, v = good[:32], good[32:64], good[64:]
    assert refused(world, "signature: high s", buyer=high_s(good))
    for bad in (b"", good[:63], good + b"\0", good * 15, r):
        assert refused(world, "signature: length", buyer=bad)
    for byte in (0, 1, 26, 29, 255):
        assert refused(world, "signature: v", buyer=r + s + bytes([byte]))
    zero = b"\0" * 32
    assert refused(world, "signature: no signer", buyer=zero + s + v)
    assert refused(world, "signature: no signer", buyer=r + zero + v)
    assert refused(world, "signature: no signer", buyer=b"\0" * 64)
    assert refused(world, "", buyer=b"\1" * 1025)
    assert refused(world, "open: buyer did not sign", buyer=r + s + bytes([27 + 28 - v[0]]))


def test_the_largest_low_s_is_still_read(world):
    """Half the order is low, one more is high; neither is the buyer's."""
    world.fund_both()
    half = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
    r = BUYER.sign(world.id())[:32]
    for v in (b"\x1b", b"\x1c"):
        low = r + half.to_bytes(32, "big") + v
        high = r + (half + 1).to_bytes(32, "big") + v
        assert refused(world, "open: buyer did not sign", buyer=low)
        assert refused(world, "signature: high s", buyer=high)
    assert refused(world, "open: buyer did not sign", buyer=r + half.to_bytes(32, "big"))
    assert refused(world, "signature: high s", buyer=r + (half + 1).to_bytes(32, "big"))


def test_the_same_agreement_opens_once(world):
    world.opened()
    world.fund_both()
    assert world.open().reason == "open: already opened"
    assert world.settle(0).ok
    assert world.open().reason == "open: already opened"
    assert world.balance(world.vault().address) == 0


def test_the_other_form_of_a_signature_opens_nothing_more(world):
    world.opened()
    world.fund_both()
    digest = world.id()
    again = world.open(buyer=compact(BUYER.sign(digest)), seller=compact(SELLER.sign(digest)))
    assert again.reason == "open: already opened"


def test_another_salt_is_another_agreement(world):
    first = world.opened()
    second = world.opened(world.terms.changed(salt=2))
    assert first.address != second.address
    assert world.balance(first.address) == world.balance(second.address) == world.terms.total()


def in_one_transaction(to: str, *calls: bytes) -> bytes:
    """Code that makes these calls while it is deployed, and leaves a byte for each: whether it succeeded."""
    code, size = b"", sum(map(len, calls)) + 45 * len(calls) + 6
    offset = size - sum(map(len, calls))
    for index, data in enumerate(calls):
        length = len(data).to_bytes(3, "big")
        code += b"\x62" + length + b"\x62" + offset.to_bytes(3, "big") + b"\x5f\x39"  # the data to memory
        code += b"\x5f\x5f\x62" + length + b"\x5f\x5f\x73" + bytes.fromhex(to[2:]) + b"\x5a\xf1"  # call
        code += b"\x61" + (0x8000 + index).to_bytes(2, "big") + b"\x53"  # whether it succeeded
        offset += len(data)
    code += b"\x60" + bytes([len(calls)]) + b"\x61\x80\x00\xf3"
    return code + b"".join(calls)


def test_two_agreements_open_in_one_transaction(world):
    """Who plays a part in one of them may play any in the other."""
    second = world.terms.changed(salt=2)
    calls = []
    for terms in (world.terms, second):
        world.fund_both(terms)
        digest = world.id(terms)
        calls.append(world.factory.data(
            "open", world.escrow_tuple(terms), terms.economics_hash(), BUYER.sign(digest), SELLER.sign(digest)))
    done = world.chain.deploy(in_one_transaction(world.factory.address, *calls))
    assert world.chain.code(done) == b"\1\1"
    assert [world.vault(terms).read("state")[0] for terms in (world.terms, second)] == [OPEN, OPEN]


def test_signatures_are_worth_nothing_on_another_chain(world):
    other = World(Revm(world.chain.chain_id + 1))
    other.fund_both()
    assert other.factory.address == world.factory.address
    digest = world.id()
    assert refused(
        other, "open: buyer did not sign", buyer=BUYER.sign(digest), seller=SELLER.sign(digest)
    )


def test_signatures_are_worth_nothing_in_another_escrow(world):
    digest = world.id()
    world.opened()
    other = World(world.chain)
    other.token, other.terms = world.token, world.terms
    other.fund_both()
    receipt = other.open(buyer=BUYER.sign(digest), seller=SELLER.sign(digest))
    assert receipt.reason == "open: buyer did not sign"
    assert other.balance(other.vault().address) == 0


# Cancelling and epochs


def cancel(world, party: Party, valid_until=None, signer=None):
    valid_until = valid_until or world.chain.time + 60
    digest = world.message(
        "Cancellation", **world.about(), party=party.address, validUntil=valid_until
    )
    return world.factory.send(
        "cancel", world.id(), party.address, valid_until, (signer or party).sign(digest)
    )


def raise_epoch(world, party: Party, epoch: int, valid_until=None, signer=None):
    valid_until = valid_until or world.chain.time + 60
    digest = world.message(
        "EpochRaise", party=party.address, epoch=epoch, validUntil=valid_until
    )
    return world.factory.send(
        "raiseEpoch", party.address, epoch, valid_until, (signer or party).sign(digest)
    )


@pytest.mark.parametrize("party", [BUYER, SELLER], ids=["buyer", "seller"])
def test_either_party_cancels(either_world, party):
    world = either_world
    world.fund_both()
    receipt = cancel(world, party)
    assert world.factory.events_in(receipt) == [
        ("Cancelled", {"agreementId": world.id(), "party": party.address})
    ]
    assert world.factory.read("isCancelled", world.id(), party.address)
    assert refused(world, "open: cancelled")
    assert cancel(world, party).reason == "cancel: already cancelled"


def test_only_a_party_cancels(world):
    world.fund_both()
    assert cancel(world, BUYER, signer=OUTSIDER).reason == "cancel: party did not sign"
    assert cancel(world, BUYER, signer=SELLER).reason == "cancel: party did not sign"
    assert cancel(world, OUTSIDER).ok
    assert not world.factory.read("isCancelled", world.id(), BUYER.address)
    assert world.open().ok
    assert cancel(world, BUYER).reason == "cancel: already opened"


def test_cancelling_one_agreement_leaves_another(world):
    assert cancel(world, BUYER).ok
    world.opened(world.terms.changed(salt=2))


def test_validity_of_cancellation_and_epoch_is_half_open(world):
    now = world.chain.time
    assert cancel(world, BUYER, valid_until=now).reason == "cancel: validUntil passed"
    assert cancel(world, BUYER, valid_until=now + 1).ok
    late = raise_epoch(world, BUYER, 1, valid_until=now)
    assert late.reason == "raiseEpoch: validUntil passed"
    assert raise_epoch(world, BUYER, 1, valid_until=now + 1).ok


@pytest.mark.parametrize("party, name", [(BUYER, "buyer"), (SELLER, "seller")])
def test_raising_the_epoch_voids_what_is_not_open(either_world, party, name):
    world = either_world
    world.fund_both()
    receipt = raise_epoch(world, party, 5)
    assert world.factory.events_in(receipt) == [
        ("EpochRaised", {"party": party.address, "epoch": 5})
    ]
    assert world.factory.read("epochOf", party.address) == 5
    assert refused(world, f"open: {name} epoch")
    world.opened(world.terms.changed(**{f"{name}Epoch": 5}))


def test_epochs_only_rise(world):
    assert raise_epoch(world, BUYER, 0).reason == "raiseEpoch: epoch not higher"
    assert raise_epoch(world, BUYER, 7).ok
    assert raise_epoch(world, BUYER, 7).reason == "raiseEpoch: epoch not higher"
    assert raise_epoch(world, BUYER, 6).reason == "raiseEpoch: epoch not higher"
    stranger = raise_epoch(world, BUYER, 8, signer=SELLER)
    assert stranger.reason == "raiseEpoch: party did not sign"
    assert world.factory.read("epochOf", SELLER.address) == 0


def test_an_open_agreement_outlives_cancellation_and_epoch(world):
    world.opened()
    assert raise_epoch(world, BUYER, 1).ok
    assert raise_epoch(world, SELLER, 1).ok
    assert world.settle(1).ok
