"""Tokens that misbehave: refused where money comes in, claimed later where it goes out."""

import pytest
from eth_abi import encode

from evm import Revm
from terms import BUYER, BUYER_WATCHER, HOUR, OUTSIDER, SELLER, UNIT
from world import CLOSED, OPEN, World

BOND = 120 * UNIT


def world_with(token: str, *arguments) -> World:
    return World(Revm(), token, arguments)


def proposed(world) -> None:
    """Opened, proposed by the buyer at 5,000, and the window over."""
    world.opened()
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5_000 * UNIT).ok
    world.chain.time += world.terms.escrow["disputeWindow"]


def claims(world, *holders) -> tuple[int, ...]:
    return tuple(world.vault().read("claimOf", holder.address) for holder in holders)


def claimable(world, receipt) -> list[tuple[str, int]]:
    return [
        (values["claimant"], values["amount"])
        for name, values in world.vault().events_in(receipt)
        if name == "Claimable"
    ]


def test_no_return_value_works():
    world = world_with("NoReturnToken")
    proposed(world)
    receipt = world.finalise()
    assert claimable(world, receipt) == []
    assert world.balance(BUYER) == 5_000 * UNIT + BOND
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("decimals, unit", [(0, 1), (18, 10**12), (36, 10**30)])
def test_any_decimals_work(decimals, unit):
    world = World(Revm(), "PlainToken", ("Test", "T", decimals))
    amounts = (
        "premium", "buyerCollateral", "sellerCollateral", "bond", "arbitrationFee",
        "defaultToBuyer", "defaultToSeller",
    )
    scaled = {name: world.terms.escrow[name] // UNIT * unit * UNIT for name in amounts}
    if decimals == 36:  # as large as amounts may be
        scaled = {name: min(value, 2**127 - 1) for name, value in scaled.items()}
        scaled |= {"buyerCollateral": 2**128 - 1, "sellerCollateral": 2**128 - 1}
        scaled |= {"defaultToBuyer": 2**128 - 1, "defaultToSeller": 2**128 - 1}
    world.terms = world.terms.changed(**scaled)
    world.opened()
    total = world.terms.total()
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(SELLER, total).ok
    assert world.vault().read("state")[6:] == (total, 0)
    world.chain.time += world.terms.escrow["disputeWindow"]
    assert world.finalise().ok
    assert world.balance(BUYER) == total + scaled["bond"]
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("fee", [1, UNIT])
def test_a_fee_on_transfer_is_refused_at_opening(fee):
    world = world_with("FeeToken")
    world.token.send("setFee", fee)
    world.fund_both()
    assert world.open().reason == "open: premium delivered short"
    world.terms = world.terms.changed(premium=0)
    world.fund_both()
    assert world.open().reason == "open: buyerCollateral delivered short"
    world.terms = world.terms.changed(buyerCollateral=0, defaultToBuyer=3_000 * UNIT)
    world.fund_both()
    assert world.open().reason == "open: sellerCollateral delivered short"
    assert world.chain.code(world.vault().address) == b""


def test_a_fee_that_comes_later_is_refused_with_the_bond():
    world = world_with("FeeToken")
    vault = world.opened()
    world.token.send("setFee", 1)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).reason == "bond: delivered short"
    assert vault.read("state")[0] == OPEN


def test_false_is_a_refusal_at_opening_and_for_the_bond():
    world = world_with("FalseToken")
    world.token.send("setRefuses", True)
    world.fund_both()
    assert world.open().reason == "open: premium refused"
    world.token.send("setRefuses", False)
    assert world.open().ok
    world.token.send("setRefuses", True)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).reason == "bond: refused"


