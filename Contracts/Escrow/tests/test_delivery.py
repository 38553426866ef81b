"""Agreements settled by delivery: a call and a put, exercised, expired, ended early; and who could spoil it."""

import pytest
from eth_utils import to_checksum_address

from evm import Revm
from terms import BUYER, DAY, HOUR, NOW, OUTSIDER, SELLER, UNIT, ZERO, compact, high_s
from world import CLOSED, ESCROW, OPEN, Contract, World, code_of

CALL, PUT = 3, 4
ROUTE_AGREED, ROUTE_DELIVERED = 1, 6
ETHER = 10**18
QUANTITY = 10 * ETHER
STRIKE = 25_000 * UNIT  # 10 at 2,500
PREMIUM, BUYER_COLLATERAL = 400 * UNIT, 50 * UNIT
START, END = NOW + DAY, NOW + 30 * DAY


class DeliveryWorld(World):
    """A world whose terms are physical, with a delivery token of 18 decimals beside the token."""

    def __init__(self, chain, kind=CALL, token="PlainToken", arguments=("Test Token", "TEST", 6),
                 delivery="PlainToken", delivery_arguments=("Test Ether", "ETHER", 18), **changes):
        super().__init__(chain, token, arguments)
        receipt = self.factory.send("install", code_of(ESCROW["DeliveryVault"]))
        assert receipt.ok, receipt.reason
        self.delivery = self.deploy_token(delivery, *delivery_arguments)
        locked = QUANTITY if kind == CALL else STRIKE
        self.terms = self.terms.changed(
            payoffKind=kind, deliveryToken=self.delivery.address, settlementType="Physical",
            optionType="Call" if kind == CALL else "Put", exerciseStart=START, expirationTime=END,
            sellerCollateral=locked, defaultToBuyer=BUYER_COLLATERAL, defaultToSeller=locked,
            **changes,
        )

    def vault(self, terms=None) -> Contract:
        address = self.factory.read("deliveryVaultOf", self.id(terms))
        return Contract(self.chain, ESCROW["DeliveryVault"]["abi"], address)

    def give(self, token, holder, amount: int) -> None:
        token.send("mint", holder.address, amount)
        allowed = token.read("allowance", holder.address, self.vault().address)
        token.send("approve", self.vault().address, allowed + amount, sender=holder)

    def fund_both(self, terms=None) -> None:
        escrow = (terms or self.terms).escrow
        self.give(self.token, BUYER, escrow["premium"] + escrow["buyerCollateral"])
        locked = self.delivery if escrow["payoffKind"] == CALL else self.token
        self.give(locked, SELLER, escrow["sellerCollateral"])

    def fund_exercise(self) -> None:
        call = self.terms.escrow["payoffKind"] == CALL
        self.give(self.token if call else self.delivery, BUYER, STRIKE if call else QUANTITY)

    def notice(self, valid_until: int, holder=BUYER) -> bytes:
        return self.message(
            "ExerciseNotice", **self.about(), holder=holder.address, validUntil=valid_until
        )

    def exercise(self, valid_until=None, signature=None, terms=None, **options):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        signature = BUYER.sign(self.notice(valid_until)) if signature is None else signature
        return self.vault().send(
            "exercise", self.terms_tuple(terms or self.terms), valid_until, signature, **options
        )

    def settle(self, token: tuple, delivery: tuple, valid_until=None, buyer=None, seller=None):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "DeliveryOutcome", **self.about(), toBuyer=token[0], toSeller=token[1],
            deliveryToBuyer=delivery[0], deliveryToSeller=delivery[1], validUntil=valid_until,
        )
        return self.act(
            "settle", *token, *delivery, valid_until,
            BUYER.sign(digest) if buyer is None else buyer,
            SELLER.sign(digest) if seller is None else seller,
        )

    def withdraw(self, who, token, to: str, amount: int, valid_until=None, signature=None):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "TokenWithdrawal", **self.about(), claimant=who.address, token=token.address, to=to,
            amount=amount, validUntil=valid_until,
        )
        signature = who.sign(digest) if signature is None else signature
        return self.act(
            "withdrawToken", who.address, token.address, to, amount, valid_until, signature
        )

    def holdings(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """Of the token, then of the delivery token: buyer, seller, vault."""
        holders = BUYER.address, SELLER.address, self.vault().address
        return tuple(
            tuple(token.read("balanceOf", holder) for holder in holders)
            for token in (self.token, self.delivery)
        )


def opened(kind=CALL, chain=None, **options) -> DeliveryWorld:
    world = DeliveryWorld(chain or Revm(), kind, **options)
    world.opened()
    world.chain.time = START
    return world


def test_opening_locks_what_a_call_delivers(either_world):
    world = DeliveryWorld(either_world.chain)
    vault = world.opened()
    assert world.holdings() == ((0, PREMIUM, BUYER_COLLATERAL), (0, 0, QUANTITY))
    assert vault.read("deliveryState") == (OPEN, 1, 0)


def test_opening_locks_a_puts_strike():
    world = opened(PUT)
    assert world.holdings() == ((0, PREMIUM, BUYER_COLLATERAL + STRIKE), (0, 0, 0))


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
def test_a_life_as_an_explorer_shows_it(kind):
    world = DeliveryWorld(Revm(), kind)
    vault = world.opened()

    def timeline():
        return list(vault.read("timeline", world.escrow_tuple(), world.terms.economics_hash()))

    # What the seller locked is the strike of a put, and what is delivered of a call.
    back = (BUYER_COLLATERAL, 0, 0, QUANTITY) if kind == CALL else (BUYER_COLLATERAL, STRIKE, 0, 0)
    assert tuple(vault.read("details")) == ("open", world.id(), 1, 0)
    assert timeline() == [
        (START, "the buyer may exercise; strikePaymentOf says against how much", 0, 0, 0, 0),
        (END, "no more exercise; expire returns the collaterals", *back),
    ]
    world.chain.time = START
    world.fund_exercise()
    assert world.exercise().ok
    exercised = vault.read("deliveryState")[2]
    assert exercised >= START
    assert tuple(vault.read("details")) == ("closed", world.id(), 1, exercised)
    assert timeline() == []


def test_the_timeline_is_of_this_agreements_terms_alone():
    world = opened()
    other = world.terms.changed(sellerCollateral=QUANTITY + 1)
    refused = world.vault().send("timeline", world.escrow_tuple(other), other.economics_hash())
    assert refused.reason == "vault: other terms"


def test_code_that_no_agreement_uses_is_unopened():
    world = opened()
    proxy = world.chain.code(world.vault().address)
    code = Contract(world.chain, ESCROW["DeliveryVault"]["abi"], to_checksum_address(proxy[10:30]))
    assert tuple(code.read("details")) == ("unopened", b"\0" * 32, 1, 0)


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
def test_exercise_pays_and_delivers_in_one_call(either_world, kind):
    world = opened(kind, either_world.chain)
    world.fund_exercise()
    receipt = world.exercise()
    assert receipt.ok, receipt.reason
    if kind == CALL:
        assert world.holdings() == ((BUYER_COLLATERAL, PREMIUM + STRIKE, 0), (QUANTITY, 0, 0))
        amounts = (BUYER_COLLATERAL, STRIKE, QUANTITY, 0)
    else:
        assert world.holdings() == ((BUYER_COLLATERAL + STRIKE, PREMIUM, 0), (0, QUANTITY, 0))
        amounts = (BUYER_COLLATERAL + STRIKE, 0, 0, QUANTITY)
    vault, now = world.vault(), world.vault().read("deliveryState")[2]
    assert vault.read("deliveryState") == (CLOSED, 1, now)
    names = "toBuyer", "toSeller", "deliveryToBuyer", "deliveryToSeller"
    assert vault.events_in(receipt) == [
        ("DeliveryExercised", {"agreementId": world.id(), "holder": BUYER.address,
                               "strikePayment": STRIKE, "exercisedAt": now}),
        ("DeliverySettled", {"agreementId": world.id(), "version": 1, "route": ROUTE_DELIVERED}
         | dict(zip(names, amounts))),
    ]


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
@pytest.mark.parametrize("what", ["allowance", "balance"])
def test_unpaid_is_not_exercised(kind, what):
    world = opened(kind)
    world.fund_exercise()
    token, amount = (world.token, STRIKE) if kind == CALL else (world.delivery, QUANTITY)
    if what == "allowance":
        token.send("approve", world.vault().address, amount - 1, sender=BUYER)
    else:
        token.send("transfer", OUTSIDER.address, 1, sender=BUYER)
    before = world.holdings()
    assert world.exercise().reason == "exercise: payment refused"
    assert world.holdings() == before
    assert world.vault().read("deliveryState") == (OPEN, 1, 0)


@pytest.mark.parametrize(
    "time, reason",
    [(START - 1, "exercise: before exerciseStart"), (START, None), (END - 1, None),
     (END, "exercise: expired")],
)
def test_exercise_is_possible_from_its_start_until_the_expiration(time, reason):
    world = opened()
    world.fund_exercise()
    world.chain.time = time
    assert world.exercise().reason == reason


def test_a_notice_is_valid_until_its_second():
    world = opened()
    world.fund_exercise()
    assert world.exercise(world.chain.time).reason == "exercise: validUntil passed"
    assert world.exercise(world.chain.time + 1).ok


def test_only_the_buyer_exercises():
    world = opened()
    world.fund_exercise()
    until = world.chain.time + HOUR
    digest = world.notice(until)
    for other in (SELLER, OUTSIDER):
        assert world.exercise(until, other.sign(digest)).reason == "exercise: buyer did not sign"
    other = BUYER.sign(world.notice(until, SELLER))
    assert world.exercise(until, other).reason == "exercise: buyer did not sign"
    assert world.exercise(until, high_s(BUYER.sign(digest))).reason == "signature: high s"
    assert world.exercise(until, compact(BUYER.sign(digest))).ok


def test_exercise_happens_once():
    world = opened()
    world.fund_exercise()
    world.fund_exercise()
    assert world.exercise().ok
    assert world.exercise().reason == "exercise: closed"


@pytest.mark.parametrize("field, value", [("strikePrice", 1), ("quantity", 1), ("salt", 9)])
def test_exercise_is_of_these_terms(field, value):
    world = opened()
    world.fund_exercise()
    other = world.terms.changed(**{field: value})
    assert world.exercise(terms=other).reason == "vault: other terms"


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
def test_more_than_the_collateral_is_never_delivered(kind):
    changes = {"quantity": QUANTITY + 1} if kind == CALL else {"strikePrice": 250_000_000_001}
    world = opened(kind, **changes)
    world.fund_exercise()
    world.give(world.token, BUYER, 1)
    world.give(world.delivery, BUYER, 1)
    assert world.exercise().reason == "exercise: more than sellerCollateral"


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
def test_what_was_locked_beyond_the_delivery_goes_back(kind):
    world = DeliveryWorld(Revm(), kind)
    locked = world.terms.escrow["sellerCollateral"] + 7
    world.terms = world.terms.changed(sellerCollateral=locked, defaultToSeller=locked)
    world.opened()
    world.chain.time = START
    world.fund_exercise()
    assert world.exercise().ok
    if kind == CALL:
        assert world.holdings() == ((BUYER_COLLATERAL, PREMIUM + STRIKE, 0), (QUANTITY, 7, 0))
    else:
        assert world.holdings() == ((BUYER_COLLATERAL + STRIKE, PREMIUM + 7, 0), (0, QUANTITY, 0))


@pytest.mark.parametrize(
    "changes, payment",
    [
        ({}, STRIKE),
        ({"quantity": 1}, 1),  # rounded up to one unit
        ({"quantity": 10**12, "strikePrice": 10**8}, 1),
        ({"quantity": 10**12 + 1, "strikePrice": 10**8}, 2),
        ({"strikePrice": 0}, 0),
        ({"tokenDecimals": 36, "quantityDecimals": 0, "priceDecimals": 0, "quantity": 3,
          "strikePrice": 5}, 15 * 10**36),
        ({"tokenDecimals": 26}, STRIKE * 10**20),
        ({"tokenDecimals": 0, "quantityDecimals": 36, "priceDecimals": 36, "quantity": 2**128 - 1,
          "strikePrice": 2**128 - 1}, -(-((2**128 - 1) ** 2) // 10**72)),
    ],
)
def test_the_strike_payment_is_exact_and_rounded_up(changes, payment):
    world = opened()
    economics = tuple(world.terms.changed(**changes).economics.values())
    assert world.vault().read("strikePaymentOf", economics) == payment


def test_a_strike_of_nothing_moves_nothing_for_it():
    """Nothing is sent, not even a transfer of zero that the token would refuse."""
    world = opened(PUT, token="BlocklistToken", arguments=(), strikePrice=0)
    world.give(world.delivery, BUYER, QUANTITY)
    world.token.send("setBlocked", BUYER.address, True)
    assert world.exercise().ok
    assert world.holdings() == ((0, PREMIUM + STRIKE, BUYER_COLLATERAL), (0, QUANTITY, 0))


def test_the_largest_payment_that_fits_is_exact():
    """The product is the largest that 10^35 still fits into 256 bits."""
    quantity, strike = 20_653, 56065505852571633866058676709769964583
    assert quantity * strike == (2**256 - 1) // 10**35
    world = opened()
    changes = {"tokenDecimals": 35, "quantityDecimals": 0, "priceDecimals": 0, "quantity": quantity}
    for price, reason in ((strike, None), (strike + 1, "exercise: amount too large")):
        economics = tuple(world.terms.changed(**changes, strikePrice=price).economics.values())
        assert world.vault().send("strikePaymentOf", economics).reason == reason


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"quantity": 2**128}, "exercise: amount too large"),
        ({"strikePrice": 2**128}, "exercise: amount too large"),
        ({"tokenDecimals": 36, "quantityDecimals": 0, "priceDecimals": 0,
          "quantity": 2**128 - 1, "strikePrice": 2**128 - 1}, "exercise: amount too large"),
        ({"tokenDecimals": 37}, "exercise: decimals"),
        ({"quantityDecimals": 37}, "exercise: decimals"),
        ({"priceDecimals": 37}, "exercise: decimals"),
    ],
)
def test_amounts_that_do_not_fit_are_named(changes, reason):
    world = opened()
    economics = tuple(world.terms.changed(**changes).economics.values())
    assert world.vault().send("strikePaymentOf", economics).reason == reason


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
@pytest.mark.parametrize("late", [0, 1, 400 * DAY])
def test_from_the_expiration_anybody_returns_the_collaterals(kind, late):
    world = opened(kind)
    world.chain.time = END - 1
    assert world.act("expire").reason == "expire: not expired"
    world.chain.time = END + late
    receipt = world.act("expire")
    assert receipt.ok
    if kind == CALL:
        assert world.holdings() == ((BUYER_COLLATERAL, PREMIUM, 0), (0, QUANTITY, 0))
        amounts = (BUYER_COLLATERAL, 0, 0, QUANTITY)
    else:
        assert world.holdings() == ((BUYER_COLLATERAL, PREMIUM + STRIKE, 0), (0, 0, 0))
        amounts = (BUYER_COLLATERAL, STRIKE, 0, 0)
    [(name, values)] = world.vault().events_in(receipt)
    assert name == "DeliverySettled" and tuple(values.values())[2:] == (ROUTE_DELIVERED, *amounts)
    assert world.act("expire").reason == "expire: closed"


