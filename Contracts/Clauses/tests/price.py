"""The price of a quorum, and which rung of the price ladder stands."""

from exact import AMOUNT_MAX, TIME_MAX, Clause, require, without

MILLION = 10**6


def price(inputs):
    threshold, ppm = inputs["threshold"], inputs["maxDisagreementPpm"]
    require(threshold >= 1 and 0 <= ppm < MILLION)
    require("prices" in inputs and sorted(inputs["prices"]) == inputs["prices"])
    prices = inputs["prices"]
    # Every run of neighbours that agree, by the order in which they are preferred.
    runs = [
        (-(last - first), prices[last] - prices[first], first)
        for first in range(len(prices))
        for last in range(first, len(prices))
        if (prices[last] - prices[first]) * MILLION <= ppm * prices[first]
    ]
    if not runs:
        return {"established": False, "price": 0, "first": -1, "length": 0}
    best, _, first = min(runs)
    length = 1 - best
    established = length >= threshold
    return {
        "established": established,
        "price": sorted(prices[first:first + length])[(length - 1) // 2] if established else 0,
        "first": first,
        "length": length,
    }


def price_cases():
    def at(threshold, ppm, *prices):
        return {"threshold": threshold, "maxDisagreementPpm": ppm, "prices": list(prices)}

    yield "nobody signed", at(2, 1_000)
    yield "one of two", at(2, 1_000, 500)
    yield "one of one", at(1, 0, 500)
    yield "two equal ones", at(2, 0, 500, 500)
    yield "two that differ by one, within nothing", at(2, 0, 500, 501)
    yield "just within the spread", at(2, 2_000, 500, 501)
    yield "just beyond the spread", at(2, 1_999, 500, 501)
    yield "the lower median of two", at(2, 10_000, 1_000, 1_010)
    yield "the middle of three", at(2, 10_000, 1_000, 1_004, 1_010)
    yield "the lower median of four", at(3, 10_000, 1_000, 1_002, 1_008, 1_010)
    yield "an outlier above", at(2, 1_000, 1_000, 1_001, 2_000)
    yield "an outlier below", at(2, 1_000, 500, 1_000, 1_001)
    yield "the longest run", at(2, 1_000, 1_000, 1_001, 2_000, 2_001, 2_002)
    yield "of two runs as long the narrowest", at(2, 2_000, 1_000, 1_002, 2_000, 2_001)
    yield "of two runs as long and as wide the lowest", at(2, 2_000, 1_000, 1_001, 2_000, 2_001)
    yield "runs that overlap", at(3, 2_000, 1_000, 1_001, 1_002, 1_003, 1_004)
    yield "no run is long enough", at(3, 1_000, 1_000, 1_001, 2_000, 2_001)
    yield "zeros agree with zeros only", at(2, 999_999, 0, 0, 1)
    yield "the widest spread there is", at(2, 999_999, 1_000_000, 1_999_999)
    yield "one beyond it", at(2, 999_999, 1_000_000, 2_000_000)
    yield "the largest prices", at(2, 1, AMOUNT_MAX - 1, AMOUNT_MAX)
    yield "the smallest and the largest", at(1, 999_999, 0, AMOUNT_MAX)
    yield "a full panel", at(8, 5_000, *range(10_000, 10_150, 10))
    yield "a full panel of one mind", at(15, 0, *[7] * 15)
    yield "a full panel that agrees nowhere", at(8, 10, *(10**6 + 100 * k for k in range(15)))
    yield "more than a panel", at(8, 10, *[7] * 16)
    yield "not sorted", at(2, 1_000, 501, 500)
    yield "not sorted at the end", at(2, 1_000, 500, 501, 502, 501)
    yield "no threshold", at(0, 1_000, 500)
    yield "a spread of the whole", at(1, MILLION, 500)
    yield "a negative spread", at(1, -1, 500)
    yield "no list", without(at(1, 0, 500), "prices")


def draw_price(random):
    base = random.choice([1, 50, 1_000, 10**9, 2**127])
    width = random.choice([0, 3, 12, 300])
    prices = sorted(base + random.randint(0, width) for _ in range(random.randint(0, 15)))
    if random.random() < 0.03:
        random.shuffle(prices)
    return {
        "threshold": random.randint(1, 9), "prices": prices,
        "maxDisagreementPpm": random.choice([0, 1, random.randint(0, 9_000), random.randint(0, 999_999), MILLION - 1])}


FIXING, POSTPONEMENT, SECOND_SOURCE, FINDING, DEFAULT = range(5)
RUNGS = ["hasFixing", "hasPostponement", "hasSecondSource", "hasFinding"]


def ladder(inputs):
    require(all(name in inputs for name in RUNGS))
    lowest = next((rung for rung, name in enumerate(RUNGS) if inputs[name]), DEFAULT)
    return {"rung": lowest, "settled": lowest == FIXING or inputs["now"] >= inputs["evidenceCloses"]}


def ladder_cases():
    for subset in range(16):
        held = {name: subset >> rung & 1 for rung, name in enumerate(RUNGS)}
        names = " ".join(name for name in RUNGS if held[name]) or "nothing"
        yield f"{names}, before evidence closes", {"evidenceCloses": 50, "now": 49, **held}
        yield f"{names}, when evidence closes", {"evidenceCloses": 50, "now": 50, **held}
    for name in RUNGS:
        yield f"{name} is not known", without({"evidenceCloses": 50, "now": 49, **held}, name)
    yield "the last second there is", {"evidenceCloses": TIME_MAX, "now": TIME_MAX, **held}


def draw_ladder(random):
    return {"evidenceCloses": 50, "now": random.randint(48, 52), **{name: random.randrange(2) for name in RUNGS}}


CLAUSES = {
    "escrow/price": Clause(price, list(price_cases()), "findings", draw_price, items_max=15),
    "escrow/ladder": Clause(ladder, list(ladder_cases()), "findings", draw_ladder),
}