def test_false_at_payout_is_a_claim():
    world = world_with("FalseToken")
    proposed(world)
    world.token.send("setRefuses", True)
    receipt = world.finalise()
    assert claimable(world, receipt) == [
        (BUYER.address, 5_000 * UNIT),
        (SELLER.address, 5_050 * UNIT),
        (BUYER.address, BOND),
    ]
    assert claims(world, BUYER, SELLER) == (5_000 * UNIT + BOND, 5_050 * UNIT)
    refused = world.withdraw(BUYER, OUTSIDER.address, 5_000 * UNIT + BOND)
    assert refused.reason == "withdraw: transfer refused"
    assert claims(world, BUYER) == (5_000 * UNIT + BOND,)
    world.token.send("setRefuses", False)
    assert world.withdraw(BUYER, OUTSIDER.address, 5_000 * UNIT + BOND).ok
    assert world.withdraw(SELLER, SELLER.address, 5_050 * UNIT).ok
    assert world.balance(world.vault().address) == 0


@pytest.mark.parametrize("act", ["settle", "finalise", "default", "equal proposal"])
@pytest.mark.parametrize("blocked, other", [(BUYER, SELLER), (SELLER, BUYER)],
                         ids=["buyer", "seller"])
def test_a_blocked_receiver_blocks_nobody_else(blocked, other, act):
    world = world_with("BlocklistToken")
    vault = world.opened()
    world.chain.time = world.terms.escrow["settleFrom"]
    world.token.send("setBlocked", blocked.address, True)
    to_buyer = 5_000 * UNIT
    if act in ("finalise", "equal proposal"):
        assert world.propose(other, to_buyer).ok
    if act == "settle":
        receipt = world.settle(to_buyer)
    elif act == "finalise":
        world.chain.time += world.terms.escrow["disputeWindow"]
        receipt = world.finalise()
    elif act == "equal proposal":
        receipt = world.propose(blocked, to_buyer)
    else:
        world.chain.time = world.terms.escrow["settleBy"]
        to_buyer = 3_050 * UNIT
        receipt = world.settle_by_default()
    assert receipt.ok and vault.read("state")[0] == CLOSED
    part = {BUYER.address: to_buyer, SELLER.address: world.terms.total() - to_buyer}
    owed = part[blocked.address]
    held = {BUYER.address: BOND, SELLER.address: BOND + 400 * UNIT}
    assert claimable(world, receipt) == [(blocked.address, owed)]
    assert world.balance(other) == held[other.address] + part[other.address]
    assert world.balance(vault.address) == owed == claims(world, blocked)[0]

    receipt = world.withdraw(blocked, OUTSIDER.address, owed)
    assert world.vault().events_in(receipt) == [
        (
            "Withdrawn",
            {
                "agreementId": world.id(),
                "claimant": blocked.address,
                "to": OUTSIDER.address,
                "amount": owed,
            },
        )
    ]
    assert world.balance(OUTSIDER) == owed
    assert world.balance(vault.address) == 0 == claims(world, blocked)[0]
    assert world.withdraw(blocked, OUTSIDER.address, owed).reason == "withdraw: not the claim"


def test_a_blocked_watchers_bond_is_its_own_claim():
    world = world_with("BlocklistToken")
    vault = world.opened()
    world.fund(BUYER_WATCHER, BOND, vault.address)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(SELLER, 0).ok
    assert world.dispute(BUYER_WATCHER, 9).ok
    world.token.send("setBlocked", BUYER_WATCHER.address, True)
    receipt = world.settle(7)
    assert claimable(world, receipt) == [(BUYER_WATCHER.address, BOND)]
    assert world.withdraw(BUYER_WATCHER, BUYER.address, BOND).ok
    assert world.balance(vault.address) == 0