def test_ended_early_in_both_tokens(either_world):
    world = opened(CALL, either_world.chain)
    assert world.settle((20, BUYER_COLLATERAL - 20), (3, QUANTITY - 3)).ok
    assert world.holdings() == (
        (20, PREMIUM + BUYER_COLLATERAL - 20, 0), (3, QUANTITY - 3, 0)
    )
    assert world.settle((20, BUYER_COLLATERAL - 20), (3, QUANTITY - 3)).reason == "settle: closed"


@pytest.mark.parametrize(
    "token, delivery, reason",
    [
        ((BUYER_COLLATERAL, 1), (0, QUANTITY), "settle: sum"),
        ((BUYER_COLLATERAL + 1, 0), (0, QUANTITY), "settle: sum"),
        ((0, 0), (0, QUANTITY), "settle: sum"),
        ((2**256 - 1, BUYER_COLLATERAL + 1), (0, QUANTITY), "settle: sum"),
        ((BUYER_COLLATERAL, 0), (1, QUANTITY), "settle: delivery sum"),
        ((BUYER_COLLATERAL, 0), (QUANTITY + 1, 0), "settle: delivery sum"),
        ((BUYER_COLLATERAL, 0), (0, 0), "settle: delivery sum"),
        ((BUYER_COLLATERAL, 0), (2**256 - 1, QUANTITY + 1), "settle: delivery sum"),
    ],
)
def test_each_token_is_given_out_whole(token, delivery, reason):
    assert opened().settle(token, delivery).reason == reason


