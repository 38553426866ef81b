"""American and Bermudan options: the holder chooses when, the grid's next fixing says at which price."""

import draws
from exact import AMOUNT_MAX, TIME_MAX, Clause, call, money, put, read, require, shared, without
from samples import OPTION, TICK, about_the_cap, of_every_payoff

FIXINGS_MAX = {"american": 365, "bermudan": 52}


def notice(inputs):
    """When the holder exercised, if it did and the option could be exercised then."""
    exercised = inputs.get("exercisedAt")
    if exercised is None or not inputs["exerciseStart"] <= exercised < inputs["expirationTime"]:
        return None
    return exercised


def rows(inputs):
    return zip(read(inputs, "fixingTimes"), read(inputs, "fixings"), strict=True)


def american(worth):
    def payoff(inputs):
        require(inputs["noticeDelay"] > 0)
        exercised, counted = notice(inputs), []
        if exercised is not None:
            counted = [price for time, price in rows(inputs) if time - exercised >= inputs["noticeDelay"]]
        price = counted[0] if counted else read(inputs, "settlementPrice")
        return shared(inputs, money(inputs, worth(price, inputs["strikePrice"])))

    return payoff


def bermudan(worth):
    def payoff(inputs):
        require(inputs["noticeWindow"] > 0)
        exercised, counted = notice(inputs), []
        if exercised is not None:
            counted = [price for date, price in rows(inputs) if 0 < date - exercised <= inputs["noticeWindow"]]
        price = counted[0] if counted else read(inputs, "settlementPrice")
        return shared(inputs, money(inputs, worth(price, inputs["strikePrice"])))

    return payoff


# Exercise from second 10000 up to 20000, fixings each 1000 seconds from 11000 on, the third of them without a quorum.
PERIOD = {"exerciseStart": 10_000, "expirationTime": 20_000}
GRID = [11_000, 12_000, 14_000, 15_000, 16_000, 17_000, 18_000, 19_000, 20_000, 21_000]


def cases(style, sign):
    notice_name, span = ("noticeDelay", 600) if style == "american" else ("noticeWindow", 900)
    # Each fixing is worth 10.00 a unit more than the one before; at expiry the option is worth 100.00 a unit.
    terms = {
        **OPTION, **PERIOD, notice_name: span, "settlementPrice": 250_000 + sign * 10_000, "fixingTimes": GRID,
        "fixings": [250_000 + sign * 1_000 * (index + 1) for index in range(len(GRID))]}
    if style == "american":
        edges = {
            "as the period begins": 10_000, "a second before the period": 9_999,
            "in the last second": 19_999, "at expiry": 20_000, "after expiry": 20_001,
            "so that the delay ends with a fixing": 10_400, "so that the delay ends a second after a fixing": 10_401,
            "so that the delay ends a second before a fixing": 10_399, "at the very second of a fixing": 12_000,
            "so that the next fixing was not established": 11_500,
            "a second after which no delay ends on the grid": 20_401, "long before": 1, "long after": TIME_MAX}
    else:
        edges = {
            "as the period begins, a second too early for the first date": 10_000, "a second before the period": 9_999,
            "in the last second": 19_999, "at expiry": 20_000, "after expiry": 20_001,
            "as the window of a date opens": 10_100, "a second before the window of a date opens": 10_099,
            "a second after the window of a date opened": 10_101, "a second before a date": 11_999,
            "at the very second of a date: too early for the next": 12_000, "a second after a date": 12_001,
            "for a date that was not established": 12_500, "long before": 1, "long after": TIME_MAX}
    yield "not exercised", terms
    for words, second in edges.items():
        yield f"exercised {words}", {**terms, "exercisedAt": second}
    exercised = {**terms, "exercisedAt": 10_200}
    empty = {**exercised, "fixingTimes": [], "fixings": []}
    yield "exercised, no fixing established", empty
    yield "exercised, no fixing and no settlement price", without(empty, "settlementPrice")
    yield "exercised, one fixing in time", {**exercised, "fixingTimes": [11_000], "fixings": [250_000 + sign]}
    yield "exercised, one fixing out of the money", {**exercised, "fixingTimes": [11_000], "fixings": [250_000 - sign]}
    yield "exercised, one fixing at the strike", {**exercised, "fixingTimes": [11_000], "fixings": [250_000]}
    yield "exercised, no settlement price yet", without(exercised, "settlementPrice")
    yield "not exercised, no settlement price", without(terms, "settlementPrice")
    yield "not exercised, no lists", without(terms, "fixings", "fixingTimes")
    yield "exercised, no lists", without(exercised, "fixings", "fixingTimes")
    most = FIXINGS_MAX[style]
    times = [10_000 + 25 * index for index in range(most)]
    every = {**exercised, "fixingTimes": times, "fixings": [250_000 + sign * index for index in range(most)]}
    yield "exercised, the most fixings", every
    yield "exercised for the last of the most fixings", {
        **every, "exerciseStart": 0, "exercisedAt": times[-1] - span, "expirationTime": TIME_MAX}
    yield "one fixing too many", {**every, "fixingTimes": [*times, 50_000], "fixings": [250_000] * (most + 1)}
    yield "the largest span there is", {**exercised, notice_name: TIME_MAX}
    yield "a span of a second", {**exercised, notice_name: 1, "exercisedAt": 10_999}
    yield "a span of nothing", {**exercised, notice_name: 0}
    yield "a span of nothing, not exercised", {**terms, notice_name: 0}
    yield "no period at all", {**exercised, "exerciseStart": 20_000}
    yield "a price out of range", {**exercised, "fixings": [AMOUNT_MAX + 1] * len(GRID)}
    yield "a time out of range", {**exercised, "exercisedAt": TIME_MAX + 1}
    yield from about_the_cap(terms, 10_000 * TICK)
    yield from of_every_payoff(terms)


def clause(style, model, sign):
    def make(rng):
        terms = draws.terms(rng) | draws.period(rng)
        strike = max(1, terms["strikePrice"])
        most = FIXINGS_MAX[style] if rng.random() < 0.03 else 12
        terms |= draws.grid(rng, terms, most, strike)
        gaps = [time - terms.get("exercisedAt", 0) for time in terms["fixingTimes"]] or [1]
        span = draws.seldom(rng, [0], [max(1, rng.choice(gaps) + rng.choice([-1, 0, 1])), 1, rng.randint(1, 10**6)])
        name = "noticeDelay" if style == "american" else "noticeWindow"
        return {**terms, name: span, "settlementPrice": draws.near(rng, strike)}

    return Clause(
        model, list(cases(style, sign)), draw=draws.payoff(model, make, ("settlementPrice", "exercisedAt")),
        items_max=FIXINGS_MAX[style])


CLAUSES = {
    f"payoff/{style}-{kind}": clause(style, model(worth), sign)
    for style, model in [("american", american), ("bermudan", bermudan)]
    for kind, worth, sign in [("call", call, 1), ("put", put, -1)]
}