def test_what_a_withdrawal_needs():
    world = world_with("BlocklistToken")
    vault = world.opened()
    world.token.send("setBlocked", BUYER.address, True)
    assert world.settle(500).ok
    to = OUTSIDER.address
    for amount in (0, 499, 501):
        assert world.withdraw(BUYER, to, amount).reason == "withdraw: not the claim"
    assert world.withdraw(SELLER, to, 500).reason == "withdraw: not the claim"
    for nowhere in ("0x" + "00" * 20, vault.address):
        assert world.withdraw(BUYER, nowhere, 500).reason == "withdraw: receiver"
    now = world.chain.time
    late = world.withdraw(BUYER, to, 500, valid_until=now)
    assert late.reason == "withdraw: validUntil passed"
    values = {**world.about(), "claimant": BUYER.address, "amount": 500, "validUntil": now + HOUR}
    elsewhere = world.message("Withdrawal", to=SELLER.address, **values)
    right = world.message("Withdrawal", to=to, **values)
    for signature in (BUYER.sign(elsewhere), SELLER.sign(right)):
        wrong = world.withdraw(BUYER, to, 500, signature=signature)
        assert wrong.reason == "withdraw: claimant did not sign"
    assert world.withdraw(BUYER, BUYER.address, 500).reason == "withdraw: transfer refused"
    assert world.withdraw(BUYER, to, 500, valid_until=now + 1).ok
    assert world.balance(to) == 500


@pytest.mark.parametrize(
    "reply, consents",
    [
        (b"", True),
        (encode(["uint256"], [1]), True),
        (encode(["uint256"], [0]), False),
        (encode(["uint256"], [2]), False),
        (encode(["uint256"], [2**255 + 1]), False),
        (b"\1", False),
        (b"\0" * 30 + b"\1", False),
        (b"\0" * 31 + b"\1" + b"\0", False),
        (encode(["uint256", "uint256"], [1, 1]), False),
        (encode(["uint256", "uint256", "uint256"], [1, 0, 0]), False),
    ],
    ids=lambda value: value.hex() if isinstance(value, bytes) else str(value),
)
def test_only_nothing_or_one_true_is_consent(reply, consents):
    """Judged by the answer, not by what moved: this token always moves the money."""
    world = world_with("OddReplyToken")
    world.token.send("setReply", reply)
    world.fund_both()
    assert world.open().reason == (None if consents else "open: premium refused")

    world = world_with("OddReplyToken")
    world.opened()
    world.token.send("setReply", reply)
    receipt = world.settle(5)
    assert receipt.ok
    assert len(claimable(world, receipt)) == (0 if consents else 2)


def test_a_token_whose_code_is_gone_pays_nobody():
    world = world_with("PlainToken", "Test", "T", 6)
    world.opened()
    world.chain.erase(world.token.address)
    assert world.chain.code(world.token.address) == b""
    receipt = world.settle(5)
    assert receipt.ok
    assert claimable(world, receipt) == [
        (BUYER.address, 5),
        (SELLER.address, world.terms.total() - 5),
    ]


# Gas


def test_a_token_that_burns_all_its_gas_is_a_claim_and_no_block():
    world = world_with("HungryToken")
    vault = world.opened()
    world.token.send("setBurns", 10**9)
    receipt = world.settle(5)
    assert receipt.ok and receipt.gas < 800_000
    assert claims(world, BUYER, SELLER) == (5, world.terms.total() - 5)
    world.token.send("setBurns", 300_000)
    assert world.withdraw(BUYER, BUYER.address, 5).ok  # not capped
    assert world.withdraw(SELLER, SELLER.address, world.terms.total() - 5).ok
    assert world.balance(vault.address) == 0


@pytest.mark.parametrize("burns", [1_000, 100_000, 160_000])
def test_too_little_gas_never_makes_an_honest_payout_fail(burns):
    """Whatever the caller brings: all is paid, or nothing happened."""
    world = world_with("HungryToken")
    world.opened()
    world.token.send("setBurns", burns)
    fresh = world.chain.snapshot()
    reasons = set()
    for gas in range(70_000, 1_200_000, 9_973):
        receipt = world.settle(5, gas=gas)
        reasons.add(receipt.reason)
        if receipt.ok:
            assert claims(world, BUYER, SELLER) == (0, 0)
            assert world.balance(world.vault().address) == 0
        world.chain.restore(fresh)
        fresh = world.chain.snapshot()
    assert reasons == {None, "payout: gas too low"}


