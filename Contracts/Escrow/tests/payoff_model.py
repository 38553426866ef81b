"""An independent model of the price quorum and of the vanilla payoffs, in exact fractions."""

from fractions import Fraction
from math import floor

CALL, PUT = 1, 2


def price_of(values: list[int], threshold: int, ppm: int) -> int:
    """Zero when the values establish no price."""
    ordered = sorted(values)
    runs = [
        ordered[first : last + 1]
        for first in range(len(ordered))
        for last in range(first, len(ordered))
        if threshold > 0 and last - first + 1 >= threshold
    ]
    agreeing = [
        run for run in runs if Fraction(run[-1] - run[0]) <= Fraction(ppm * run[0], 1_000_000)
    ]
    if not agreeing:
        return 0
    best = min(agreeing, key=lambda run: (-len(run), run[-1] - run[0], run[0]))
    return best[(len(best) - 1) // 2]


def payoff_of(kind, price, strike, quantity, price_decimals, quantity_decimals, token_decimals, cap):
    gain = max(price - strike if kind == CALL else strike - price, 0)
    exact = (
        Fraction(quantity, 10**quantity_decimals)
        * Fraction(gain, 10**price_decimals)
        * 10**token_decimals
    )
    return min(floor(exact), cap)
