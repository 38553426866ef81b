"""What a contract does in the states that walks come to: each route tried and undone, with the papers for it.

A walk goes on as always; no token misbehaves in it. After each step every route of the agreement that the step was
about is tried on the contract, with all signatures and money that it could need, and undone again: what went through
is open, and what it moved is read from the balances. After time has passed this is done for every open agreement. What
the rules say of the same states is in `agreement.py`.
"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from sequences import clauses
from sequences.calls import ACTS, EVIDENCE, Call
from sequences.messages import Words, word
from sequences.model import AGREED, APPEALED, BY_RULING, CLOSED, DEFAULTED, DELIVERED, DISPUTED, FINALISED
from sequences.model import OBSERVED, OPEN, PROPOSED, RULED, UNOPENED
from sequences.stage import BY_ADDRESS, OUTSIDER, PHYSICAL_CALL, Agreement
from sequences.walk import Walk
from terms import HOUR, ZERO

ACT = {(act.name, act.target): act for act in ACTS}
DETAILS = [
    "exercisedAt", "proposer", "proposedAt", "proposedToBuyer", "proposedToSeller", "disputer", "disputedAt",
    "ruledAt", "ruledToBuyer", "ruledBondTo", "appealedAt"]
# What the contract keeps in each state, and what the rules ask of it.
KEPT = {
    PROPOSED: ["proposedAt", "proposedToBuyer"], DISPUTED: ["disputedAt"], RULED: ["ruledAt", "ruledToBuyer"],
    APPEALED: ["appealedAt", "ruledToBuyer"]}
ROUTE_NUMBERS = {
    "agreed": AGREED, "observed": OBSERVED, "finalise": FINALISED, "rule": BY_RULING, "uphold": BY_RULING,
    "default": DEFAULTED, "exercise": DELIVERED, "expire": DELIVERED}
COUNTS, OTHER_FEED, OTHER_TIME, OUTSIDE_WINDOW, OUT_OF_RANGE, NOT_ON_THE_PANEL, EQUIVOCATED, REPEATED = range(8)
NOBODY, PARTIES, OTHER_PARTY, ARBITRATORS, FALLBACK, ANYONE = range(6)
FIXING = 0
LISTS = ["signers", "feeds", "observed", "published", "values"]


@dataclass
class Attempt:
    """What came of trying a route. Gains are by token and holder, without the vault's own."""

    reason: str | None
    gains: Counter = field(default_factory=Counter)
    settled: list[int] = field(default_factory=list)  # numbers of the routes in the events

    @property
    def ok(self) -> bool:
        return self.reason is None


@dataclass
class Sight:
    """One agreement after one step."""

    what: str
    agreement: Agreement
    now: int
    status: int
    void: bool  # cancelled, or of a past epoch
    stored: dict
    shown: list[tuple]  # observations that the chain took, in its order: signer, feed, observed, published, value
    ruled_by: list[str]
    papers: dict
    tried: dict[str, Attempt] = field(default_factory=dict)
    # What the contract says of prices: of each observer, and of all.
    slots: dict[str, int] = field(default_factory=dict)
    price: int = 0