def test_the_smallest_gas_that_settles_gives_each_payout_its_whole_cap():
    """At the edge, one unit of gas decides between refusal and payment, never a claim."""
    world = world_with("HungryToken")
    world.opened()
    world.token.send("setBurns", 170_000)  # of 200,000; the transfer itself needs the rest
    low, high = 60_000, 2_000_000
    fresh = world.chain.snapshot()
    while high - low > 1:
        middle = (low + high) // 2
        receipt = world.settle(5, gas=middle)
        assert claims(world, BUYER, SELLER) == (0, 0)
        low, high = (low, middle) if receipt.ok else (middle, high)
        world.chain.restore(fresh)
        fresh = world.chain.snapshot()
    assert world.settle(5, gas=low).reason == "payout: gas too low"
    receipt = world.settle(5, gas=high)
    assert receipt.ok
    assert claims(world, BUYER, SELLER) == (0, 0)


# Re-entry


@pytest.mark.parametrize("act", ["settle", "propose", "dispute", "finalise", "settleByDefault",
                                 "withdraw", "initialise", "open"])
def test_no_act_is_entered_from_a_transfer(act):
    """The call back would be let in if it came alone, or is at least a call of that function."""
    world = world_with("ReentrantToken")
    vault = world.opened()
    escrow = world.terms.escrow
    terms = world.escrow_tuple(), world.terms.economics_hash()
    world.chain.time = escrow["settleFrom"]
    total = world.terms.total()
    until = world.chain.time + HOUR
    outcome = world.outcome_digest(9, total - 9, until)
    claim = {**world.about(), "evidenceDigest": b"\0" * 32, "toBuyer": 9, "toSeller": total - 9,
             "validUntil": until}
    proposal = world.message("Proposal", proposer=SELLER.address, **claim)
    answer = world.message("Dispute", disputer=SELLER.address, **claim)
    withdrawal = world.message("Withdrawal", **world.about(), claimant=BUYER.address,
                               to=BUYER.address, amount=5, validUntil=until)
    amounts = (b"\0" * 32, 9, total - 9, until)
    payload = {
        "settle": (*terms, 9, total - 9, until, BUYER.sign(outcome), SELLER.sign(outcome)),
        "propose": (*terms, SELLER.address, *amounts, SELLER.sign(proposal), b""),
        "dispute": (*terms, SELLER.address, *amounts, SELLER.sign(answer), b""),
        "finalise": terms,
        "settleByDefault": terms,
        "withdraw": (*terms, BUYER.address, BUYER.address, 5, until, BUYER.sign(withdrawal)),
        "initialise": (world.id(), world.escrow_tuple()),
    }
    if act == "open":
        other = world.terms.changed(salt=2, acceptBy=escrow["expirationTime"])
        data = world.factory.data(
            "open",
            world.escrow_tuple(other),
            other.economics_hash(),
            BUYER.sign(world.id(other)),
            SELLER.sign(world.id(other)),
        )
        assert world.token.send("setCall", world.factory.address, data).ok
    else:
        assert world.token.send("setCall", vault.address, vault.data(act, *payload[act])).ok
    assert world.propose(BUYER, 5).ok
    assert world.token.read("calls") == 1
    world.chain.time += escrow["disputeWindow"]
    assert world.finalise().ok
    assert world.token.read("calls") == 4
    assert not world.token.read("entered")
    assert claims(world, BUYER, SELLER) == (0, 0)
    assert world.balance(vault.address) == 0


