"""What the contract pays on a price against the payoff clause that the terms commit to, run in the program.

PAYOFF_CASES=100000 for a long run, SEED to begin elsewhere. Prices, quantities and collaterals are as validation admits
them, below 2^128; decimals are 0 to 36.
"""

import os
from collections import Counter
from random import Random

import pytest

from payoff_model import CALL, PUT
from sequences import clauses
from test_payoff import payoff

CASES = int(os.environ.get("PAYOFF_CASES", "10000"))
SEED = int(os.environ.get("SEED", "1"))
CLAUSE = {CALL: "payoff/european-call", PUT: "payoff/european-put"}
WIDEST = 2**128 - 1
NAMES = ["strikePrice", "quantity", "priceDecimals", "quantityDecimals", "tokenDecimals"]


def size(dice: Random) -> int:
    """Of any width up to 128 bits; often at the edge of one, or a round number."""
    edge = 1 << dice.randrange(129)
    value = dice.choice([dice.randrange(edge), edge - 1, edge, edge + 1, 10 ** dice.randrange(39)])
    return min(value, WIDEST)


def gain_for(dice: Random, economics: dict, amount: int) -> int:
    """The smallest gain whose payoff reaches the amount, one less or one more."""
    up, down = scaled(economics)
    return -(-amount * down // max(economics["quantity"] * up, 1)) + dice.choice([-1, 0, 1])


def scaled(economics: dict) -> tuple[int, int]:
    scale = clauses.scale(economics)
    return scale["scaleUp"], scale["scaleDown"]


def exact(economics: dict, gain: int) -> int:
    up, down = scaled(economics)
    return economics["quantity"] * gain * up // down


def is_admitted(economics: dict) -> bool:
    """The quantity at the largest price, rounded up, is below 2^255 in base units: else validation refuses the terms."""
    up, down = scaled(economics)
    return -(-economics["quantity"] * up * WIDEST // down) < 2**255


def draw(dice: Random, kind: int) -> tuple[str, dict]:
    """What is special about it, and the case."""
    economics = dict(zip(NAMES, [size(dice), size(dice), *(
        dice.choice([0, 6, 8, 18, 36, dice.randrange(37)]) for _ in range(3))]))
    special = dice.choice(["at the strike", "at the cap by price", "at the cap by collateral", "wide", "any"])
    sign, strike = (1 if kind == CALL else -1), economics["strikePrice"]
    cap = size(dice)
    if special == "wide":
        # A product of two numbers of 128 bits, just below 2^256 and below its half.
        economics["quantity"] = WIDEST - dice.randrange(3)
        gain = dice.choice([WIDEST, 2**127]) - dice.randrange(3)
        strike = economics["strikePrice"] = dice.randrange(3) if kind == CALL else WIDEST - dice.randrange(3)
        price = strike + sign * gain
    elif special == "at the strike":
        price = strike + dice.choice([-1, 0, 1])
    elif special == "at the cap by price":
        price = strike + sign * gain_for(dice, economics, cap)
    else:
        price = size(dice)
    price = min(max(price, 1), WIDEST)
    gain = max(sign * (price - strike), 0)
    if special != "any" and special != "at the cap by price":
        cap = min(max(exact(economics, gain) + dice.choice([-1, 0, 1]), 0), WIDEST)
    own = dice.choice([0, 1, size(dice)])
    return special, {**economics, "price": price, "cap": cap, "own": own}


@pytest.mark.parametrize("kind", [CALL, PUT], ids=["call", "put"])
def test_the_contract_pays_what_the_clause_says(kind):
    dice, seen = Random(f"{SEED} {kind}"), Counter()
    drawn = [draw(dice, kind) for _ in range(CASES // 2)]
    rows = [{
        "strikePrice": case["strikePrice"], "quantity": case["quantity"], "buyerCollateral": case["own"],
        "sellerCollateral": case["cap"], **clauses.scale(case), "settlementPrice": case["price"]}
        for _, case in drawn]
    answers = clauses.answers(CLAUSE[kind], rows, may_fault=True)
    for (special, case), answer in zip(drawn, answers, strict=True):
        paid = payoff(
            kind, case["price"], case["strikePrice"], case["quantity"], case["priceDecimals"],
            case["quantityDecimals"], case["tokenDecimals"], case["cap"])
        if "fault" in answer:
            # The contract pays at most the collateral even there; such terms are refused, and never signed.
            assert answer["fault"] == "overflow" and not is_admitted(case), (case, answer)
            seen["terms that are not admitted"] += 1
            continue
        expected = {"toBuyer": case["own"] + paid, "toSeller": case["cap"] - paid}
        assert answer["payments"] == expected, f"seed {SEED}, {special}: {case}"
        whole = exact(case, max((case["price"] - case["strikePrice"]) * (1 if kind == CALL else -1), 0))
        seen[special] += 1
        seen[place(whole, case["cap"])] += 1
        product = case["quantity"] * abs(case["price"] - case["strikePrice"])
        seen["a product of 250 bits and more"] += product >> 250 > 0
        seen["more than the collateral"] += whole > case["cap"]
        distance = case["price"] - case["strikePrice"]
        if abs(distance) <= 1:
            seen[f"{distance:+d} from the strike"] += 1
        for name in NAMES[2:]:
            seen[name, case[name]] += 1
    print(f"\nseed {SEED}, {len(drawn):,} cases:", {key: seen[key] for key in seen if isinstance(key, str)})
    for what in ("at the strike", "at the cap by price", "at the cap by collateral", "wide", "any", "-1 from the cap",
                 "+0 from the cap", "+1 from the cap", "-1 from the strike", "+0 from the strike", "+1 from the strike",
                 "more than the collateral", "a product of 250 bits and more"):
        assert seen[what] > 0, what
    for name in NAMES[2:]:
        assert all(seen[name, decimals] for decimals in range(37)), name


def place(whole: int, cap: int) -> str:
    return f"{whole - cap:+d} from the cap" if abs(whole - cap) <= 1 else "elsewhere"