class Followed(Walk):
    """A walk that is looked at after each step."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.dice = Random(f"papers {self.kind} {self.seed}")
        self.sights: list[Sight] = []
        self.shown: dict[bytes, list[tuple]] = {each.id: [] for each in self.first}
        self.ruled_by: dict[bytes, list[str]] = {each.id: [] for each in self.first}

    def _chosen(self) -> list[Agreement]:
        """One of two rounds, one by observers' prices and one of any sort: every route is to be reached."""
        pool = self.stage.agreements[self.kind]
        sorts = [
            [each for each in pool if each.fallbackThreshold],
            [each for each in pool if each.payoffKind in (1, 2) and not each.fallbackThreshold],
            [each for each in pool if each.physical], pool]
        chosen: list[Agreement] = []
        for sort in (sorts[0], self.random.choice(sorts[1:3]), self.random.choice(sorts[2:])):
            chosen.append(self.random.choice([each for each in sort if each not in chosen]))
        return chosen

    def _weather(self) -> None:
        """None: money and allowances are always there."""

    def _wait(self, time: int) -> None:
        """Something may have come open by itself."""
        super()._wait(time)
        for a in self.agreements:
            status = self._status(a)
            if status != CLOSED and (status != UNOPENED or time <= a.acceptBy):
                self.sights.append(self._sight(a, self.history[-1]))

    def _step(self, call: Call) -> None:
        status = self._status(call.agreement)
        super()._step(call)
        a = self.model.vaults[call.agreement.id].current
        if self.history[-1].endswith("-> done") and status != UNOPENED:
            if call.act.name == "observe":
                self.shown[a.id] += [
                    observation(words, each.signer) for words, each in zip(*call.arguments, strict=True)]
            if call.act.name == "rule" and self._status(a) == RULED:
                self.ruled_by[a.id] = call.arguments[5]
        self.sights.append(self._sight(a, self.history[-1]))

    def _status(self, a: Agreement) -> int:
        """As the contract tells it; a vault that does not exist tells nothing."""
        words = self.seen["deliverystate" if a.physical else "state", a.id]
        return words[0] if words else UNOPENED

    def _sight(self, a: Agreement, what: str) -> Sight:
        stored = dict.fromkeys(DETAILS, 0)
        details = self.seen.get(("details", a.id), ())
        if details:
            stored = dict(zip(DETAILS, details[5:16], strict=True))
        papers = self._delivery_papers(a) if a.physical else self._papers(a, stored)
        sight = Sight(
            what, a, self.model.now, self._status(a), self._is_void(a), stored, list(self.shown[a.id]),
            self.ruled_by[a.id], papers)
        (self._try_delivery if a.physical else self._try_all)(sight)
        return sight

    # Papers

    def _papers(self, a: Agreement, stored: dict) -> dict:
        """An outcome, a ruling and an observation that somebody may hold; some of them no good."""
        dice, total = self.dice, a.total
        parts = [0, total // 3, total, total, total + 1]
        return {
            "agreedToBuyer": dice.choice(parts), "agreedValidUntil": self.model.now + dice.choice([0, 1, HOUR]),
            "rulingToBuyer": dice.choice(parts), "bondTo": dice.randrange(3), "more": dice.random(),
            "counterToBuyer": dice.choice([stored["proposedToBuyer"], *parts[:3]]),
            "observation": self._observation(a),
        }

    def _delivery_papers(self, a: Agreement) -> dict:
        held = {ledger.address: 0 for ledger in a.ledgers}
        for ledger, amount in a.held():
            held[ledger.address] += amount
        money, goods = held[a.ledger.address], held[a.delivery.address]
        return {
            "agreedToBuyer": self.dice.choice([0, money // 2, money, money, money + 1]),
            "agreedDeliveryToBuyer": self.dice.choice([0, goods // 2, goods, goods, goods + 1]),
            "agreedValidUntil": self.model.now + self.dice.choice([0, 1, HOUR]), "whole": (money, goods),
        }

    def _observation(self, a: Agreement) -> tuple:
        """Of a price that has been published; now and then something about it is wrong."""
        dice = self.dice
        place = dice.randrange(len(a.observers))
        values = [a.observers[place], a.feed, a.expirationTime, self.model.now, 40 + 2 * place + dice.choice([0, 0, 1])]
        if dice.random() < 0.5:
            at = dice.randrange(5)
            values[at] = [
                OUTSIDER.address, EVIDENCE[0], a.expirationTime + 1, a.expirationTime - 1, dice.choice([0, 2**128])][at]
        return tuple(values)

    # Trying

    def _try(self, a: Agreement, name: str, *arguments) -> Attempt:
        target = a.target if (name, a.target) in ACT and name != "open" else "factory"
        first = next(each for each in self.first if each.id == a.id)
        of = first if target == "factory" else a
        to, data = self._data(Call(ACT[name, target], of, of, arguments))
        checkpoint = self.chain.evm.snapshot()
        try:
            receipt = self.chain.send(to, data)
            if not receipt.ok or target != "factory" and self._status(a) == UNOPENED:
                return Attempt(receipt.reason or "no vault")
            after = self.reader.decoded(self.reader.raw())
            gains = Counter()
            for key, words in after.items():
                if key[0] == "balance" and words != self.seen[key] and key[2] != a.vault:
                    gains[key[1:]] = words[0] - self.seen[key][0]
                assert key[0] != "claim" or not any(words), "a payout failed"
            settled = [each[2]["route"] for each in self._events(receipt) if each[1].endswith("ettled")]
            return Attempt(None, gains, settled)
        finally:
            self.chain.evm.revert(checkpoint)

    def _signature(self, who: str, primary: str, *values):
        return self.messages.sign(BY_ADDRESS[who], self.messages.of(primary, *values))

    def _opening(self, a: Agreement) -> tuple:
        return tuple(self.messages.sign(BY_ADDRESS[who], a.id) for who in (a.buyer, a.seller))

    def _notice(self, a: Agreement) -> tuple:
        until = self.model.now + 1
        version = 1 if a.physical else self.version(a)
        return until, self._signature(a.buyer, "ExerciseNotice", a.id, version, a.buyer, until)

    def _claim(self, a: Agreement, primary: str, who: str, to_buyer: int) -> tuple:
        values = who, EVIDENCE[0], to_buyer, a.total - to_buyer, self.model.now + 1
        return *values, self._signature(who, primary, a.id, self.version(a), *values), (b"",)

    def _try_all(self, s: Sight) -> None:
        a, papers, stored, version = s.agreement, s.papers, s.stored, self.version(s.agreement)
        tried = s.tried
        tried["open"] = self._try(a, "open", *self._opening(a))
        to_buyer, until = papers["agreedToBuyer"], papers["agreedValidUntil"]
        parts = to_buyer, max(a.total - to_buyer, 0), until
        by_both = (self._signature(who, "Outcome", a.id, version, *parts) for who in (a.buyer, a.seller))
        tried["agreed"] = self._try(a, "settle", *parts, *by_both)
        tried["observed"] = self._try(a, "settleObserved", a.whole)
        until, signature = self._notice(a)
        tried["exercise"] = self._try(a, "exercise", a.buyer, until, signature)
        first = a.seller if stored["proposer"] == int(a.buyer, 16) else a.buyer
        tried["propose"] = self._try(a, "propose", *self._claim(a, "Proposal", first, papers["counterToBuyer"]))
        other = (stored["proposedToBuyer"] + 1) % (a.total + 1) if a.total else 0
        tried["dispute"] = self._try(a, "dispute", *self._claim(a, "Dispute", first, other))
        for route, act in (("finalise", "finalise"), ("default", "settleByDefault"), ("uphold", "uphold")):
            tried[route] = self._try(a, act)
        for round in (1, 2):
            tried[f"rule {round}"] = self._try(a, "rule", *self._ruling(s, round))
        until = s.now + 1
        signature = self._signature(a.seller, "Appeal", a.id, version, a.seller, until)
        tried["appeal"] = self._try(a, "appeal", a.seller, until, signature)
        good = a.observers[0], a.feed, a.expirationTime, max(s.now, a.expirationTime), 41
        tried["observe"] = self._try(a, "observe", *self._observing(good))
        if a.payoffKind:
            tried["observation"] = self._try(a, "observe", *self._observing(papers["observation"]))
            self._read_prices(s)

    def _observing(self, observation: tuple) -> tuple:
        signer, *values = observation
        return [Words(b"".join(map(word, values)))], [self._signature(signer, "Observation", *values)]

    def _ruling(self, s: Sight, round: int) -> tuple:
        a, to_buyer = s.agreement, s.papers["rulingToBuyer"]
        amounts = to_buyer, max(a.total - to_buyer, 0), s.papers["bondTo"]
        by = signers(a, round, s.papers["more"])
        values = a.id, self.version(a), round, EVIDENCE[1], *amounts
        return round, EVIDENCE[1], *amounts, by, [self._signature(who, "Ruling", *values) for who in by]

    def _read_prices(self, s: Sight) -> None:
        a = s.agreement
        if s.status == UNOPENED:
            return
        encoder = self.stage.encoders["vault"]
        for who in a.observers:
            answer = self.chain.call(a.vault, encoder.data("observationOf", a.feed, a.expirationTime, who))
            first, absent = (int.from_bytes(answer[at : at + 32], "big") for at in (0, 32))
            if first and not absent:
                s.slots[who] = first
        answer = self.chain.call(a.vault, encoder.data("observedPrice", a.encoded))
        s.price = int.from_bytes(answer, "big")

    def _try_delivery(self, s: Sight) -> None:
        a, papers = s.agreement, s.papers
        s.tried["open"] = self._try(a, "open", *self._opening(a))
        s.tried["exercise"] = self._try(a, "exercise", a.whole, *self._notice(a))
        s.tried["expire"] = self._try(a, "expire")
        (money, goods), part, goods_part = papers["whole"], papers["agreedToBuyer"], papers["agreedDeliveryToBuyer"]
        amounts = part, max(money - part, 0), goods_part, max(goods - goods_part, 0)
        values = *amounts, papers["agreedValidUntil"]
        by_both = (self._signature(who, "DeliveryOutcome", a.id, 1, *values) for who in (a.buyer, a.seller))
        s.tried["agreed"] = self._try(a, "settle", *values, *by_both)


def observation(words: bytes, signer: str) -> tuple:
    observed, published, value = (int.from_bytes(words[at : at + 32], "big") for at in (32, 64, 96))
    return signer, bytes(words[:32]), observed, published, value


def signers(a: Agreement, round: int, more: float) -> list[str]:
    """Enough members of the panel, or all of it; of the arbitrators where there is no second one."""
    second = round == 2 and a.fallbackThreshold
    panel, threshold = (
        (a.fallbackArbitrators, a.fallbackThreshold) if second else (a.arbitrators, a.arbitratorThreshold))
    count = threshold if more < 0.5 else len(panel)
    return sorted(sorted(panel, key=str.lower)[:count], key=lambda who: int(who, 16))