def test_a_put_has_nothing_to_deliver_but_the_token():
    world = opened(PUT)
    whole = BUYER_COLLATERAL + STRIKE
    assert world.settle((0, whole), (1, 0)).reason == "settle: delivery sum"
    assert world.settle((whole, 0), (0, 0)).ok
    assert world.holdings()[0] == (whole, PREMIUM, 0)


def test_ending_early_needs_both_and_in_time():
    world = opened()
    until = world.chain.time + HOUR
    whole = (BUYER_COLLATERAL, 0), (0, QUANTITY)
    digest = world.message(
        "DeliveryOutcome", **world.about(), toBuyer=BUYER_COLLATERAL, toSeller=0, deliveryToBuyer=0,
        deliveryToSeller=QUANTITY, validUntil=until,
    )
    swapped = SELLER.sign(digest), BUYER.sign(digest)
    assert world.settle(*whole, until, buyer=swapped[0]).reason == "settle: buyer did not sign"
    assert world.settle(*whole, until, seller=swapped[1]).reason == "settle: seller did not sign"
    assert world.settle(*whole, world.chain.time).reason == "settle: validUntil passed"
    assert world.settle(*whole, until).ok


@pytest.mark.parametrize("act", ["settle", "expire", "withdrawToken"])
def test_every_act_is_of_these_terms(act):
    world = opened()
    arguments = {
        "settle": (0, 0, 0, 0, 0, b"", b""), "expire": (),
        "withdrawToken": (BUYER.address, world.token.address, BUYER.address, 1, 0, b""),
    }[act]
    other = world.terms.changed(salt=9)
    receipt = world.vault().send(
        act, world.escrow_tuple(other), other.economics_hash(), *arguments
    )
    assert receipt.reason == "vault: other terms"


