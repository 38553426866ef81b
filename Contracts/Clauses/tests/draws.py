"""Random inputs, with the edges much likelier than chance: at the strike, at the cap, one unit either side, nothing."""

from exact import AMOUNT_MAX, TIME_MAX, Fault, coin_scale, scale


def price(rng):
    """Of any size, from 1."""
    if rng.random() < 0.03:
        return AMOUNT_MAX
    bits = rng.choice([8, 18, 60, rng.randint(1, 127)])
    return rng.randint(1, 1 << bits)


def seldom(rng, unlikely, likely):
    """What breaks a promise of the terms must occur, but seldom."""
    return rng.choice(unlikely) if rng.random() < 0.06 else rng.choice(likely)


def near(rng, *anchors):
    """A number at one of the anchors, a step beside it, or anywhere."""
    anchor = rng.choice(anchors)
    wide = rng.randint(-anchor, anchor + 1)
    steps = rng.choice([0, 1, -1, 2, -2, rng.randint(-1000, 1000), wide, wide // 100, wide // 10_000, None])
    value = price(rng) if steps is None else anchor + steps
    return max(0, min(value, AMOUNT_MAX))


def amount(rng):
    return seldom(rng, [0, 1], [rng.randint(0, 1 << rng.randint(1, 127)), rng.randint(0, 10**12), AMOUNT_MAX])


def decimals(rng):
    return rng.choice([0, 2, 6, 8, 18, 36, rng.randint(0, 36)])


def terms(rng):
    """What every payoff's terms have. A quantity that may be too large for 256 bits is seldom."""
    scales = scale(decimals(rng), decimals(rng), decimals(rng))
    largest = min(AMOUNT_MAX, (1 << 255) * scales["scaleDown"] // (AMOUNT_MAX * scales["scaleUp"]))
    quantity = seldom(rng, [0, AMOUNT_MAX], [rng.randint(0, min(largest, 1 << rng.randint(0, largest.bit_length())))])
    return {
        "strikePrice": price(rng), "quantity": quantity, "buyerCollateral": amount(rng),
        "sellerCollateral": amount(rng), **scales,
    }


def coin_terms(rng):
    plain = terms(rng)
    own = ["strikePrice", "quantity", "buyerCollateral", "sellerCollateral"]
    return {name: plain[name] for name in own} | coin_scale(decimals(rng), decimals(rng))


def period(rng):
    """An exercise period, and the block time of an exercise at its edges or anywhere, or none."""
    start = rng.randint(0, 2 * 10**9)
    end = start + rng.randint(1, 10**7)
    inputs = {"exerciseStart": start, "expirationTime": end}
    if rng.random() < 0.8:
        exercised = rng.choice([start - 1, start, start + 1, end - 1, end, end + 1, rng.randint(start, end)])
        inputs["exercisedAt"] = max(0, exercised)
    return inputs


def grid(rng, inputs, count_max, *anchors):
    """Fixings of a grid about the exercise period; those without a quorum are left out."""
    start, end = inputs.get("exerciseStart", 0), inputs.get("expirationTime", 10**6)
    interval = rng.randint(1, max(1, (end - start) // rng.randint(1, 40)))
    first = rng.choice([start, end, rng.randint(start, end), inputs.get("exercisedAt", start)])
    count = rng.choice([0, 1, 2, rng.randint(0, 12), rng.randint(0, 12), rng.randint(0, count_max)])
    kept = [index for index in range(count) if rng.random() < 0.9]
    return {
        "fixingTimes": [min(first + index * interval, TIME_MAX) for index in kept],
        "fixings": [max(1, near(rng, *anchors)) for _ in kept],
    }


def at_the_cap(rng, model, inputs):
    """Sometimes as much collateral as the payoff takes, or one base unit more or less."""
    if rng.random() > 0.35:
        return inputs
    try:
        roomy = model({**inputs, "buyerCollateral": 1 << 255, "sellerCollateral": 1 << 255})
    except Fault:
        return inputs
    gain = roomy["toBuyer"] - (1 << 255)
    side = "sellerCollateral" if gain >= 0 else "buyerCollateral"
    return {**inputs, side: max(0, min(abs(gain) + rng.choice([-1, 0, 1]), AMOUNT_MAX))}


def spoiled(rng, inputs, facts):
    """Seldom a fact is missing or an input is out of its range."""
    chance = rng.random()
    if chance < 0.02:
        missing = rng.choice(facts)
        return {name: value for name, value in inputs.items() if name != missing}
    if chance < 0.03:
        name = rng.choice([name for name in ("strikePrice", "quantity") if name in inputs])
        return {**inputs, name: rng.choice([-1, AMOUNT_MAX + 1])}
    return inputs


def payoff(model, make, facts=("settlementPrice",)):
    """The draw of a payoff clause: `make` gives terms and facts, the rest is alike for all."""

    def draw(rng):
        return spoiled(rng, at_the_cap(rng, model, make(rng)), facts)

    return draw
