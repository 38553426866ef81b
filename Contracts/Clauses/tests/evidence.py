"""Whether an observation counts among all that both sides have shown."""

from exact import AMOUNT_MAX, TIME_MAX, Clause, require, without

COUNTS, OTHER_FEED, OTHER_TIME, OUTSIDE_WINDOW, OUT_OF_RANGE, NOT_ON_THE_PANEL, EQUIVOCATED, REPEATED = range(8)
LISTS = ["signers", "feeds", "observed", "published", "values"]


def alone(inputs, observation):
    signer, feed, observed, published, value = observation
    grid = [inputs["fixingStart"] + k * inputs["fixingInterval"] for k in range(inputs["fixingCount"])]
    if feed != inputs["feed"]:
        return OTHER_FEED
    if observed not in grid:
        return OTHER_TIME
    if not observed <= published < inputs["evidenceCloses"]:
        return OUTSIDE_WINDOW
    if not 1 <= value <= AMOUNT_MAX:
        return OUT_OF_RANGE
    if signer not in inputs["panel"]:
        return NOT_ON_THE_PANEL
    return COUNTS


def evidence(inputs):
    require(inputs["fixingInterval"] > 0 and inputs["fixingCount"] > 0)
    require(all(name in inputs for name in ["index", *LISTS]))
    require(len({len(inputs[name]) for name in LISTS}) == 1)
    index, everything = inputs["index"], list(zip(*(inputs[name] for name in LISTS)))
    require(0 <= index < len(everything))
    mine = everything[index]
    verdict = alone(inputs, mine)
    if verdict == COUNTS:
        # The signer's good observations of the same fixing, this one among them, in the order of the evidence.
        same = [
            (place, other[4]) for place, other in enumerate(everything)
            if (other[0], other[2]) == (mine[0], mine[2]) and alone(inputs, other) == COUNTS
        ]
        if len({value for _, value in same}) > 1:
            verdict = EQUIVOCATED
        elif same[0][0] != index:
            verdict = REPEATED
    return {"verdict": verdict}


FEED, OTHER = 0xFEED, 0xBAD
PANEL = [11, 12, 13]
TERMS = {
    "feed": FEED, "fixingStart": 1_000, "fixingInterval": 60, "fixingCount": 3, "evidenceCloses": 2_000,
    "panel": PANEL}
GOOD = {"signers": 11, "feeds": FEED, "observed": 1_000, "published": 1_001, "values": 500}


def union(index, *observations, **changes):
    rows = [{**GOOD, **observation} for observation in observations]
    return {**TERMS, "index": index, **{name: [row[name] for row in rows] for name in LISTS}, **changes}


def cases():
    yield "one that counts", union(0, {})
    yield "another feed", union(0, {"feeds": OTHER})
    for time in [999, 1_000, 1_001, 1_059, 1_060, 1_061, 1_120, 1_121, 1_180]:
        yield f"observed at {time}", union(0, {"observed": time, "published": 1_500})
    for time in [999, 1_000, 1_999, 2_000]:
        yield f"published at {time}", union(0, {"published": time})
    for value in [0, 1, AMOUNT_MAX, AMOUNT_MAX + 1, -1]:
        yield f"a price of {value}", union(0, {"values": value})
    yield "a stranger", union(0, {"signers": 14})
    yield "a panel of nobody", union(0, {}, panel=[])
    pair = [{}, {"values": 501}]
    for index in range(2):
        yield f"two values, number {index}", union(index, *pair)
        yield f"two values of two fixings, number {index}", union(index, {}, {"values": 501, "observed": 1_060,
                                                                             "published": 1_070})
        yield f"two values, one late, number {index}", union(index, {}, {"values": 501, "published": 2_000})
        yield f"two values, one early, number {index}", union(index, {}, {"values": 501, "published": 999})
        yield f"two values, one of another feed, number {index}", union(index, {}, {"values": 501, "feeds": OTHER})
        yield f"two values, one out of range, number {index}", union(index, {}, {"values": AMOUNT_MAX + 1})
        yield f"two values, one zero, number {index}", union(index, {}, {"values": 0})
        yield f"two values of two observers, number {index}", union(index, {}, {"values": 501, "signers": 12})
        yield f"the same value twice, number {index}", union(index, {}, {"published": 1_002})
        yield f"the same value late first, number {index}", union(index, {"published": 2_000}, {})
    for index in range(3):
        yield f"the same value twice, then another, number {index}", union(index, {}, {}, {"values": 501})
    yield "the last of many", union(59, *({"signers": 11 + k % 3} for k in range(60)))
    yield "alone among strangers", union(59, *({"signers": 100 + k} for k in range(59)), {})
    yield "a panel of fifteen", union(0, {"signers": 29}, panel=list(range(15, 30)))
    late = [{"published": 2_000}] * 59
    yield "the only one in time of sixty", union(59, *late, {}, panel=[*range(15, 29), 11])
    yield "no fixing", union(0, {}, fixingCount=0)
    yield "no interval", union(0, {}, fixingInterval=0)
    yield "the index after the last", union(1, {})
    yield "the index before the first", union(-1, {})
    yield "nothing shown", union(0)
    for name in LISTS:
        yield f"no {name}", without(union(0, {}), name)
        yield f"{name} of another length", union(0, {}, {}, **{name: [GOOD[name]]})
    yield "the last second there is", union(
        0, {"observed": TIME_MAX, "published": TIME_MAX}, fixingStart=TIME_MAX, evidenceCloses=TIME_MAX)


def draw(random):
    count = random.choice([1, 2, 3, 5, 8])
    observations = [
        {
            "signers": random.choice([11, 11, 11, 12, 13, 14]),
            "feeds": random.choice([FEED] * 9 + [OTHER]),
            "observed": random.choice([1_000] * 6 + [1_060, 1_120, 1_030, 1_180, 940]),
            "published": random.choice([1_200] * 9 + [1_000, 999, 1_999, 2_000]),
            "values": random.choice([500] * 9 + [501, 0, AMOUNT_MAX, AMOUNT_MAX + 1]),
        }
        for _ in range(count)
    ]
    return union(random.randrange(count), *observations)


CLAUSES = {"arbitration/evidence": Clause(evidence, list(cases()), "findings", draw, items_max=60)}