# Who could spoil it


def test_a_seller_who_cannot_be_paid_spoils_no_exercise():
    """A seller that has itself blocked by the token gets a claim; the buyer has its delivery."""
    world = opened(token="BlocklistToken", arguments=())
    world.fund_exercise()
    world.token.send("setBlocked", SELLER.address, True)
    receipt = world.exercise()
    assert receipt.ok, receipt.reason
    assert world.holdings() == ((BUYER_COLLATERAL, PREMIUM, STRIKE), (QUANTITY, 0, 0))
    vault = world.vault()
    assert vault.read("claimOf", world.token.address, SELLER.address) == STRIKE
    claimed = [values for name, values in vault.events_in(receipt) if name == "TokenClaimable"]
    assert claimed == [{"agreementId": world.id(), "claimant": SELLER.address,
                        "token": world.token.address, "amount": STRIKE}]
    assert world.withdraw(SELLER, world.token, OUTSIDER.address, STRIKE).ok
    assert world.token.read("balanceOf", OUTSIDER.address) == STRIKE


def test_a_buyer_who_cannot_receive_does_not_pay():
    world = opened(delivery="BlocklistToken", delivery_arguments=())
    world.fund_exercise()
    world.delivery.send("setBlocked", BUYER.address, True)
    before = world.holdings()
    assert world.exercise().reason == "exercise: delivery refused"
    assert world.holdings() == before
    world.chain.time = END
    assert world.act("expire").ok


