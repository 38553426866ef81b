"""Inverse options: worth so many coins, quantity x (price - strike) / price, and paid in them."""

from fractions import Fraction
from math import floor

import draws
from exact import AMOUNT_MAX, INT256_MAX, Clause, Fault, call, coin_scale, fits, put, read, require, shared, without
from samples import about_the_cap


def coins(inputs, gain, price):
    units = fits(inputs["quantity"] * inputs["coinUp"])
    if inputs["coinDown"] == 0:
        raise Fault("divisionByZero")
    return fits(floor(Fraction(units * gain, price * inputs["coinDown"])))


def inverse_call(inputs):
    price = read(inputs, "settlementPrice")
    gain = call(price, inputs["strikePrice"])
    return shared(inputs, coins(inputs, gain, price) if gain else 0)


def inverse_put(inputs):
    require(inputs["lowestPrice"] > 0)
    require(inputs["strikePrice"] <= 100 * inputs["lowestPrice"])
    price = max(read(inputs, "settlementPrice"), inputs["lowestPrice"])
    return shared(inputs, coins(inputs, put(price, inputs["strikePrice"]), price))


# Strike 2500.00, 1.500 coins of 8 decimals: a quantity of 1500 is 150000000 base units.
COIN = {
    "strikePrice": 250_000,
    "quantity": 1_500,
    "buyerCollateral": 40,
    "sellerCollateral": 150_000_000,
    **coin_scale(8, 3),
}
PUT = {**COIN, "lowestPrice": 125_000}
# Quantities finer than the coin's base unit.
DUST = {**COIN, "quantity": 123_456_789, **coin_scale(6, 9)}


def of_every_inverse(inputs):
    yield "no quantity", {**inputs, "quantity": 0}
    yield "the lowest price", {**inputs, "settlementPrice": 1}
    yield "a price of nothing", {**inputs, "settlementPrice": 0}
    yield "the highest price", {**inputs, "settlementPrice": AMOUNT_MAX}
    yield "no settlement price", without(inputs, "settlementPrice")
    yield "a settlement price out of range", {**inputs, "settlementPrice": AMOUNT_MAX + 1}
    yield "a negative quantity", {**inputs, "quantity": -1}
    yield "a scale that does not fit", {**inputs, "coinUp": INT256_MAX}


def call_cases():
    for name, price in {
        "at the strike": 250_000, "one tick above the strike": 250_001, "one tick below the strike": 249_999,
        "a quarter above: a fifth of the quantity": 312_500, "twice the strike: half of the quantity": 500_000,
        "three times the strike: two thirds": 750_000, "a hundred times the strike": 25_000_000,
        "far below the strike": 1_000,
    }.items():
        yield name, {**COIN, "settlementPrice": price}
    yield from about_the_cap({**COIN, "settlementPrice": 500_000}, 75_000_000)
    yield from of_every_inverse({**COIN, "settlementPrice": 500_000})
    yield "finer than a base unit", {**DUST, "settlementPrice": 500_000}
    yield "finer than a base unit, rounded down to nothing", {**DUST, "settlementPrice": 250_001}
    yield "the largest quantity", {
        **COIN, "quantity": AMOUNT_MAX, "sellerCollateral": AMOUNT_MAX, "settlementPrice": AMOUNT_MAX}


def put_cases():
    for name, price in {
        "at the strike": 250_000, "one tick below the strike": 249_999, "one tick above the strike": 250_001,
        "a fifth below: a quarter of the quantity": 200_000, "half of the strike: the whole quantity": 125_000,
        "one tick above the lowest price": 125_001, "one tick below the lowest price": 124_999,
        "far above the strike": 9_000_000,
    }.items():
        yield name, {**PUT, "settlementPrice": price}
    deep = {**PUT, "lowestPrice": 2_500, "sellerCollateral": 10**12}
    yield "a hundredth of the strike", {**deep, "settlementPrice": 2_500}
    yield "below a hundredth of the strike", {**deep, "settlementPrice": 2_499}
    yield "the lowest price one tick below a hundredth of the strike", {
        **deep, "lowestPrice": 2_499, "settlementPrice": 2_500}
    yield "no lowest price", {**deep, "lowestPrice": 0, "settlementPrice": 2_500}
    yield "a lowest price above the strike", {**PUT, "lowestPrice": 250_001, "settlementPrice": 1}
    yield from about_the_cap({**PUT, "settlementPrice": 200_000}, 37_500_000)
    yield from of_every_inverse({**PUT, "settlementPrice": 200_000})
    yield "finer than a base unit", {**DUST, "lowestPrice": 125_000, "settlementPrice": 125_000}


def clause(model, cases, is_put):
    def make(rng):
        terms = draws.coin_terms(rng)
        strike, anchors = terms["strikePrice"], [terms["strikePrice"]]
        if is_put:
            hundredth = -(-strike // 100)
            some = [hundredth, min(hundredth + 1, AMOUNT_MAX), rng.randint(hundredth, strike), strike]
            terms["lowestPrice"] = draws.seldom(rng, [0, hundredth - 1], some)
            anchors.append(terms["lowestPrice"])
        return {**terms, "settlementPrice": draws.near(rng, *anchors)}

    return Clause(model, list(cases), draw=draws.payoff(model, make))


CLAUSES = {
    "payoff/inverse-call": clause(inverse_call, call_cases(), False),
    "payoff/inverse-put": clause(inverse_put, put_cases(), True),
}
