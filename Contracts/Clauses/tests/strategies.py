"""Packages of European options, and the forward: each is a sum of calls and puts, paid at one price at expiry."""

import draws
from exact import AMOUNT_MAX, Clause, call, money, put, read, require, shared, without
from samples import OPTION, TICK, about_the_cap, at_prices, of_every_payoff


def package(worth, *givens):
    """A payoff whose worth for one unit is a function of the price and of the terms."""

    def payoff(inputs):
        for given in givens:
            require(given(inputs))
        return shared(inputs, money(inputs, worth(read(inputs, "settlementPrice"), inputs)))

    return payoff


call_spread = package(
    lambda price, terms: call(price, terms["strikePrice"]) - call(price, terms["upperStrike"]),
    lambda terms: terms["strikePrice"] < terms["upperStrike"])
put_spread = package(
    lambda price, terms: put(price, terms["strikePrice"]) - put(price, terms["lowerStrike"]),
    lambda terms: terms["lowerStrike"] < terms["strikePrice"])
straddle = package(
    lambda price, terms: min(
        call(price, terms["strikePrice"]) + put(price, terms["strikePrice"]), terms["maximumGain"]),
    lambda terms: terms["maximumGain"] > 0)
strangle = package(
    lambda price, terms: min(
        call(price, terms["upperStrike"]) + put(price, terms["strikePrice"]), terms["maximumGain"]),
    lambda terms: terms["strikePrice"] < terms["upperStrike"], lambda terms: terms["maximumGain"] > 0)
collar = package(
    lambda price, terms: put(price, terms["strikePrice"]) - call(price, terms["upperStrike"]),
    lambda terms: terms["strikePrice"] < terms["upperStrike"])
butterfly = package(
    lambda price, terms: call(price, terms["strikePrice"] - terms["wingWidth"])
    - 2 * call(price, terms["strikePrice"]) + call(price, terms["strikePrice"] + terms["wingWidth"]),
    lambda terms: terms["wingWidth"] > 0, lambda terms: terms["wingWidth"] <= terms["strikePrice"])
forward = package(lambda price, terms: price - terms["strikePrice"])


# The cases: strikes 2500.00 and 100.00 apart, two thirds of what the seller put up.

UPPER = {**OPTION, "upperStrike": 260_000}
LOWER = {**OPTION, "lowerStrike": 240_000}
CAPPED = {**OPTION, "maximumGain": 10_000}
WIDE = {**UPPER, "maximumGain": 10_000}
WINGS = {**OPTION, "wingWidth": 10_000}
BOTH = {**OPTION, "buyerCollateral": 200_000_000}
COLLAR = {**UPPER, "buyerCollateral": 200_000_000}


def call_spread_cases():
    yield from at_prices(UPPER, {
        "at the lower strike": 250_000, "one tick above the lower strike": 250_001,
        "one tick below the lower strike": 249_999, "halfway": 255_000, "one tick below the upper strike": 259_999,
        "at the upper strike": 260_000, "one tick above the upper strike": 260_001, "far above both": 900_000})
    inputs = {**UPPER, "settlementPrice": 260_000}
    yield from about_the_cap(inputs, 10_000 * TICK)
    yield from of_every_payoff(inputs)
    yield "strikes a tick apart", {**inputs, "upperStrike": 250_001}
    yield "strikes the same", {**inputs, "upperStrike": 250_000}
    yield "strikes the wrong way round", {**inputs, "upperStrike": 249_999}
    yield "strikes the wrong way round, no settlement price", without(
        {**inputs, "upperStrike": 249_999}, "settlementPrice")


def put_spread_cases():
    yield from at_prices(LOWER, {
        "at the upper strike": 250_000, "one tick below the upper strike": 249_999,
        "one tick above the upper strike": 250_001, "halfway": 245_000, "one tick above the lower strike": 240_001,
        "at the lower strike": 240_000, "one tick below the lower strike": 239_999, "far below both": 1})
    inputs = {**LOWER, "settlementPrice": 240_000}
    yield from about_the_cap(inputs, 10_000 * TICK)
    yield from of_every_payoff(inputs)
    yield "strikes a tick apart", {**inputs, "lowerStrike": 249_999}
    yield "strikes the same", {**inputs, "lowerStrike": 250_000}
    yield "strikes the wrong way round", {**inputs, "lowerStrike": 250_001}
    yield "a lower strike of nothing", {**inputs, "lowerStrike": 0, "settlementPrice": 0}


def straddle_cases():
    yield from at_prices(CAPPED, {
        "at the strike": 250_000, "one tick above the strike": 250_001, "one tick below the strike": 249_999,
        "one tick before the cap, above": 259_999, "at the cap, above": 260_000,
        "one tick past the cap, above": 260_001, "one tick before the cap, below": 240_001,
        "at the cap, below": 240_000, "one tick past the cap, below": 239_999})
    inputs = {**CAPPED, "settlementPrice": 245_000}
    yield from about_the_cap(inputs, 5_000 * TICK)
    yield from of_every_payoff(inputs)
    yield "a cap of one tick", {**inputs, "maximumGain": 1}
    yield "no gain to be had", {**inputs, "maximumGain": 0}


