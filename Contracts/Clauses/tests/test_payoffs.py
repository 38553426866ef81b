"""What each payoff gives, worked out by hand.

1.500 units at one tick, 0.01, are 0.015 tokens, 15000 base units; at 100.00 they are 150 tokens. The seller put up 300.
"""

import digital
import inverse
import model
import physical
import pytest
import strategies
from samples import OPTION

TOKEN = 10**6


def gain(name, terms, **facts):
    """What the buyer has at the end beyond its own collateral."""
    inputs = {**terms, **facts}
    payments = model.CLAUSES[f"payoff/{name}"].model(inputs)
    assert payments["toBuyer"] + payments["toSeller"] == inputs["buyerCollateral"] + inputs["sellerCollateral"]
    return payments["toBuyer"] - inputs["buyerCollateral"]


@pytest.mark.parametrize(
    "distance, expected",
    [(-1, 0), (0, 0), (1, 15_000), (10_000, 150 * TOKEN), (19_999, 299_985_000), (20_000, 300 * TOKEN),
     (20_001, 300 * TOKEN)],
)
@pytest.mark.parametrize("name, sign", [("european-call", 1), ("european-put", -1)])
def test_european(name, sign, distance, expected):
    assert gain(name, OPTION, settlementPrice=250_000 + sign * distance) == expected


@pytest.mark.parametrize(
    "name, terms, price, expected",
    [
        # From 2500.00 to 2600.00: at most 100.00 a unit.
        ("call-spread", strategies.UPPER, 249_999, 0), ("call-spread", strategies.UPPER, 255_000, 75 * TOKEN),
        ("call-spread", strategies.UPPER, 300_000, 150 * TOKEN),
        ("put-spread", strategies.LOWER, 250_001, 0), ("put-spread", strategies.LOWER, 245_000, 75 * TOKEN),
        ("put-spread", strategies.LOWER, 1, 150 * TOKEN),
        ("straddle", strategies.CAPPED, 250_000, 0), ("straddle", strategies.CAPPED, 250_002, 30_000),
        ("straddle", strategies.CAPPED, 249_998, 30_000), ("straddle", strategies.CAPPED, 1, 150 * TOKEN),
        ("strangle", strategies.WIDE, 250_000, 0), ("strangle", strategies.WIDE, 260_000, 0),
        ("strangle", strategies.WIDE, 249_999, 15_000), ("strangle", strategies.WIDE, 260_001, 15_000),
        ("strangle", strategies.WIDE, 900_000, 150 * TOKEN),
        # The buyer put up 200 tokens, the seller 300.
        ("collar", strategies.COLLAR, 255_000, 0), ("collar", strategies.COLLAR, 249_999, 15_000),
        ("collar", strategies.COLLAR, 1, 300 * TOKEN), ("collar", strategies.COLLAR, 260_001, -15_000),
        ("collar", strategies.COLLAR, 900_000, -200 * TOKEN),
        ("butterfly", strategies.WINGS, 250_000, 150 * TOKEN), ("butterfly", strategies.WINGS, 250_001, 149_985_000),
        ("butterfly", strategies.WINGS, 245_000, 75 * TOKEN), ("butterfly", strategies.WINGS, 240_000, 0),
        ("butterfly", strategies.WINGS, 260_001, 0),
        ("forward", strategies.BOTH, 250_000, 0), ("forward", strategies.BOTH, 250_001, 15_000),
        ("forward", strategies.BOTH, 249_999, -15_000), ("forward", strategies.BOTH, 1, -200 * TOKEN),
        ("forward", strategies.BOTH, 900_000, 300 * TOKEN),
        # A fixed 250 tokens; or the asset, worth 3750 tokens at 2500.00, of 4500.
        ("cash-or-nothing-call", digital.CASH, 250_000, 250 * TOKEN),
        ("cash-or-nothing-call", digital.CASH, 249_999, 0),
        ("cash-or-nothing-put", digital.CASH, 250_000, 250 * TOKEN),
        ("cash-or-nothing-put", digital.CASH, 250_001, 0),
        ("asset-or-nothing-call", digital.ASSET, 250_000, 3_750 * TOKEN),
        ("asset-or-nothing-call", digital.ASSET, 249_999, 0),
        ("asset-or-nothing-call", digital.ASSET, 300_001, 4_500 * TOKEN),
        ("asset-or-nothing-put", digital.ASSET, 249_999, 3_749_985_000),
        ("asset-or-nothing-put", digital.ASSET, 250_001, 0),
        # Twice the strike: half of the quantity. Half of it: the whole quantity.
        ("inverse-call", inverse.COIN, 500_000, 75_000_000), ("inverse-call", inverse.COIN, 250_000, 0),
        ("inverse-call", inverse.COIN, 0, 0), ("inverse-put", inverse.PUT, 125_000, 150_000_000),
        ("inverse-put", inverse.PUT, 200_000, 37_500_000), ("inverse-put", inverse.PUT, 1, 150_000_000),
        # 150000000 x 1 / 250001 is 599.99…
        ("inverse-call", inverse.COIN, 250_001, 599),
    ],
)
def test_one_price(name, terms, price, expected):
    assert gain(name, terms, settlementPrice=price) == expected