def test_a_delivery_that_arrives_short_is_no_exercise():
    world = opened(delivery="FeeToken", delivery_arguments=())
    world.fund_exercise()
    world.delivery.send("setFee", 1)
    assert world.exercise().reason == "exercise: delivery short"


def test_a_payment_that_arrives_short_is_no_exercise():
    world = opened(token="FeeToken", arguments=())
    world.fund_exercise()
    world.token.send("setFee", 1)
    assert world.exercise().reason == "exercise: payment delivered short"


def test_a_delivery_sent_back_is_no_exercise():
    world = opened(delivery="SendBackToken", delivery_arguments=())
    world.fund_exercise()
    world.delivery.send("setSendsBack", BUYER.address, True)
    assert world.exercise().reason == "exercise: delivery short"


@pytest.mark.parametrize("blocked, other", [(BUYER, SELLER), (SELLER, BUYER)], ids=["buyer", "seller"])
def test_a_blocked_receiver_blocks_nobody_at_the_expiration(blocked, other):
    world = opened(PUT, token="BlocklistToken", arguments=())
    world.token.send("setBlocked", blocked.address, True)
    world.chain.time = END
    assert world.act("expire").ok
    owed = BUYER_COLLATERAL if blocked is BUYER else STRIKE
    assert world.vault().read("claimOf", world.token.address, blocked.address) == owed
    assert world.vault().read("claimOf", world.token.address, other.address) == 0
    assert world.holdings()[0][2] == owed


