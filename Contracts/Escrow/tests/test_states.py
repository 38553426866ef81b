"""The model of states and deadlines, explored whole, and held against the contract move by move."""

from dataclasses import replace

import pytest

from states import (
    APPEALED,
    CLOSED,
    DISPUTED,
    OPEN,
    PROPOSED,
    RULED,
    Shape,
    State,
    delivery_moves,
    explore,
    moves,
)

SHAPES = {
    "usual": Shape(),
    "fallback": Shape(fallback=True),
    "observed": Shape(observed=True),
    "observed, fallback, evidence to the end": Shape(observed=True, fallback=True, settleFrom=4, evidenceCloses=4),
    "american, window beyond settleBy": Shape(american=True, settleBy=4, disputeWindow=4),
    "one second each, fallback": Shape(fallback=True, settleBy=4, disputeWindow=1, rulingWindow=1),
    "no watchers": Shape(watchers=False, disputeWindow=3, rulingWindow=1),
}
ALL = [(name, shape, moves) for name, shape in SHAPES.items()]
ALL += [
    ("delivery", Shape(american=True, expiration=4), delivery_moves),
    ("delivery, one second", Shape(american=True, exerciseStart=3, expiration=4), delivery_moves),
]
EACH = pytest.mark.parametrize("shape, acts", [entry[1:] for entry in ALL], ids=[entry[0] for entry in ALL])


@EACH
def test_after_the_last_deadline_strangers_close_every_state_at_once(shape, acts):
    found = explore(shape, acts)
    late = [state for state in found if state.now == shape.last]
    assert late
    for state in late:
        assert any(not move.by and move.after.status == CLOSED for move in found[state]), state


@EACH
def test_no_state_is_a_dead_end(shape, acts):
    """From each one strangers and time alone reach closed, however late nobody else acts."""
    found = explore(shape, acts)
    closing: set[State] = {state for state in found if state.status == CLOSED}
    # Backwards from closed over acts of nobody and over time.
    before: dict[State, list[State]] = {}
    for state, possible in found.items():
        following = [move.after for move in possible if not move.by]
        following += [replace(state, now=state.now + 1)] if state.now < shape.last else []
        for after in following:
            before.setdefault(after, []).append(state)
    waiting = list(closing)
    while waiting:
        for state in before.get(waiting.pop(), []):
            if state not in closing:
                closing.add(state)
                waiting.append(state)
    assert closing == found.keys()


@EACH
def test_nobody_can_still_answer_where_a_stranger_may_close(shape, acts):
    """In no second can a party or panel still act on what a stranger could already end by silence."""
    for state, possible in explore(shape, acts).items():
        silent = {move.name for move in possible if not move.by} - {"settleObserved"}
        answers = {move.name for move in possible if move.by} - {"settle"}
        assert not silent or not answers - {"observe"}, (state, silent, answers)


@EACH
def test_both_parties_together_can_always_end_it(shape, acts):
    for state, possible in explore(shape, acts).items():
        ends = any(move.name == "settle" for move in possible)
        assert ends == (state.status != CLOSED), state


def test_every_status_and_route_is_reached(capsys):
    counts, statuses, routes = {}, set(), set()
    for name, shape, acts in ALL:
        found = explore(shape, acts)
        counts[name] = len(found)
        statuses |= {state.status for state in found}
        routes |= {state.route for state in found}
    with capsys.disabled():
        print(f"\n{sum(counts.values()):,} states of {len(counts)} shapes explored: {counts}")
    assert statuses == {OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED}
    assert routes == {"", "agreed", "finalised", "default", "ruled", "observed", "exercised", "expired"}


def test_a_window_without_an_end_would_be_noticed():
    """The exploration can fail: without finalising, a proposal is a dead end."""

    def without(shape, state):
        return (move for move in moves(shape, state) if move.name != "finalise")

    with pytest.raises(AssertionError):
        test_no_state_is_a_dead_end(Shape(), without)
    with pytest.raises(AssertionError):
        test_after_the_last_deadline_strangers_close_every_state_at_once(Shape(), without)
