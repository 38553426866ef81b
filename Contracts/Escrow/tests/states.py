"""A small explicit model of a vault's states and deadlines, for exploring it whole.

Time is a small number and moves by one. Every act is listed with who must sign it; an act of nobody is one
that any stranger can carry to the chain. Amounts are one bit: two outcomes are equal or they are not.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Iterator

OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED = 1, 2, 3, 4, 5, 6


@dataclass(frozen=True)
class Shape:
    """The deadlines of some terms."""

    fallback: bool = False
    observed: bool = False  # payoffKind 1 or 2
    american: bool = False
    exerciseStart: int = 1
    expiration: int = 2
    evidenceCloses: int = 3
    settleFrom: int = 3
    settleBy: int = 5
    disputeWindow: int = 2
    rulingWindow: int = 2
    watchers: bool = True

    @property
    def last(self) -> int:
        """The end of everything: proposed in the last second, disputed, ruled, appealed as late as can be."""
        rulings = 2 * self.rulingWindow + (self.disputeWindow if self.fallback else 0)
        return max(self.settleBy + self.disputeWindow + rulings, self.evidenceCloses) + 1


@dataclass(frozen=True)
class State:
    """What a vault stores, and the time."""

    now: int = 0
    status: int = OPEN
    proposer: str = ""
    proposedAt: int = 0
    outcome: int = 0
    disputer: str = ""
    disputedAt: int = 0
    ruledAt: int = 0
    appealedAt: int = 0
    exercised: bool = False
    priced: bool = False
    route: str = ""


@dataclass(frozen=True)
class Move:
    """An act, who signs it, and whether the rules let it happen now."""

    name: str
    by: str  # empty: nobody's signature is in it
    outcome: int
    possible: bool
    after: State


def closed(state: State, route: str) -> State:
    """One state for each way out: nothing else matters any more."""
    return State(status=CLOSED, route=route)


def moves(shape: Shape, s: State) -> Iterator[Move]:
    if s.status == CLOSED:
        return
    yield Move("settle", "buyer and seller", 0, True, closed(s, "agreed"))
    for by in ("buyer", "seller"):
        for outcome in (0, 1):
            yield propose(shape, s, by, outcome)
    for by in ("buyer", "seller", "buyerWatcher", "sellerWatcher"):
        for outcome in (0, 1):
            yield dispute(shape, s, by, outcome)
    yield Move("finalise", "", 0,
               s.status == PROPOSED and s.now >= s.proposedAt + shape.disputeWindow,
               closed(s, "finalised"))
    rounds = 2 if shape.fallback else 1
    silent = s.status == OPEN and s.now >= shape.settleBy
    frozen = s.status == DISPUTED and s.now >= s.disputedAt + rounds * shape.rulingWindow
    yield Move("settleByDefault", "", 0, silent or frozen, closed(s, "default"))
    yield rule_1(shape, s)
    yield rule_2(shape, s)
    for by in ("buyer", "seller"):
        possible = s.status == RULED and s.now < s.ruledAt + shape.disputeWindow
        yield Move("appeal", by, 0, possible, replace(s, status=APPEALED, appealedAt=s.now))
    upheld = s.status == RULED and s.now >= s.ruledAt + shape.disputeWindow
    upheld |= s.status == APPEALED and s.now >= s.appealedAt + shape.rulingWindow
    yield Move("uphold", "", 0, upheld, closed(s, "ruled"))
    if shape.american:
        possible = s.status == OPEN and not s.exercised
        possible &= shape.exerciseStart <= s.now < shape.expiration
        yield Move("exercise", "buyer", 0, possible, replace(s, exercised=True))
    if shape.observed:
        possible = shape.expiration <= s.now < shape.evidenceCloses
        yield Move("observe", "observers", 0, possible, replace(s, priced=True))
        possible = s.priced and s.now >= shape.evidenceCloses
        yield Move("settleObserved", "", 0, possible, closed(s, "observed"))


def propose(shape: Shape, s: State, by: str, outcome: int) -> Move:
    possible = s.status in (OPEN, PROPOSED) and by != s.proposer
    possible &= shape.settleFrom <= s.now < shape.settleBy
    if s.status != PROPOSED:
        after = replace(s, status=PROPOSED, proposer=by, proposedAt=s.now, outcome=outcome)
        return Move("propose", by, outcome, possible, after)
    possible &= s.now < s.proposedAt + shape.disputeWindow
    if outcome == s.outcome:
        return Move("propose", by, outcome, possible, closed(s, "agreed"))
    after = replace(s, status=DISPUTED, disputer=by, disputedAt=s.now)
    return Move("propose", by, outcome, possible, after)


def dispute(shape: Shape, s: State, by: str, outcome: int) -> Move:
    other = {"buyer": "seller", "seller": "buyer"}.get(s.proposer, "")
    entitled = by == other or shape.watchers and by == other + "Watcher"
    possible = s.status == PROPOSED and entitled and outcome != s.outcome
    possible &= s.now < s.proposedAt + shape.disputeWindow
    after = replace(s, status=DISPUTED, disputer=by, disputedAt=s.now)
    return Move("dispute", by, outcome, possible, after)


def rule_1(shape: Shape, s: State) -> Move:
    possible = s.status == DISPUTED
    possible &= s.disputedAt <= s.now < s.disputedAt + shape.rulingWindow
    after = replace(s, status=RULED, ruledAt=s.now) if shape.fallback else closed(s, "ruled")
    return Move("rule 1", "arbitrators", 0, possible, after)


def rule_2(shape: Shape, s: State) -> Move:
    opens = s.disputedAt + shape.rulingWindow if s.status == DISPUTED else s.appealedAt
    possible = shape.fallback and s.status in (DISPUTED, APPEALED)
    possible &= opens <= s.now < opens + shape.rulingWindow
    return Move("rule 2", "fallback", 0, possible, closed(s, "ruled"))


def delivery_moves(shape: Shape, s: State) -> Iterator[Move]:
    """The same for a vault that settles by delivery."""
    if s.status == CLOSED:
        return
    yield Move("settle", "buyer and seller", 0, True, closed(s, "agreed"))
    possible = shape.exerciseStart <= s.now < shape.expiration
    yield Move("exercise", "buyer", 0, possible, closed(s, "exercised"))
    yield Move("expire", "", 0, s.now >= shape.expiration, closed(s, "expired"))


def explore(shape: Shape, acts=moves) -> dict[State, list[Move]]:
    """Every state that can be reached, breadth first, with the moves that are possible in it."""
    found: dict[State, list[Move]] = {}
    waiting = deque([State()])
    while waiting:
        state = waiting.popleft()
        if state in found:
            continue
        found[state] = [move for move in acts(shape, state) if move.possible]
        waiting.extend(move.after for move in found[state])
        if state.status != CLOSED and state.now < shape.last:
            waiting.append(replace(state, now=state.now + 1))
    return found
