"""Rulings, appeals and the second round: who decides, when, and who pays for it."""

import pytest
from eth_utils import keccak

from evm import Revm
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    SELLER_WATCHER,
    UNIT,
    ZERO,
    Party,
    compact,
    european_call,
    high_s,
)
from world import (
    APPEALED,
    BY_RULING,
    CLOSED,
    DEFAULTED,
    DISPUTED,
    FINDINGS,
    RULED,
    TO_DISPUTER,
    TO_EACH,
    TO_PROPOSER,
    World,
)

ESCROW = european_call(ZERO).escrow
START = ESCROW["settleFrom"]
WINDOW, RULING = ESCROW["disputeWindow"], ESCROW["rulingWindow"]
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
BOND, FEE = ESCROW["bond"], ESCROW["arbitrationFee"]
FALLBACK = [Party(f"fallback arbitrator {index}") for index in range(3)]
WITH_FALLBACK = {
    "fallbackArbitrators": [party.address for party in FALLBACK],
    "fallbackThreshold": 2,
}


def disputed(world, **changes) -> World:
    """The buyer proposed 5,000 for itself; in the same second the seller answered with nothing."""
    world.terms = world.terms.changed(**changes)
    world.opened()
    world.chain.time = START
    assert world.propose(BUYER, 5_000 * UNIT).ok
    assert world.dispute(SELLER, 0).ok
    return world


@pytest.fixture
def one_round(world) -> World:
    return disputed(world)


@pytest.fixture
def two_rounds(world) -> World:
    return disputed(world, **WITH_FALLBACK)


@pytest.fixture
def ruled(two_rounds) -> World:
    """The arbitrators gave the buyer 4,000 and the bonds, at START."""
    receipt = two_rounds.rule(4_000 * UNIT, TO_PROPOSER, ARBITRATORS[:2])
    assert receipt.ok, receipt.reason
    return two_rounds


@pytest.fixture
def appealed(ruled) -> World:
    """The seller appealed at START, when all of the fee was left to it."""
    ruled.fund(SELLER, FEE, ruled.vault().address)
    receipt = ruled.appeal(SELLER)
    assert receipt.ok, receipt.reason
    return ruled


def status(world) -> int:
    return world.vault().read("state")[0]


def by_address(parties) -> list[Party]:
    return sorted(parties, key=lambda party: int(party.address, 16))


def settled(world, receipt) -> list[dict]:
    return [values for name, values in world.vault().events_in(receipt) if name == "Settled"]


# Amounts