def test_claims_are_kept_apart_by_token():
    """Equal amounts in both tokens: a signature for one does not take the other."""
    world = DeliveryWorld(Revm(), token="BlocklistToken", arguments=(), delivery="BlocklistToken",
                          delivery_arguments=())
    world.terms = world.terms.changed(buyerCollateral=5, sellerCollateral=5, defaultToBuyer=5,
                                      defaultToSeller=5)
    world.opened()
    for token in (world.token, world.delivery):
        token.send("setBlocked", BUYER.address, True)
    assert world.settle((5, 0), (5, 0)).ok
    vault, until = world.vault(), world.chain.time + HOUR
    digest = world.message(
        "TokenWithdrawal", **world.about(), claimant=BUYER.address, token=world.token.address,
        to=OUTSIDER.address, amount=5, validUntil=until,
    )
    signature = BUYER.sign(digest)
    crossed = world.withdraw(BUYER, world.delivery, OUTSIDER.address, 5, until, signature)
    assert crossed.reason == "withdraw: claimant did not sign"
    assert world.withdraw(BUYER, world.token, OUTSIDER.address, 5, until, signature).ok
    again = world.withdraw(BUYER, world.token, OUTSIDER.address, 5, until, signature)
    assert again.reason == "withdraw: not the claim"
    assert vault.read("claimOf", world.delivery.address, BUYER.address) == 5
    assert world.withdraw(BUYER, world.delivery, OUTSIDER.address, 5).ok


def test_what_a_withdrawal_of_a_token_needs():
    world = opened(PUT, token="BlocklistToken", arguments=())
    world.token.send("setBlocked", SELLER.address, True)
    world.chain.time = END
    assert world.act("expire").ok
    token, to = world.token, OUTSIDER.address
    assert world.withdraw(SELLER, token, to, STRIKE, END).reason == "withdraw: validUntil passed"
    for amount in (0, STRIKE - 1, STRIKE + 1):
        assert world.withdraw(SELLER, token, to, amount).reason == "withdraw: not the claim"
    for receiver in (ZERO, world.vault().address):
        assert world.withdraw(SELLER, token, receiver, STRIKE).reason == "withdraw: receiver"
    forged = world.withdraw(SELLER, token, to, STRIKE, signature=BUYER.sign(b"\1" * 32))
    assert forged.reason == "withdraw: claimant did not sign"
    refused = world.withdraw(SELLER, token, SELLER.address, STRIKE)
    assert refused.reason == "withdraw: transfer refused"
    assert world.withdraw(SELLER, token, to, STRIKE).ok


@pytest.mark.parametrize("act", ["exercise", "expire"])
@pytest.mark.parametrize("hostile", ["token", "delivery"])
def test_no_act_of_a_delivery_vault_is_entered_from_a_transfer(act, hostile):
    options = {hostile: "ReentrantToken"}
    options["arguments" if hostile == "token" else "delivery_arguments"] = ()
    world = opened(PUT if hostile == "token" else CALL, **options)
    world.fund_exercise()
    token = getattr(world, hostile)
    inner = world.vault().data("expire", world.escrow_tuple(), world.terms.economics_hash())
    token.send("setCall", world.vault().address, inner)
    if act == "expire":
        world.chain.time = END
        assert world.act("expire").ok
    else:
        assert world.exercise().ok
    assert token.read("calls") > 0 and not token.read("entered")


