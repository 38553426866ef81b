"""Asian options: the average of the established fixings stands for the price (out) or for the strike (in)."""

from fractions import Fraction
from math import floor

import draws
from exact import AMOUNT_MAX, Clause, call, money, put, read, require, shared, without
from samples import OPTION, TICK, about_the_cap, of_every_payoff

FIXINGS_MAX = 60


def mean(inputs, otherwise):
    """The average in whole ticks, or what stands for it when too few fixings were established."""
    require(inputs["minimumFixings"] > 0)
    fixings = read(inputs, "fixings")
    return otherwise() if len(fixings) < inputs["minimumFixings"] else floor(Fraction(sum(fixings), len(fixings)))


def average_price(worth):
    def payoff(inputs):
        price = mean(inputs, lambda: read(inputs, "settlementPrice"))
        return shared(inputs, money(inputs, worth(price, inputs["strikePrice"])))

    return payoff


def average_strike(worth):
    def payoff(inputs):
        strike = mean(inputs, lambda: inputs["strikePrice"])
        return shared(inputs, money(inputs, worth(read(inputs, "settlementPrice"), strike)))

    return payoff


def cases(sign, is_strike):
    """Three fixings are the least; `good` ticks on each make the option worth 100.00 a unit."""
    terms = {**OPTION, "minimumFixings": 3}
    good = 10_000 * (-sign if is_strike else sign)

    def averaging(*ticks, **others):
        price = 250_000 if is_strike else 250_000 - sign * 20_000
        return {**terms, "settlementPrice": price, "fixings": [250_000 + each for each in ticks], **others}

    inputs = averaging(good, good, good)
    yield "three the same", inputs
    yield "as many as needed, apart", averaging(good - 5_000, good, good + 5_000)
    yield "more than needed", averaging(good, 0, 2 * good, good, good)
    yield "one too few: the fallback", averaging(good, good)
    yield "one too few, and the fallback in the money", averaging(good, good, settlementPrice=250_000 + sign * 100)
    yield "none: the fallback", averaging()
    yield "none, and the fallback at the strike", averaging(settlementPrice=250_000)
    yield "an average at the strike", averaging(-5, 0, 5)
    yield "an average a third of a tick above: rounded down to it", averaging(0, 0, 1)
    yield "an average two thirds of a tick above: rounded down to it", averaging(0, 1, 1)
    yield "an average a tick above", averaging(0, 0, 3)
    yield "an average a third of a tick below: rounded down to a tick below", averaging(0, 0, -1)
    yield "an average a tick below", averaging(0, 0, -3)
    yield "the most fixings", averaging(*[good + day - 30 for day in range(FIXINGS_MAX)])
    yield "one fixing too many", averaging(*[good] * (FIXINGS_MAX + 1))
    yield "the highest fixings", averaging(*[AMOUNT_MAX - 250_000] * 3)
    yield "the lowest fixings", averaging(*[1 - 250_000] * 3)
    yield "a fixing out of range", averaging(good, AMOUNT_MAX)
    yield "one fixing is enough", averaging(good, minimumFixings=1)
    yield "one fixing is enough, and there is none", averaging(minimumFixings=1)
    yield "no fixing is enough", averaging(good, minimumFixings=0)
    yield "a minimum below nothing", averaging(good, minimumFixings=-1)
    yield "a minimum out of reach", averaging(good, good, good, minimumFixings=10**9)
    yield "no list of fixings", without(inputs, "fixings")
    yield "enough fixings, no settlement price", without(inputs, "settlementPrice")
    yield "too few fixings, no settlement price", without(averaging(good), "settlementPrice")
    yield from about_the_cap(inputs, 10_000 * TICK)
    yield from of_every_payoff(inputs)


def clause(model, sign, is_strike):
    def make(rng):
        terms = draws.terms(rng)
        strike = max(1, terms["strikePrice"])
        fixings = draws.grid(rng, {}, FIXINGS_MAX, strike)["fixings"]
        minimum = draws.seldom(rng, [0, -1], [1, 2, max(1, len(fixings)), len(fixings) + 1, rng.randint(1, 20)])
        mean_price = sum(fixings) // len(fixings) if fixings else strike
        return {
            **terms, "fixings": fixings, "minimumFixings": minimum,
            "settlementPrice": draws.near(rng, strike, mean_price)}

    facts = ("settlementPrice", "fixings")
    return Clause(model, list(cases(sign, is_strike)), draw=draws.payoff(model, make, facts), items_max=FIXINGS_MAX)


CLAUSES = {
    "payoff/asian-average-price-call": clause(average_price(call), 1, False),
    "payoff/asian-average-price-put": clause(average_price(put), -1, False),
    "payoff/asian-average-strike-call": clause(average_strike(call), 1, True),
    "payoff/asian-average-strike-put": clause(average_strike(put), -1, True),
}