@pytest.mark.parametrize("to_buyer", [0, 1, 4_000 * UNIT, TOTAL])
@pytest.mark.parametrize(
    "bond_to, to_proposer, to_disputer",
    [
        (TO_PROPOSER, 2 * BOND - FEE, 0),
        (TO_DISPUTER, 0, 2 * BOND - FEE),
        (TO_EACH, BOND - FEE // 2, BOND - FEE // 2),
    ],
)
def test_a_ruling_without_appeal_pays_at_once(either_world, to_buyer, bond_to, to_proposer, to_disputer):
    world = disputed(either_world)
    held = world.balance(BUYER), world.balance(SELLER)
    receipt = world.rule(to_buyer, bond_to, ARBITRATORS[:2])
    assert receipt.ok, receipt.reason
    events = world.vault().events_in(receipt)
    about = {"agreementId": world.id(), "version": 1}
    amounts = {"toBuyer": to_buyer, "toSeller": TOTAL - to_buyer}
    assert events[:2] == [
        (
            "Ruled",
            about
            | amounts
            | {"round": 1, "findingsDigest": FINDINGS, "bondTo": bond_to, "ruledAt": world.chain.time},
        ),
        ("Settled", about | amounts | {"route": BY_RULING}),
    ]
    assert status(world) == CLOSED
    assert world.balance(BUYER) == held[0] + to_buyer + to_proposer
    assert world.balance(SELLER) == held[1] + TOTAL - to_buyer + to_disputer
    assert [world.balance(party) for party in ARBITRATORS] == [FEE // 2, FEE // 2, 0]
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("fee, bond", [(0, 0), (0, 7), (1, 1), (3, 3), (7, 9), (100, 101)])
@pytest.mark.parametrize("bond_to", [TO_PROPOSER, TO_DISPUTER, TO_EACH])
@pytest.mark.parametrize("count", [2, 3])
def test_fees_and_bonds_to_the_unit(world, fee, bond, bond_to, count):
    disputed(world, bond=bond, arbitrationFee=fee)
    held = world.balance(BUYER), world.balance(SELLER)
    assert world.rule(11, bond_to, ARBITRATORS[:count]).ok
    # The odd unit of a fee that each bears is the proposer's, the buyer here.
    back = {
        TO_PROPOSER: (2 * bond - fee, 0),
        TO_DISPUTER: (0, 2 * bond - fee),
        TO_EACH: (bond - (fee + 1) // 2, bond - fee // 2),
    }[bond_to]
    assert world.balance(BUYER) == held[0] + 11 + back[0]
    assert world.balance(SELLER) == held[1] + TOTAL - 11 + back[1]
    lowest, *others = by_address(ARBITRATORS[:count])
    assert world.balance(lowest) == fee // count + fee % count
    assert [world.balance(other) for other in others] == [fee // count] * (count - 1)
    assert world.balance(world.vault().address) == 0


def test_a_watcher_that_disputed_and_won_gets_the_bonds(world):
    world.opened()
    world.fund(SELLER_WATCHER, BOND, world.vault().address)
    world.chain.time = START
    assert world.propose(BUYER, 5_000 * UNIT).ok
    assert world.dispute(SELLER_WATCHER, 0).ok
    assert world.rule(0, TO_DISPUTER, ARBITRATORS).ok
    assert world.balance(SELLER_WATCHER) == 2 * BOND - FEE
    assert world.balance(BUYER) == 0


def test_a_payee_that_refuses_the_money_gets_a_claim(world):
    world = World(Revm(), "BlocklistToken", ())
    disputed(world)
    for party in (BUYER, ARBITRATORS[0]):
        world.token.send("setBlocked", party.address, True)
    assert world.rule(5, TO_PROPOSER, ARBITRATORS[:2]).ok
    vault = world.vault()
    # The buyer's part and its bonds are one claim.
    assert vault.read("claimOf", BUYER.address) == 5 + 2 * BOND - FEE
    assert vault.read("claimOf", ARBITRATORS[0].address) == FEE // 2
    assert world.balance(ARBITRATORS[1]) == FEE // 2
    assert world.balance(vault.address) == 5 + 2 * BOND - FEE + FEE // 2
    assert world.withdraw(ARBITRATORS[0], OUTSIDER.address, FEE // 2).ok
    assert world.withdraw(BUYER, OUTSIDER.address, 5 + 2 * BOND - FEE).ok
    assert world.balance(vault.address) == 0


# Who signs


def test_all_members_may_sign(one_round):
    assert one_round.rule(5, TO_EACH, ARBITRATORS).ok
    assert [one_round.balance(party) for party in ARBITRATORS] == [FEE // 3] * 3


@pytest.mark.parametrize("size, threshold", [(1, 1), (2, 2), (15, 8), (15, 15)])
def test_panels_of_each_size(world, size, threshold):
    panel = [Party(f"member {index}") for index in range(size)]
    addresses = [party.address for party in panel]
    disputed(world, arbitrators=addresses, arbitratorThreshold=threshold)
    if threshold > 1:
        assert world.rule(5, TO_EACH, panel[: threshold - 1]).reason == "rule: too few signers"
    assert world.rule(5, TO_EACH, panel[-threshold:]).ok
    part, rest = divmod(FEE, threshold)
    lowest = by_address(panel[-threshold:])[0]
    assert world.balance(lowest) == part + rest
    assert sum(world.balance(party) for party in panel) == FEE


@pytest.mark.parametrize(
    "stranger", [OUTSIDER, BUYER, SELLER, BUYER_WATCHER, OBSERVERS[0]], ids=lambda who: who.name
)
def test_only_members_rule(one_round, stranger):
    refused = one_round.rule(5, TO_EACH, [ARBITRATORS[0], stranger])
    assert refused.reason == "rule: not an arbitrator"


def test_a_member_counts_once(one_round):
    world = one_round
    digest = world.ruling_digest(1, 5, TO_EACH)
    first, second = by_address(ARBITRATORS[:2])
    twice = [first.sign(digest), compact(first.sign(digest))]
    refused = world.rule(5, TO_EACH, [], signers=[first.address] * 2, signatures=twice)
    assert refused.reason == "rule: signers not ascending"
    refused = world.rule(
        5,
        TO_EACH,
        [],
        signers=[second.address, first.address],
        signatures=[second.sign(digest), first.sign(digest)],
    )
    assert refused.reason == "rule: signers not ascending"
    refused = world.rule(5, TO_EACH, [], signers=[ZERO], signatures=[b""])
    assert refused.reason == "rule: too few signers"
    refused = world.rule(5, TO_EACH, [], signers=[ZERO, first.address], signatures=[b"", b""])
    assert refused.reason == "rule: signers not ascending"


def test_each_signer_brings_a_signature(one_round):
    world = one_round
    digest = world.ruling_digest(1, 5, TO_EACH)
    first, second = by_address(ARBITRATORS[:2])
    signers = [first.address, second.address]
    right = [first.sign(digest), second.sign(digest)]
    for signatures, reason in (
        (right[:1], "rule: signatures"),
        (right + right[:1], "rule: signatures"),
        (right[::-1], "rule: arbitrator did not sign"),
        ([right[0], high_s(right[1])], "signature: high s"),
        ([right[0], right[1][:63]], "signature: length"),
    ):
        refused = world.rule(5, TO_EACH, [], signers=signers, signatures=signatures)
        assert refused.reason == reason
    assert world.rule(5, TO_EACH, [], signers=signers, signatures=right).ok


@pytest.mark.parametrize(
    "signed",
    [
        {"round": 2},
        {"to_buyer": 6},
        {"bond_to": TO_PROPOSER},
        {"findings": keccak(text="other")},
        {"version": 2},
        {"agreementId": b"\1" * 32},
    ],
    ids=str,
)
def test_a_ruling_is_what_was_signed(one_round, signed):
    world = one_round
    digest = world.ruling_digest(**({"round": 1, "to_buyer": 5, "bond_to": TO_EACH} | signed))
    by = by_address(ARBITRATORS[:2])
    signatures = [party.sign(digest) for party in by]
    refused = world.rule(5, TO_EACH, by, signatures=signatures)
    assert refused.reason == "rule: arbitrator did not sign"


def test_a_ruling_serves_one_agreement(one_round):
    world = one_round
    by = by_address(ARBITRATORS[:2])
    signatures = [party.sign(world.ruling_digest(1, 5, TO_EACH)) for party in by]
    world.chain.time = world.terms.escrow["acceptBy"] - 1
    other = World(world.chain)
    disputed(other)
    stolen = other.rule(5, TO_EACH, by, signatures=signatures)
    assert stolen.reason == "rule: arbitrator did not sign"


@pytest.mark.parametrize(
    "to_buyer, to_seller", [(0, 0), (TOTAL, 1), (TOTAL + 1, 2**256 - 1), (2**256 - 1, TOTAL + 1)]
)
def test_a_ruling_is_of_the_whole(one_round, to_buyer, to_seller):
    refused = one_round.rule(to_buyer, TO_EACH, ARBITRATORS, to_seller=to_seller)
    assert refused.reason == "rule: sum"


def test_bonds_go_to_one_or_each(one_round):
    assert one_round.rule(5, 3, ARBITRATORS).reason == "rule: bondTo"
    assert one_round.rule(5, 255, ARBITRATORS).reason == "rule: bondTo"


# When


@pytest.mark.parametrize(
    "after, reason", [(0, None), (RULING - 1, None), (RULING, "rule: ruling window passed")]
)
def test_round_one_is_open_for_the_ruling_window(one_round, after, reason):
    one_round.chain.time = START + after
    assert one_round.rule(5, TO_EACH, ARBITRATORS).reason == reason


@pytest.mark.parametrize("stage", ["opened", "proposed", "closed"])
def test_nothing_to_rule(world, stage):
    world.opened()
    world.chain.time = START
    if stage == "proposed":
        assert world.propose(BUYER, 5).ok
    if stage == "closed":
        assert world.settle(5).ok
    assert world.rule(5, TO_EACH, ARBITRATORS).reason == "rule: not disputed"
    assert world.appeal(BUYER).reason == "appeal: nothing ruled"
    assert world.uphold().reason == "uphold: nothing ruled"


@pytest.mark.parametrize("round", [0, 2, 3, 255])
def test_there_is_no_other_round_without_a_fallback_panel(one_round, round):
    for after in (0, RULING):
        one_round.chain.time = START + after
        refused = one_round.rule(5, TO_EACH, ARBITRATORS, round=round)
        assert refused.reason == ("rule: no panel" if round == 2 else "rule: round")


def test_nobody_rules_where_nobody_was_named(world):
    disputed(world, arbitrators=[ZERO], arbitratorThreshold=0)
    refused = world.rule(5, TO_EACH, [], signers=[], signatures=[])
    assert refused.reason == "rule: no panel"
    world.chain.time = START + RULING
    assert world.settle_by_default().ok


def test_a_fallback_panel_alone_rules_in_the_second_window(world):
    disputed(world, arbitrators=[ZERO], arbitratorThreshold=0, **WITH_FALLBACK)
    assert world.rule(5, TO_EACH, FALLBACK).reason == "rule: no panel"
    assert world.rule(5, TO_EACH, FALLBACK, round=2).reason == "rule: round not open"
    world.chain.time = START + RULING
    assert world.settle_by_default().reason == "default: ruling window open"
    assert world.rule(5, TO_EACH, FALLBACK, round=2).ok


@pytest.mark.parametrize(
    "after, reason",
    [
        (0, "rule: round not open"),
        (RULING - 1, "rule: round not open"),
        (RULING, None),
        (2 * RULING - 1, None),
        (2 * RULING, "rule: ruling window passed"),
    ],
)
def test_silence_opens_round_two_to_the_fallback_panel(two_rounds, after, reason):
    world = two_rounds
    world.chain.time = START + after
    receipt = world.rule(4_000 * UNIT, TO_DISPUTER, FALLBACK[:2], round=2)
    assert receipt.reason == reason
    if reason is None:
        assert status(world) == CLOSED
        assert [event["route"] for event in settled(world, receipt)] == [BY_RULING]
        assert world.balance(BUYER) == 4_000 * UNIT
        assert world.balance(SELLER) == 400 * UNIT + TOTAL - 4_000 * UNIT + 2 * BOND - FEE
        assert [world.balance(party) for party in FALLBACK] == [FEE // 2, FEE // 2, 0]


def test_each_panel_rules_in_its_own_round(two_rounds):
    world = two_rounds
    assert world.rule(5, TO_EACH, FALLBACK).reason == "rule: not an arbitrator"
    world.chain.time = START + RULING
    assert world.rule(5, TO_EACH, ARBITRATORS).reason == "rule: ruling window passed"
    assert world.rule(5, TO_EACH, ARBITRATORS, round=2).reason == "rule: not an arbitrator"
    assert world.rule(5, TO_EACH, FALLBACK[:1], round=2).reason == "rule: too few signers"
    assert world.rule(5, TO_EACH, FALLBACK, round=2).ok


@pytest.mark.parametrize(
    "changes, last",
    [({}, RULING), (WITH_FALLBACK, 2 * RULING)],
    ids=["one round", "two rounds"],
)
def test_silence_of_all_pays_the_default_and_all_bonds(world, changes, last):
    disputed(world, **changes)
    world.chain.time = START + last - 1
    assert world.settle_by_default().reason == "default: ruling window open"
    world.chain.time += 1
    receipt = world.settle_by_default()
    assert [event["route"] for event in settled(world, receipt)] == [DEFAULTED]
    assert world.balance(BUYER) == BOND + 3_050 * UNIT
    assert world.balance(SELLER) == BOND + 7_400 * UNIT


# Ruled: the first of two rounds


def test_a_ruling_that_can_be_appealed_is_stored_and_pays_nothing(ruled):
    world = ruled
    assert status(world) == RULED
    assert world.balance(world.vault().address) == TOTAL + 2 * BOND
    assert world.rule(5, TO_EACH, ARBITRATORS).reason == "rule: not disputed"
    world.chain.time = START + RULING
    assert world.rule(5, TO_EACH, FALLBACK, round=2).reason == "rule: not disputed"
    assert world.settle_by_default().reason == "default: not open or disputed"
    assert world.finalise().reason == "finalise: nothing proposed"
    assert world.dispute(SELLER, 6).reason == "dispute: nothing proposed"
    assert world.propose(SELLER, 6).reason == "propose: not open"


@pytest.mark.parametrize(
    "after, reason", [(WINDOW - 1, "uphold: appeal possible"), (WINDOW, None), (10**9, None)]
)
def test_a_ruling_that_nobody_appealed_stands(ruled, after, reason):
    world = ruled
    world.chain.time = START + after
    receipt = world.uphold()
    assert receipt.reason == reason
    if reason is None:
        assert settled(world, receipt) == [
            {
                "agreementId": world.id(),
                "version": 1,
                "route": BY_RULING,
                "toBuyer": 4_000 * UNIT,
                "toSeller": TOTAL - 4_000 * UNIT,
            }
        ]
        assert world.balance(BUYER) == 4_000 * UNIT + 2 * BOND - FEE
        assert world.balance(SELLER) == 400 * UNIT + TOTAL - 4_000 * UNIT
        assert [world.balance(party) for party in ARBITRATORS] == [FEE // 2, FEE // 2, 0]
        assert world.balance(world.vault().address) == 0
        assert world.uphold().reason == "uphold: nothing ruled"


@pytest.mark.parametrize("stage", ["ruled", "appealed"])
def test_both_parties_may_still_agree(request, stage):
    world = request.getfixturevalue(stage)
    held = world.balance(BUYER), world.balance(SELLER)
    assert world.settle(5).ok
    assert world.balance(BUYER) == held[0] + BOND + 5
    assert world.balance(SELLER) == held[1] + BOND + TOTAL - 5
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("fee, count", [(60, 2), (7, 2), (8, 3), (0, 2)])
@pytest.mark.parametrize("appellant", [BUYER, SELLER], ids=lambda who: who.name)
def test_an_appeal_pays_the_signers_at_once(world, appellant, fee, count):
    disputed(world, arbitrationFee=fee, **WITH_FALLBACK)
    assert world.rule(5, TO_EACH, ARBITRATORS[:count]).ok
    world.fund(appellant, fee, world.vault().address)
    held = world.balance(appellant)
    receipt = world.appeal(appellant)
    assert receipt.ok, receipt.reason
    assert world.vault().events_in(receipt) == [
        (
            "Appealed",
            {
                "agreementId": world.id(),
                "version": 1,
                "appellant": appellant.address,
                "appealedAt": START,
            },
        )
    ]
    assert status(world) == APPEALED
    assert world.balance(appellant) == held - fee
    lowest, *others = by_address(ARBITRATORS[:count])
    assert world.balance(lowest) == fee // count + fee % count
    assert [world.balance(other) for other in others] == [fee // count] * (count - 1)
    assert world.balance(world.vault().address) == TOTAL + 2 * BOND
    assert world.appeal(appellant).reason == "appeal: nothing ruled"


@pytest.mark.parametrize(
    "after, reason", [(WINDOW - 1, None), (WINDOW, "appeal: dispute window passed")]
)
def test_an_appeal_is_possible_for_the_dispute_window(ruled, after, reason):
    world = ruled
    world.fund(SELLER, FEE, world.vault().address)
    world.chain.time = START + after
    assert world.appeal(SELLER).reason == reason


@pytest.mark.parametrize("late, reason", [(-1, None), (0, "appeal: validUntil passed")])
def test_an_appeal_is_valid_until_then(ruled, late, reason):
    world = ruled
    world.fund(SELLER, FEE, world.vault().address)
    assert world.appeal(SELLER, valid_until=START - late).reason == reason


@pytest.mark.parametrize(
    "who", [SELLER_WATCHER, OUTSIDER, ARBITRATORS[0]], ids=lambda who: who.name
)
def test_only_parties_appeal(ruled, who):
    assert ruled.appeal(who).reason == "appeal: not a party"


def test_an_appeal_needs_signature_and_fee(ruled):
    world = ruled
    valid_until = START + 9
    values = world.about() | {"validUntil": valid_until}
    other = world.message("Appeal", **values, appellant=BUYER.address)
    for signature in (SELLER.sign(other), BUYER.sign(other)):
        refused = world.appeal(SELLER, valid_until, signature)
        assert refused.reason == "appeal: appellant did not sign"
    assert world.appeal(SELLER).reason == "appeal: fee refused"
    assert status(world) == RULED
    world.fund(SELLER, FEE, world.vault().address)
    assert world.appeal(SELLER).ok


def test_an_appeal_that_delivers_short_is_refused(world):
    world = World(Revm(), "FeeToken", ())
    disputed(world, **WITH_FALLBACK)
    assert world.rule(5, TO_EACH, ARBITRATORS).ok
    world.fund(BUYER, FEE, world.vault().address)
    world.token.send("setFee", 1)
    assert world.appeal(BUYER).reason == "appeal: fee delivered short"


# Appealed: round two


@pytest.mark.parametrize(
    "after, reason",
    [(0, None), (RULING - 1, None), (RULING, "rule: ruling window passed")],
)
def test_the_fallback_panel_decides_an_appeal(appealed, after, reason):
    world = appealed
    held = world.balance(BUYER), world.balance(SELLER)
    world.chain.time = START + after
    receipt = world.rule(1_000 * UNIT, TO_DISPUTER, FALLBACK[1:], round=2)
    assert receipt.reason == reason
    if reason is None:
        assert status(world) == CLOSED
        assert world.balance(BUYER) == held[0] + 1_000 * UNIT
        assert world.balance(SELLER) == held[1] + TOTAL - 1_000 * UNIT + 2 * BOND - FEE
        assert [world.balance(party) for party in FALLBACK] == [0, FEE // 2, FEE // 2]
        assert [world.balance(party) for party in ARBITRATORS] == [FEE // 2, FEE // 2, 0]
        assert world.balance(world.vault().address) == 0


def test_no_other_panel_and_no_other_round_decides_an_appeal(appealed):
    world = appealed
    assert world.rule(5, TO_EACH, ARBITRATORS).reason == "rule: round"
    assert world.rule(5, TO_EACH, ARBITRATORS, round=2).reason == "rule: not an arbitrator"
    assert world.rule(5, TO_EACH, FALLBACK, round=3).reason == "rule: round"
    assert world.settle_by_default().reason == "default: not open or disputed"
    world.chain.time = START + 100 * RULING
    assert world.settle_by_default().reason == "default: not open or disputed"


@pytest.mark.parametrize(
    "after, reason", [(RULING - 1, "uphold: ruling window open"), (RULING, None)]
)
def test_silence_on_an_appeal_lets_the_first_ruling_stand(appealed, after, reason):
    world = appealed
    held = world.balance(BUYER), world.balance(SELLER)
    world.chain.time = START + after
    receipt = world.uphold()
    assert receipt.reason == reason
    if reason is None:
        assert status(world) == CLOSED
        # The appellant paid the arbitrators; no bond does so again.
        assert world.balance(BUYER) == held[0] + 4_000 * UNIT + 2 * BOND
        assert world.balance(SELLER) == held[1] + TOTAL - 4_000 * UNIT
        assert [world.balance(party) for party in ARBITRATORS] == [FEE // 2, FEE // 2, 0]
        assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("bond_to", [TO_PROPOSER, TO_DISPUTER, TO_EACH])
@pytest.mark.parametrize("fee", [0, 1, 7, BOND])
@pytest.mark.parametrize("end", ["not appealed", "silence on appeal", "ruled on appeal"])
def test_each_panel_that_ruled_is_paid_once(world, bond_to, fee, end):
    """The first by the appellant or by the bonds, the second by the bonds; a bond that pays nobody goes whole."""
    disputed(world, arbitrationFee=fee, **WITH_FALLBACK)
    assert world.rule(5, bond_to, ARBITRATORS[:2]).ok
    start = world.balance(BUYER)
    if end != "not appealed":
        world.fund(SELLER, fee, world.vault().address)
        seller = world.balance(SELLER)
        assert world.appeal(SELLER).ok
        assert world.balance(SELLER) == seller - fee
    held = world.balance(SELLER)
    if end == "ruled on appeal":
        assert world.rule(5, bond_to, FALLBACK[:2], round=2).ok
    else:
        world.chain.time = START + RULING + WINDOW
        assert world.uphold().ok
    second = fee if end == "ruled on appeal" else 0
    by_bonds = 0 if end == "silence on appeal" else fee
    assert sum(world.balance(each) for each in ARBITRATORS) == fee
    assert sum(world.balance(each) for each in FALLBACK) == second
    whole, half = 2 * BOND - by_bonds, BOND - by_bonds // 2
    to_proposer, to_disputer = [(whole, 0), (0, whole), (whole - half, half)][bond_to]
    assert world.balance(BUYER) == start + 5 + to_proposer
    assert world.balance(SELLER) == held + TOTAL - 5 + to_disputer
    assert world.balance(world.vault().address) == 0


def test_a_late_appeal_has_its_own_whole_window(ruled):
    """Nothing of the first round's windows is left then."""
    world = ruled
    world.fund(BUYER, FEE, world.vault().address)
    world.chain.time = START + WINDOW - 1
    assert world.appeal(BUYER).ok
    world.chain.time += RULING - 1
    assert world.uphold().reason == "uphold: ruling window open"
    assert world.rule(7, TO_PROPOSER, FALLBACK, round=2).ok