def test_no_vault_is_entered_while_it_opens():
    """Both parties may have signed an outcome before; it must wait until the money is there."""
    world = world_with("ReentrantToken")
    vault = world.vault()
    world.fund_both()
    until = world.chain.time + HOUR
    total = world.terms.total()
    outcome = world.outcome_digest(9, total - 9, until)
    data = vault.data(
        "settle",
        world.escrow_tuple(),
        world.terms.economics_hash(),
        9,
        total - 9,
        until,
        BUYER.sign(outcome),
        SELLER.sign(outcome),
    )
    world.token.send("setCall", vault.address, data)
    assert world.open().ok
    assert world.token.read("calls") == 3
    assert not world.token.read("entered")
    assert vault.read("state")[0] == OPEN


def withdrawal_call(world, claimant, amount: int, to) -> bytes:
    until = world.chain.time + HOUR
    digest = world.message(
        "Withdrawal",
        **world.about(),
        claimant=claimant.address,
        to=to.address,
        amount=amount,
        validUntil=until,
    )
    return world.vault().data(
        "withdraw",
        world.escrow_tuple(),
        world.terms.economics_hash(),
        claimant.address,
        to.address,
        amount,
        until,
        claimant.sign(digest),
    )


@pytest.mark.parametrize("act", ["settle", "finalise", "default", "equal proposal"])
def test_no_claim_is_withdrawn_while_another_payout_runs(act):
    """The buyer's payout fails; its claim must wait until the seller's transfer is done."""
    world = world_with("ReentrantToken")
    vault = world.opened()
    escrow = world.terms.escrow
    to_buyer = escrow["defaultToBuyer"]
    world.token.send("setRefused", BUYER.address, True)
    world.chain.time = escrow["settleFrom"]
    if act in ("finalise", "equal proposal"):
        assert world.propose(SELLER, to_buyer).ok
    if act == "finalise":
        world.chain.time += escrow["disputeWindow"]
    if act == "default":
        world.chain.time = escrow["settleBy"]
    data = withdrawal_call(world, BUYER, to_buyer, OUTSIDER)
    world.token.send("setCall", vault.address, data)
    if act == "settle":
        assert world.settle(to_buyer).ok
    elif act == "finalise":
        assert world.finalise().ok
    elif act == "default":
        assert world.settle_by_default().ok
    else:
        assert world.propose(BUYER, to_buyer).ok
    assert world.token.read("calls") > 0
    assert not world.token.read("entered")
    assert claims(world, BUYER) == (to_buyer,)
    assert world.chain.send(vault.address, data).ok


def test_no_claim_is_withdrawn_while_another_withdrawal_runs():
    """Buyer and watcher have a claim each; the watcher's comes back in the buyer's transfer."""
    world = world_with("ReentrantToken")
    vault = world.opened()
    world.fund(BUYER_WATCHER, BOND, vault.address)
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(SELLER, 0).ok
    assert world.dispute(BUYER_WATCHER, 9).ok
    world.token.send("setRefused", BUYER.address, True)
    world.token.send("setRefused", BUYER_WATCHER.address, True)
    assert world.settle(7).ok
    world.token.send("setRefused", BUYER.address, False)
    assert claims(world, BUYER, BUYER_WATCHER) == (7, BOND)
    data = withdrawal_call(world, BUYER_WATCHER, BOND, OUTSIDER)
    world.token.send("setCall", vault.address, data)
    assert world.withdraw(BUYER, BUYER.address, 7).ok
    assert world.token.read("calls") == 1
    assert not world.token.read("entered")
    assert claims(world, BUYER, BUYER_WATCHER) == (0, BOND)
    assert world.chain.send(vault.address, data).ok


def test_opening_is_not_entered_from_opening():
    world = world_with("ReentrantToken")
    world.fund_both()
    other = world.terms.changed(salt=2)
    world.fund_both(other)
    data = world.factory.data(
        "open",
        world.escrow_tuple(other),
        other.economics_hash(),
        BUYER.sign(world.id(other)),
        SELLER.sign(world.id(other)),
    )
    world.token.send("setCall", world.factory.address, data)
    assert world.open().ok
    assert world.token.read("calls") == 3
    assert not world.token.read("entered")
    assert world.chain.code(world.vault(other).address) == b""
