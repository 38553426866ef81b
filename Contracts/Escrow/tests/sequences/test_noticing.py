"""The invariants can fail: a number on the chain that is off by one is noticed, without the model's help."""

import pytest

from evm import Revm
from sequences import invariants, walk as walking
from sequences.invariants import AFTER_EACH_STEP, Moment
from sequences.stage import Stage
from sequences.walk import walks

# What a number off by one shows. The rest need a wrong act, which the mutants of the contracts are.
BY_NUMBERS = {
    "debts_are_covered", "nothing_is_left_in_a_closed_vault", "tokens_are_neither_made_nor_lost",
    "only_signers_pay", "only_entitled_gain", "other_agreements_are_untouched", "status_moves_forward",
    "closed_is_final", "proposals_are_whole", "stored_acts_never_change", "acts_have_distinct_authors",
    "windows_are_kept", "settled_pays_what_it_says", "claims_grow_only_by_failed_payouts",
    "versions_only_rise", "the_escrow_holds_nothing", "epochs_only_rise", "cancelled_stays_cancelled",
}


def test_a_number_that_is_off_by_one_is_noticed(monkeypatch):
    stage = Stage(Revm())
    noticed: set[str] = set()
    unnoticed: set[str] = set()

    def tamper(walk, call, receipt, before) -> None:
        if walk.seen is walk.before or walk.random.random() > 0.3:
            return
        right, earlier = walk.seen, walk.before
        for key in [each for each in right if each[0] in ("epoch", "cancelled")]:
            walk.before = earlier | {key: (earlier[key][0] + 1,)}
            noticed.update(failing(Moment(walk, call, receipt, before)))
        walk.before = earlier
        for key, words in right.items():
            if not words or key[0] == "details":
                continue
            for more in (1, -1):
                if words[0] + more < 0:
                    continue
                walk.seen = right | {key: (words[0] + more, *words[1:])}
                names = failing(Moment(walk, call, receipt, before))
                noticed.update(names)
                if not names and more > 0 and key[0] in ("balance", "claim"):
                    unnoticed.add(f"{key[0]} {more} {call.act.name}")
            if key[0] == "state":
                for at in range(1, len(words)):
                    walk.seen = right | {key: (*words[:at], words[at] + 1, *words[at + 1 :])}
                    noticed.update(failing(Moment(walk, call, receipt, before)))
        walk.seen = right

    monkeypatch.setattr(walking.invariants, "check", tamper)
    for seed in (1, 2, 3):
        for _ in walks(stage, ["plain", "blocklist"], 60, seed):
            pass
    assert unnoticed == set()
    assert noticed >= BY_NUMBERS, BY_NUMBERS - noticed


def failing(moment: Moment) -> set[str]:
    found = set()
    for invariant in AFTER_EACH_STEP:
        try:
            invariant(moment)
        except AssertionError:
            found.add(invariant.__name__)
    return found


@pytest.mark.parametrize("name", sorted(BY_NUMBERS))
def test_what_is_expected_to_notice_is_an_invariant(name):
    assert getattr(invariants, name) in AFTER_EACH_STEP
