"""Physically settled options: strike payment against the asset, both or neither, in the block of the exercise."""

from math import ceil

import draws
from exact import AMOUNT_MAX, INT256_MAX, TIME_MAX, Clause, money, require, scale, without
from samples import OPTION


def physical_call(inputs):
    """The payment is what the buyer brought when it exercised."""
    require(inputs["quantity"] <= inputs["sellerDelivery"])
    strike_payment = money(inputs, inputs["strikePrice"], ceil)
    require(strike_payment <= AMOUNT_MAX)
    exercised = "exercisedAt" in inputs
    delivered = inputs["quantity"] if exercised else 0
    payment = strike_payment if exercised else 0
    return {
        "toBuyer": inputs["buyerCollateral"], "toSeller": payment,
        "deliveryToBuyer": delivered, "deliveryToSeller": inputs["sellerDelivery"] - delivered}


def physical_put(inputs):
    """The asset is what the buyer brought when it exercised."""
    strike_payment = money(inputs, inputs["strikePrice"], ceil)
    require(strike_payment <= inputs["sellerCollateral"])
    exercised = "exercisedAt" in inputs
    payment = strike_payment if exercised else 0
    return {
        "toBuyer": inputs["buyerCollateral"] + payment, "toSeller": inputs["sellerCollateral"] - payment,
        "deliveryToBuyer": 0, "deliveryToSeller": inputs["quantity"] if exercised else 0}


# 1.500 units at 2500.00 cost 3750 tokens of 6 decimals.
CALL = {**without(OPTION, "sellerCollateral"), "sellerDelivery": 1_500}
PUT = {**OPTION, "sellerCollateral": 3_750_000_000}


def cases(terms, side, covered):
    """`side` is what the seller put up, `covered` the least that it may."""
    exercised = {**terms, "exercisedAt": 1_700_000_000}
    yield "not exercised", terms
    yield "exercised", exercised
    yield "exercised in the first second there is", {**exercised, "exercisedAt": 0}
    yield "exercised in the last second there is", {**exercised, "exercisedAt": TIME_MAX}
    yield "exercised out of time's range", {**exercised, "exercisedAt": TIME_MAX + 1}
    amounts = {"a base unit less than": -1, "exactly": 0, "a base unit more than": 1, "far more than": 10**20}
    for words, amount in amounts.items():
        for name, inputs in [("not exercised", terms), ("exercised", exercised)]:
            yield f"{name}, the seller put up {words} what is needed", {**inputs, side: covered + amount}
    for name, inputs in [("not exercised", terms), ("exercised", exercised)]:
        yield f"{name}, the buyer put up nothing", {**inputs, "buyerCollateral": 0}
        yield f"{name}, the buyer put up the most", {**inputs, "buyerCollateral": AMOUNT_MAX}
        yield f"{name}, no quantity", {**inputs, "quantity": 0}
        yield f"{name}, a payment rounded up", {**inputs, "quantity": 1, "strikePrice": 3, **scale(0, 0, 1)}
        yield f"{name}, a payment that needs no rounding", {
            **inputs, "quantity": 10, "strikePrice": 3, side: 10, **scale(0, 0, 1)}
    largest = {**exercised, "quantity": AMOUNT_MAX, "strikePrice": 1, side: AMOUNT_MAX, **scale(0, 0, 0)}
    yield "exercised, the largest payment", largest
    yield "exercised, a payment larger than any amount", {**largest, "strikePrice": 2}
    yield "a negative quantity", {**exercised, "quantity": -1}
    yield "exercised, no scale", {**exercised, "scaleDown": 0}
    yield "exercised, a scale that does not fit", {**exercised, "scaleUp": INT256_MAX}


def clause(model, rows, side):
    def make(rng):
        terms = draws.terms(rng)
        if rng.random() < 0.7:
            terms["exercisedAt"] = rng.choice([0, TIME_MAX, rng.randint(0, 2 * 10**9)])
        if side == "sellerDelivery":
            del terms["sellerCollateral"]
            terms[side] = rng.choice([terms["quantity"], rng.randint(terms["quantity"], AMOUNT_MAX)])
        elif terms["scaleDown"]:
            payment = -(-terms["quantity"] * terms["scaleUp"] * terms["strikePrice"] // terms["scaleDown"])
            if payment > AMOUNT_MAX and rng.random() < 0.9:
                terms["quantity"], payment = 0, 0
            terms[side] = min(AMOUNT_MAX, rng.choice([payment, payment + draws.amount(rng)]))
        terms[side] = max(0, min(AMOUNT_MAX, terms[side] + draws.seldom(rng, [-1], [0, 0, 1])))
        return terms

    return Clause(model, list(rows), draw=make)


CLAUSES = {
    "payoff/physical-call": clause(physical_call, cases(CALL, "sellerDelivery", 1_500), "sellerDelivery"),
    "payoff/physical-put": clause(physical_put, cases(PUT, "sellerCollateral", 3_750_000_000), "sellerCollateral"),
}