@pytest.mark.parametrize(
    "side, sign, fixings, touched",
    # The barrier is 150.00 above the strike, or below it.
    [("up", 1, [], False), ("up", 1, [264_999], False), ("up", 1, [265_000], True), ("up", 1, [200_000, 300_000], True),
     ("down", -1, [], False), ("down", -1, [235_001], False), ("down", -1, [235_000], True),
     ("down", -1, [1, 250_000], True)],
)
@pytest.mark.parametrize("kind, profit", [("call", 100), ("put", -100)])
def test_barrier(side, sign, fixings, touched, kind, profit):
    terms = {**OPTION, "barrier": 250_000 + sign * 15_000, "rebate": 7 * TOKEN, "fixings": fixings}
    facts = {"settlementPrice": 250_000 + profit}
    option, rebate = 100 * 15_000, 7 * TOKEN
    assert gain(f"{side}-and-in-{kind}", terms, **facts) == (option if touched else rebate)
    assert gain(f"{side}-and-out-{kind}", terms, **facts) == (rebate if touched else option)


@pytest.mark.parametrize(
    "fixings, call_on_price, put_on_strike",
    # Three are the least. The call's strike is 2500.00; the put on the strike pays what 2500.00 is below the average.
    [([250_001] * 3, 15_000, 15_000), ([250_000, 250_000, 250_002], 0, 0),
     ([250_000, 250_000, 250_003], 15_000, 15_000), ([249_999] * 3, 0, 0), ([300_000] * 2, 0, 0), ([], 0, 0),
     ([1, 1, 749_998 + 30_000], 150 * TOKEN, 150 * TOKEN)],
)
def test_asian(fixings, call_on_price, put_on_strike):
    terms = {**OPTION, "minimumFixings": 3, "fixings": fixings, "settlementPrice": 250_000}
    assert gain("asian-average-price-call", terms) == call_on_price
    assert gain("asian-average-strike-put", terms) == put_on_strike


def test_asian_with_too_few_fixings_takes_the_price_at_expiry_or_the_agreed_strike():
    terms = {**OPTION, "minimumFixings": 3, "fixings": [900_000] * 2, "settlementPrice": 250_010}
    assert gain("asian-average-price-call", terms) == 150_000
    assert gain("asian-average-strike-call", terms) == 150_000


@pytest.mark.parametrize(
    "exercised, american, bermudan",
    # Fixings 10 ticks in the money at 1000, 20 at 2000, none at 3000, 40 at 4000; at expiry 5 ticks. A delay, or a
    # window, of 100 seconds; exercise from 500 up to 3950.
    [(None, 5, 5), (499, 5, 5), (500, 10, 5), (899, 10, 5), (900, 10, 10), (901, 20, 10), (999, 20, 10), (1_000, 20, 5),
     (1_900, 20, 20), (1_901, 40, 20), (2_950, 40, 5), (3_899, 40, 5), (3_900, 40, 40), (3_901, 5, 40), (3_949, 5, 40),
     (3_950, 5, 5)],
)
def test_exercise(exercised, american, bermudan):
    terms = {
        **OPTION, "exerciseStart": 500, "expirationTime": 3_950, "fixingTimes": [1_000, 2_000, 4_000],
        "fixings": [250_010, 250_020, 250_040], "settlementPrice": 250_005}
    if exercised is not None:
        terms["exercisedAt"] = exercised
    assert gain("american-call", {**terms, "noticeDelay": 100}) == american * 15_000
    assert gain("bermudan-call", {**terms, "noticeWindow": 100}) == bermudan * 15_000
    mirrored = {**terms, "fixings": [249_990, 249_980, 249_960], "settlementPrice": 249_995}
    assert gain("american-put", {**mirrored, "noticeDelay": 100}) == american * 15_000
    assert gain("bermudan-put", {**mirrored, "noticeWindow": 100}) == bermudan * 15_000


def test_physical():
    """1.500 units at 2500.00 cost 3750 tokens: tokens to buyer and seller, asset to buyer and seller."""
    call, put = (model.CLAUSES[f"payoff/physical-{kind}"].model for kind in ("call", "put"))
    def four(model, **inputs):
        return tuple(model(inputs).values())

    assert four(call, **physical.CALL) == (40, 0, 0, 1_500)
    assert four(call, **physical.CALL, exercisedAt=1) == (40, 3_750 * TOKEN, 1_500, 0)
    assert four(put, **physical.PUT) == (40, 3_750 * TOKEN, 0, 0)
    assert four(put, **physical.PUT, exercisedAt=1) == (40 + 3_750 * TOKEN, 0, 0, 1_500)
