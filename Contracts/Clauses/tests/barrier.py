"""Barrier options: a European option that established fixings at or past a barrier end (out) or begin (in)."""

import draws
from exact import AMOUNT_MAX, Clause, call, money, put, read, require, shared, without
from samples import OPTION, TICK, about_the_cap, at_prices, of_every_payoff

FACTS = ("settlementPrice", "fixings")
FIXINGS_MAX = 365


def barrier(side, mode, worth):
    def payoff(inputs):
        require(
            inputs["barrier"] > inputs["strikePrice"] if side == "up" else inputs["barrier"] < inputs["strikePrice"])
        extreme = max(read(inputs, "fixings"), default=None) if side == "up" else min(
            read(inputs, "fixings"), default=None)
        touched = extreme is not None and (
            extreme >= inputs["barrier"] if side == "up" else extreme <= inputs["barrier"])
        if touched == (mode == "out"):
            return shared(inputs, inputs["rebate"])
        return shared(inputs, money(inputs, worth(read(inputs, "settlementPrice"), inputs["strikePrice"])))

    return payoff


def cases(side, mode, sign):
    """`toward` leads from the strike past the barrier, 150.00 away; the price at expiry is 100.00 in the money."""
    toward = 1 if side == "up" else -1
    terms = {**OPTION, "barrier": 250_000 + toward * 15_000, "rebate": 7_000_000}
    quiet = [250_000, 250_000 + toward * 14_999, 250_000 - toward * 30_000]
    inputs = {**terms, "settlementPrice": 250_000 + sign * 10_000, "fixings": quiet}
    touched = {**inputs, "fixings": [*quiet, 250_000 + toward * 15_000]}
    yield "no fixing", {**inputs, "fixings": []}
    yield "one tick short of the barrier", inputs
    yield "at the barrier", touched
    yield "one tick past the barrier", {**inputs, "fixings": [250_000 + toward * 15_001]}
    yield "touched first", {**inputs, "fixings": [250_000 + toward * 15_000, *quiet]}
    yield "touched in the middle and back", {**inputs, "fixings": [250_000, 250_000 + toward * 20_000, 250_000]}
    yield "touched more than once", {**inputs, "fixings": [250_000 + toward * each for each in (20_000, 0, 16_000)]}
    yield "past the barrier only at expiry", {**inputs, "settlementPrice": 250_000 + toward * 15_001}
    yield "a fixing every day of a year, the last at the barrier", {
        **inputs, "fixings": [250_000 - toward * day for day in range(364)] + [250_000 + toward * 15_000]}
    yield "a fixing every day of a year, none at the barrier", {
        **inputs, "fixings": [250_000 - toward * day for day in range(365)]}
    for words, fixings in [("touched", touched["fixings"]), ("not touched", quiet)]:
        yield from at_prices({**terms, "fixings": fixings}, {
            f"{words}, at the strike": 250_000, f"{words}, one tick in the money": 250_000 + sign,
            f"{words}, one tick out of the money": 250_000 - sign})
        yield f"{words}, no settlement price", without({**inputs, "fixings": fixings}, "settlementPrice")
        yield f"{words}, no rebate", {**inputs, "fixings": fixings, "rebate": 0}
        for rebate in (299_999_999, 300_000_000, 300_000_001):
            yield f"{words}, a rebate of {rebate}", {**inputs, "fixings": fixings, "rebate": rebate}
    alive = inputs if mode == "out" else touched
    yield from about_the_cap(alive, 10_000 * TICK)
    yield from of_every_payoff(alive)
    yield "no list of fixings", without(inputs, "fixings")
    yield "a barrier at the strike", {**inputs, "barrier": 250_000}
    yield "a barrier on the other side", {**inputs, "barrier": 250_000 - toward}
    yield "a fixing out of range", {**inputs, "fixings": [250_000, AMOUNT_MAX + 1]}
    yield "a fixing too many", {**inputs, "fixings": [250_000] * (FIXINGS_MAX + 1)}


def clause(side, mode, sign):
    model = barrier(side, mode, call if sign > 0 else put)

    def make(rng):
        terms = draws.terms(rng)
        strike = terms["strikePrice"]
        if side == "up":
            place = min(AMOUNT_MAX, strike + draws.seldom(rng, [0], [1, 2, 15_000, draws.price(rng)]))
        else:
            place = draws.seldom(rng, [strike], [0, strike - 1, rng.randint(0, strike - 1), strike // 2])
        # Near the barrier only few fixings leave it untouched; a wide draw now and then, one anchor otherwise.
        anchors = [rng.choice([place, strike])] if rng.random() < 0.8 else [place, strike]
        rows = draws.grid(rng, {}, FIXINGS_MAX if rng.random() < 0.02 else 12, *[max(1, each) for each in anchors])
        return {
            **terms, "barrier": place, "rebate": draws.amount(rng), "fixings": rows["fixings"],
            "settlementPrice": draws.near(rng, strike, place)}

    return Clause(model, list(cases(side, mode, sign)), draw=draws.payoff(model, make, FACTS), items_max=FIXINGS_MAX)


CLAUSES = {
    f"payoff/{side}-and-{mode}-{kind}": clause(side, mode, 1 if kind == "call" else -1)
    for kind in ("call", "put") for side in ("up", "down") for mode in ("in", "out")
}
