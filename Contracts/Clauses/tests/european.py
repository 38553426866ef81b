"""European calls and puts: one price at expiry."""

import draws
from exact import AMOUNT_MAX, INT256_MAX, Clause, money, read, shared, without
from samples import COARSE, FINE, OPTION


def european(sign):
    def payoff(inputs):
        return shared(inputs, money(inputs, max(sign * (read(inputs, "settlementPrice") - inputs["strikePrice"]), 0)))

    return payoff


def european_cases(is_call):
    def at(terms, distance):
        return {**terms, "settlementPrice": terms["strikePrice"] + (distance if is_call else -distance)}

    yield "at the strike", at(OPTION, 0)
    yield "one tick in the money", at(OPTION, 1)
    yield "one tick out of the money", at(OPTION, -1)
    yield "far out of the money", at(OPTION, -200_000)
    yield "well in the money: 100.00 on 1.500 units is 150 tokens", at(OPTION, 10_000)
    yield "one tick before the cap", at(OPTION, 19_999)
    yield "at the cap", at(OPTION, 20_000)
    yield "one tick past the cap", at(OPTION, 20_001)
    yield "one base unit less collateral than the payoff", {**at(OPTION, 10_000), "sellerCollateral": 149_999_999}
    yield "exactly the collateral of the payoff", {**at(OPTION, 10_000), "sellerCollateral": 150_000_000}
    yield "one base unit more collateral than the payoff", {**at(OPTION, 10_000), "sellerCollateral": 150_000_001}
    yield "no collateral of the seller", {**at(OPTION, 10_000), "sellerCollateral": 0}
    yield "rounded down to nothing", at(FINE, 809)
    yield "rounded down to one base unit", at(FINE, 811)
    yield "rounded down, many digits", at(FINE, 123_456_789_012)
    yield "scaled up", at(COARSE, 1)
    yield "scaled up, at the strike", at(COARSE, 0)
    yield "no quantity", {**at(OPTION, 10_000), "quantity": 0}
    if is_call:
        yield "the highest price", {**OPTION, "settlementPrice": AMOUNT_MAX}
    yield "the lowest price", {**OPTION, "settlementPrice": 0}
    yield "the largest collaterals", {
        **at(OPTION, 10_000), "buyerCollateral": AMOUNT_MAX, "sellerCollateral": AMOUNT_MAX}
    yield "no settlement price", without(at(OPTION, 0), "settlementPrice")
    yield "a settlement price out of range", {**OPTION, "settlementPrice": AMOUNT_MAX + 1}
    yield "a negative quantity", {**at(OPTION, 1), "quantity": -1}
    yield "no scale", {**at(OPTION, 1), "scaleDown": 0}
    yield "a scale that does not fit", {**at(OPTION, 1), "scaleUp": INT256_MAX}


def draw(model):
    def make(rng):
        terms = draws.terms(rng)
        return {**terms, "settlementPrice": draws.near(rng, terms["strikePrice"])}

    return draws.payoff(model, make)


def clause(sign):
    model = european(sign)
    return Clause(model, list(european_cases(sign > 0)), draw=draw(model))


CLAUSES = {"payoff/european-call": clause(1), "payoff/european-put": clause(-1)}