def strangle_cases():
    yield from at_prices(WIDE, {
        "at the lower strike": 250_000, "one tick below the lower strike": 249_999,
        "one tick above the lower strike": 250_001, "in the middle": 255_000, "at the upper strike": 260_000,
        "one tick above the upper strike": 260_001, "one tick below the upper strike": 259_999,
        "one tick before the cap, above": 269_999, "at the cap, above": 270_000,
        "one tick past the cap, above": 270_001, "at the cap, below": 240_000, "one tick past the cap, below": 239_999})
    inputs = {**WIDE, "settlementPrice": 245_000}
    yield from about_the_cap(inputs, 5_000 * TICK)
    yield from of_every_payoff(inputs)
    yield "strikes the same", {**inputs, "upperStrike": 250_000}
    yield "no gain to be had", {**inputs, "maximumGain": 0}


def signed_cases(inputs, up):
    """Cases of a clause where either side may owe; `up` is the price at which the buyer is owed 100.00 a unit."""
    down = {**inputs, "settlementPrice": up[1]}
    for words, amount in [("one base unit less", -1), ("exactly", 0), ("one base unit more", 1)]:
        yield f"the buyer owes: {words} collateral of its own", {**down, "buyerCollateral": 10_000 * TICK + amount}
    yield "the buyer owes, and put up nothing", {**down, "buyerCollateral": 0}
    yield "the buyer owes, rounded against it", {**down, "quantity": 1, "scaleUp": 1, "scaleDown": 7}
    in_the_money = {**inputs, "settlementPrice": up[0]}
    yield from about_the_cap(in_the_money, 10_000 * TICK)
    yield from of_every_payoff(in_the_money)


def collar_cases():
    yield from at_prices(COLLAR, {
        "at the put's strike": 250_000, "one tick below the put's strike": 249_999,
        "one tick above the put's strike": 250_001, "between the strikes": 255_000, "at the call's strike": 260_000,
        "one tick above the call's strike": 260_001, "one tick below the call's strike": 259_999})
    yield from signed_cases(COLLAR, (240_000, 270_000))
    yield "strikes the same", {**COLLAR, "upperStrike": 250_000, "settlementPrice": 250_000}


def forward_cases():
    yield from at_prices(BOTH, {
        "at the agreed price": 250_000, "one tick above": 250_001, "one tick below": 249_999,
        "one tick before the seller's last": 269_999, "the seller's last": 270_000,
        "one tick past the seller's last": 270_001})
    yield from signed_cases(BOTH, (260_000, 240_000))


def butterfly_cases():
    yield from at_prices(WINGS, {
        "at the strike": 250_000, "one tick above the strike": 250_001, "one tick below the strike": 249_999,
        "halfway up": 255_000, "at the upper wing": 260_000, "one tick inside the upper wing": 259_999,
        "one tick outside the upper wing": 260_001, "at the lower wing": 240_000,
        "one tick inside the lower wing": 240_001, "one tick outside the lower wing": 239_999})
    inputs = {**WINGS, "settlementPrice": 250_000}
    yield from about_the_cap(inputs, 10_000 * TICK)
    yield from of_every_payoff(inputs)
    yield "wings down to nothing", {**inputs, "wingWidth": 250_000, "settlementPrice": 1}
    yield "wings below nothing", {**inputs, "wingWidth": 250_001}
    yield "no wings", {**inputs, "wingWidth": 0}


# The draws


def drawn(model, extra=lambda rng, terms: {}):
    def make(rng):
        terms = draws.terms(rng)
        terms |= extra(rng, terms)
        anchors = [terms["strikePrice"]]
        anchors += [terms[name] for name in ("lowerStrike", "upperStrike") if name in terms]
        for width in [terms[name] for name in ("maximumGain", "wingWidth") if name in terms]:
            anchors += [each + sign * width for each in anchors for sign in (1, -1)]
        return {**terms, "settlementPrice": draws.near(rng, *[max(0, min(each, AMOUNT_MAX)) for each in anchors])}

    return draws.payoff(model, make)


def above(rng, terms):
    distance = draws.seldom(rng, [0], [1, 2, 10_000, draws.price(rng)])
    return {"upperStrike": min(AMOUNT_MAX, terms["strikePrice"] + distance)}


def below(rng, terms):
    strike = terms["strikePrice"]
    return {"lowerStrike": draws.seldom(rng, [strike], [0, strike - 1, rng.randint(0, strike - 1)])}


def gain(rng, terms):
    return {"maximumGain": draws.seldom(rng, [0], [1, 10_000, draws.price(rng)])}


def wings(rng, terms):
    strike = terms["strikePrice"]
    return {"wingWidth": draws.seldom(rng, [0, min(strike + 1, AMOUNT_MAX)], [1, strike, rng.randint(1, strike)])}


CLAUSES = {
    "payoff/call-spread": Clause(call_spread, list(call_spread_cases()), draw=drawn(call_spread, above)),
    "payoff/put-spread": Clause(put_spread, list(put_spread_cases()), draw=drawn(put_spread, below)),
    "payoff/straddle": Clause(straddle, list(straddle_cases()), draw=drawn(straddle, gain)),
    "payoff/strangle": Clause(
        strangle, list(strangle_cases()),
        draw=drawn(strangle, lambda rng, terms: above(rng, terms) | gain(rng, terms))),
    "payoff/collar": Clause(collar, list(collar_cases()), draw=drawn(collar, above)),
    "payoff/butterfly": Clause(butterfly, list(butterfly_cases()), draw=drawn(butterfly, wings)),
    "payoff/forward": Clause(forward, list(forward_cases()), draw=drawn(forward)),
}
