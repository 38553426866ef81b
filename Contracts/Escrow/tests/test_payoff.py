"""Price and payoff against an independent model, where numbers are awkward.

PAYOFF_CASES=100000 for a long run; prices are a tenth as many.
"""

import os
import random

import pytest
from eth_abi import decode, encode
from eth_utils.abi import function_abi_to_4byte_selector

from evm import CARRIER, Revm
from payoff_model import CALL, PUT, payoff_of, price_of
from world import VAULT_ABI, Contract, World, types

CASES = int(os.environ.get("PAYOFF_CASES", "10000"))
WORLD = World(Revm())
WORLD.opened()
VAULT = WORLD.vault()


class View:
    """A view called as fast as it goes: state stays as it is."""

    def __init__(self, name: str):
        entry = VAULT.functions[name]
        self.selector = function_abi_to_4byte_selector(entry)
        self.inputs = types(entry["inputs"])

    def __call__(self, *arguments):
        output = WORLD.chain.evm.message_call(
            CARRIER.address,
            VAULT.address,
            calldata=self.selector + encode(self.inputs, arguments),
            gas=10_000_000,
        )
        return int.from_bytes(output, "big")


payoff = View("payoffOf")
price = View("priceOf")
WIDEST = 2**128 - 1


def same(*case) -> None:
    assert payoff(*case) == payoff_of(*case), case


@pytest.mark.parametrize("kind", [CALL, PUT])
@pytest.mark.parametrize("distance", [-1, 0, 1])
@pytest.mark.parametrize("decimals", [(0, 0, 0), (8, 18, 6), (36, 36, 0), (0, 0, 36), (36, 36, 36), (18, 18, 36)])
def test_at_the_strike_and_one_unit_either_side(kind, distance, decimals):
    for strike in (1, 2_500 * 10**8, WIDEST - 1):
        for quantity in (1, 10**18, WIDEST):
            for cap in (0, 1, 10**10, WIDEST):
                same(kind, strike + distance, strike, quantity, *decimals, cap)


@pytest.mark.parametrize("kind", [CALL, PUT])
@pytest.mark.parametrize("distance", [-1, 0, 1])
def test_at_the_cap_and_one_unit_either_side(kind, distance):
    """The payoff is moved across the cap by the price, and the cap across the payoff."""
    strike, quantity, decimals, cap = 2_500 * 10**8, 10 * 10**18, (8, 18, 6), 10_000 * 10**6
    edge = 1_000 * 10**8
    sign = 1 if kind == CALL else -1
    same(kind, strike + sign * (edge + distance), strike, quantity, *decimals, cap)
    assert payoff(kind, strike + sign * edge, strike, quantity, *decimals, cap) == cap
    same(kind, strike + sign * edge, strike, quantity, *decimals, cap + distance)


def test_products_around_the_width_of_a_word():
    """quantity x gain just below, at and above 2^256, and far beyond it."""
    for gain in (1, 2, 3, 2**64, 2**127, WIDEST, 2**128, 2**200, 2**256 - 1):
        for delta in (-1, 0, 1):
            quantity = 2**256 // gain + delta
            if not 0 <= quantity < 2**256:
                continue
            for decimals in ((0, 0, 0), (36, 36, 0), (18, 18, 6), (0, 0, 36), (36, 0, 36), (1, 0, 0)):
                for cap in (1, WIDEST):
                    same(CALL, gain, 0, quantity, *decimals, cap)
                    same(PUT, 0, gain, quantity, *decimals, cap)


