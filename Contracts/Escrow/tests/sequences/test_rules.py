"""The contract against the rules of Contracts/Clauses, run in the program: the same sequences, the same answers.

SIGHTS says how many states are looked at, SEED where to begin; a failure tells kind, seed and the state.
"""

import os

import pytest

from evm import Revm
from sequences.agreement import compare
from sequences.model import APPEALED, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED
from sequences.rules import Followed, Sight
from sequences.stage import Stage
from sequences.walk import walks

SIGHTS = int(os.environ.get("SIGHTS", "3000"))
SEED = int(os.environ.get("SEED", "1"))
# Honest tokens; what others do is no matter of the rules.
KINDS = ["plain", "0 decimals", "18 decimals", "36 decimals"]
VAULT = [
    "open", "agreed", "observe", "observed", "exercise", "propose", "default", "dispute", "finalise", "rule", "appeal",
    "uphold"]
DELIVERY = ["open", "agreed", "exercise", "expire"]


@pytest.fixture(scope="module")
def sights() -> list[Sight]:
    """States from walks, with what the contract did in each of them."""
    found: list[Sight] = []
    for walk in walks(Stage(Revm()), KINDS, 10**9, SEED, make=Followed):
        found += walk.sights
        if len(found) >= SIGHTS:
            return found


def test_contract_and_rules_agree_on_routes_amounts_bonds_and_fees(sights):
    seen = compare(sights)
    print(f"\n{len(sights):,} states from seed {SEED}, by what the rules said:")
    for what in dict.fromkeys(key[0] for key in seen):
        print(f"  {what:<20}", {key[1]: seen[key] for key in sorted(seen, key=str) if key[0] == what})
    for route in [*VAULT, *(f"delivery {each}" for each in DELIVERY)]:
        for way in ("open", "closed"):
            assert seen[route, way] > 0, f"{route} was never {way}"
    # Every verdict on an observation, every turn, every meaning of silence, no ruling, the first and the second.
    for what, count in (("verdict", 8), ("turn", 6), ("silence", 6), ("stands", 3)):
        assert [seen[what, each] > 0 for each in range(count)] == [True] * count, what


def test_every_state_was_looked_at(sights):
    cash = {each.status for each in sights if not each.agreement.physical}
    assert cash == {UNOPENED, OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED}
    assert {each.status for each in sights if each.agreement.physical} == {UNOPENED, OPEN, CLOSED}


@pytest.mark.parametrize("status, pays, what, value", [
    (RULED, "uphold", "ruledBondTo", lambda s: (s.stored["ruledBondTo"] + 1) % 3),
    (PROPOSED, "finalise", "proposedToBuyer", lambda s: s.stored["proposedToBuyer"] ^ 1),
    (DISPUTED, "", "disputedAt", lambda s: s.stored["disputedAt"] - s.agreement.rulingWindow),
])
def test_a_difference_is_noticed(sights, status, pays, what, value):
    """The rules asked of another state than the contract's."""
    noticed = False
    found = [each for each in sights if each.status == status and each.agreement.bond]
    for s in [each for each in found if status == DISPUTED or each.tried[pays].ok][:20]:
        right, s.stored[what] = s.stored[what], value(s)
        try:
            compare([s])
        except AssertionError:
            noticed = True
        s.stored[what] = right
        if noticed:
            return
    assert noticed