def test_too_little_gas_gives_no_claim_in_place_of_a_payment():
    world = opened(token="HungryToken", arguments=())
    world.token.send("setBurns", 150_000)
    world.fund_exercise()
    start = world.chain.snapshot()
    outcomes = set()
    for gas in range(300_000, 1_200_000, 20_000):
        receipt = world.exercise(gas=gas)
        outcomes.add(receipt.ok)
        if receipt.ok:
            assert world.vault().read("claimOf", world.token.address, SELLER.address) == 0
        world.chain.restore(start)
        start = world.chain.snapshot()
    assert outcomes == {True, False}


# Opening and names


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"deliveryToken": OUTSIDER.address}, "open: deliveryToken has no code"),
        ({"deliveryToken": ZERO}, "open: deliveryToken has no code"),
        ({"exerciseStart": END}, "open: no time to exercise"),
        ({"exerciseStart": END - 1}, None),
        ({"defaultToBuyer": BUYER_COLLATERAL + 1, "defaultToSeller": QUANTITY - 1},
         "open: default is not the collaterals"),
        ({"defaultToBuyer": BUYER_COLLATERAL - 1, "defaultToSeller": QUANTITY + 1},
         "open: default is not the collaterals"),
        ({"payoffKind": 5}, "open: deliveryToken unsupported"),
        ({"payoffKind": 255}, "open: deliveryToken unsupported"),
    ],
)
def test_terms_of_delivery(changes, reason):
    world = DeliveryWorld(Revm())
    world.terms = world.terms.changed(**changes)
    if reason is None:
        world.fund_both()
    assert world.open().reason == reason


def test_the_delivery_token_is_another_token():
    world = DeliveryWorld(Revm())
    world.terms = world.terms.changed(deliveryToken=world.token.address)
    assert world.open().reason == "open: deliveryToken is the token"


def test_nothing_opens_before_the_code_is_installed(world):
    terms = DeliveryWorld(Revm()).terms
    terms = terms.changed(token=world.token.address, deliveryToken=world.token.address)
    assert world.open(terms).reason == "open: delivery not installed"


def test_the_same_delivery_opens_once_and_cannot_be_cancelled_then():
    world = opened()
    world.chain.time = NOW
    assert world.open().reason == "open: already opened"
    until = NOW + HOUR
    digest = world.message("Cancellation", **world.about(), party=BUYER.address, validUntil=until)
    cancelled = world.factory.send(
        "cancel", world.id(), BUYER.address, until, BUYER.sign(digest)
    )
    assert cancelled.reason == "cancel: already opened"


def test_one_unit_missing_opens_nothing():
    world = DeliveryWorld(Revm())
    world.fund_both()
    world.delivery.send("transfer", OUTSIDER.address, 1, sender=SELLER)
    assert world.open().reason == "open: sellerCollateral refused"
    assert world.holdings()[0] == (PREMIUM + BUYER_COLLATERAL, 0, 0)


def test_nobody_opens_a_delivery_vault_or_its_code_again():
    world = opened()
    escrow = world.escrow_tuple()
    code = world.factory.read("deliveryImplementation")
    for address in (world.vault().address, code):
        contract = Contract(world.chain, ESCROW["DeliveryVault"]["abi"], address)
        receipt = contract.send("initialise", world.id(), escrow)
        assert receipt.reason == "initialise: not the escrow"


def test_not_even_the_escrow_opens_a_delivery_vault_again():
    world = opened()
    vault, arguments = world.vault(), (world.id(), world.escrow_tuple())
    world.chain.erase(world.factory.address)  # its address made one that may send
    refused = vault.send("initialise", *arguments, sender=world.factory)
    assert refused.reason == "initialise: already open"


def test_only_known_code_is_installed_and_once(world):
    init_code = code_of(ESCROW["DeliveryVault"])
    assert world.factory.send("install", init_code + b"\0").reason == "install: unknown code"
    receipt = world.factory.send("install", init_code)
    assert receipt.ok
    installed = to_checksum_address(receipt.output[12:])
    assert installed == world.factory.read("deliveryImplementation")
    assert not world.factory.send("install", init_code).ok
    runtime = bytes.fromhex(ESCROW["DeliveryVault"]["runtime"][2:])
    assert world.chain.code(installed) == runtime + bytes.fromhex(world.factory.address[2:]).rjust(32, b"\0")