@pytest.mark.parametrize("divisor", range(1, 73))
def test_a_product_of_as_many_words_as_the_divisor(divisor):
    """quantity x gain is the divisor times 2^256, and a little less or more: the quotient is one word, just not, or just so."""
    for delta in (-1, 0, 1):
        quantity = 2 * 10**divisor + delta
        for cap in (0, 1, WIDEST):
            same(CALL, 2**255, 0, quantity, divisor // 2, divisor - divisor // 2, 0, cap)
            same(PUT, 0, 2**255, quantity, divisor // 2, divisor - divisor // 2, 0, cap)


def test_scales_around_the_cap():
    """Scaling up stops at the cap before it could overflow."""
    for decimals in range(37):
        for cap in (0, 1, 10**decimals - 1, 10**decimals, 10**decimals + 1, WIDEST):
            for gain in (0, 1, 2, 2**128, 2**256 - 1):
                same(CALL, gain, 0, 1, 0, 0, decimals, cap)
                same(CALL, gain, 0, 2**256 - 1, 0, 0, decimals, cap)


def number(draw: random.Random, bits: int) -> int:
    """Of any size; often at the edge of one."""
    edge = 1 << draw.randrange(bits + 1)
    value = draw.choice([draw.randrange(edge), edge - 1, edge, edge + 1, 10 ** draw.randrange(bits // 4)])
    return min(value, (1 << bits) - 1)


def test_random_payoffs():
    draw = random.Random(712)
    for _ in range(CASES):
        kind = draw.choice([CALL, PUT])
        bits = draw.choice([64, 128, 128, 256])
        strike, quantity = number(draw, bits), number(draw, bits)
        decimals = tuple(draw.choice([0, 6, 8, 18, 36, draw.randrange(37)]) for _ in range(3))
        shape = draw.randrange(4)
        if shape == 0:
            at = max(strike + draw.randrange(-2, 3), 0)
        elif shape == 1 and quantity:
            # Near the price whose product with the quantity is one word.
            at = strike + (1 if kind == CALL else -1) * (2**256 // quantity + draw.randrange(-1, 2))
        else:
            at = number(draw, bits)
        at = min(max(at, 0), 2**256 - 1)
        exact = payoff_of(kind, at, strike, quantity, *decimals, 2**4096)
        near = min(max(exact + draw.randrange(-1, 2), 0), WIDEST)
        cap = draw.choice([near, number(draw, 128)])
        case = kind, at, strike, quantity, *decimals, cap
        assert payoff(*case) == min(exact, cap), case


@pytest.mark.parametrize("place", [0, 1, 2])
def test_decimals_beyond_36_are_refused(place):
    for decimals, reason in ((36, None), (37, "observed: decimals"), (255, "observed: decimals")):
        arguments = [0, 0, 0]
        arguments[place] = decimals
        receipt = VAULT.send("payoffOf", CALL, 2, 1, 1, *arguments, 9)
        assert receipt.reason == reason


@pytest.mark.parametrize("kind", [0, 3, 255])
def test_other_kinds_are_refused(kind):
    receipt = VAULT.send("payoffOf", kind, 2, 1, 1, 0, 0, 0, 9)
    assert receipt.reason == "observed: payoffKind"


# Prices


@pytest.mark.parametrize(
    "values, threshold, ppm, expected",
    [
        ([], 1, 0, 0),
        ([7], 0, 0, 0),
        ([7], 1, 0, 7),
        ([7], 2, 10**6, 0),
        ([7, 7], 2, 0, 7),
        ([7, 8], 2, 142_856, 0),
        ([7, 8], 2, 142_858, 7),  # 1/7 is 142,857.1 parts in a million
        ([8, 7, 9], 2, 300_000, 8),
        ([100, 101, 200, 201], 2, 10_000, 100),  # equally long: the narrower in absolute terms is neither
        ([100, 103, 200, 201], 2, 30_000, 200),  # the narrower
        ([100, 101, 102, 500, 500], 2, 20_000, 101),  # the longest
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 8, 2**64 - 1, 8),
        ([WIDEST] * 15, 15, 0, WIDEST),
        ([1, WIDEST], 2, 2**64 - 1, 0),
    ],
)
def test_prices_by_hand(values, threshold, ppm, expected):
    assert price(values, threshold, ppm) == expected
    assert price_of(values, threshold, ppm) == expected


def test_the_spread_allowed_is_allowed_exactly():
    for low in (1, 10**6, 999_999, 2_500 * 10**8, WIDEST - 10**6):
        for ppm in (0, 1, 5_000, 999_999):
            for delta in (-1, 0, 1):
                high = low + low * ppm // 10**6 + delta
                if low <= high <= WIDEST:
                    assert price([high, low], 2, ppm) == price_of([high, low], 2, ppm)


def test_random_prices():
    draw = random.Random(256)
    for _ in range(CASES // 10):
        size = draw.randrange(16)
        base = max(number(draw, 127), 1)
        around = draw.choice([2, 10, 1_000, base + 1])
        values = [min(max(base + draw.randrange(-around, around), 1), WIDEST) for _ in range(size)]
        threshold = draw.randrange(17)
        ppm = draw.choice([0, 1, 5_000, 999_999, 10**6, 2**64 - 1, draw.randrange(10**6)])
        case = values, threshold, ppm
        assert price(*case) == price_of(*case), case
