"""A random walk over agreements: one call after the other, each predicted, everything compared after each."""

from dataclasses import dataclass, field
from random import Random

from evm import CARRIER, Receipt
from sequences import invariants
from sequences.calls import ACTS, CLOSING, FOREVER, Act, Call
from sequences.messages import FORMS, Signature
from sequences.model import CLOSED, OPEN, UNOPENED, Model, Result
from sequences.stage import (
    BY_ADDRESS,
    EVERYBODY,
    NAMES,
    OUTSIDER,
    PARTIES,
    Agreement,
    Reader,
    Stage,
)
from terms import NOW, ZERO, Party

WALK = 60  # steps of one walk
PAYLOAD_MAX = 1_900  # bytes of a call back
# Messages whose members are of the same types.
ALIKE = {
    "Proposal": "Dispute", "Dispute": "Proposal", "Appeal": "ExerciseNotice",
    "ExerciseNotice": "Appeal", "Cancellation": "Appeal",
}
CONTENTIOUS = [form for form in FORMS if form not in ("full", "compact")]


@dataclass
class Step:
    """One transaction as it was sent and what came of it; enough to send it again elsewhere."""

    time: int
    to: str
    data: bytes
    sender: Party
    gas: int | None
    receipt: Receipt
    raw: bytes
    what: str = ""


@dataclass
class Tally:
    """What all walks together did."""

    steps: int = 0
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    routes: dict[int, int] = field(default_factory=dict)
    claims: int = 0
    starved: int = 0
    idle: int = 0  # calls of vaults that do not exist

    def count(self, call: Call, result: Result) -> None:
        self.steps += 1
        if result.reason is None and not result.events:
            self.idle += 1
        elif result.reason is None:
            self.done[call.act.name] = self.done.get(call.act.name, 0) + 1
            for _, name, values in result.events:
                if name in ("Settled", "DeliverySettled"):
                    self.routes[values["route"]] = self.routes.get(values["route"], 0) + 1
                self.claims += name in ("Claimable", "TokenClaimable")
        else:
            self.refused[result.reason] = self.refused.get(result.reason, 0) + 1


class Walk:
    """One walk from the stage as it is at first. The same seed and kind of token give the same walk."""

    def __init__(self, stage: Stage, kind: str, seed: int, tally: Tally | None = None, keep=False):
        self.stage, self.chain, self.kind, self.seed = stage, stage.chain, kind, seed
        self.random = Random(f"{kind} {seed}")
        self.tally = tally or Tally()
        self.first: list[Agreement] = self._chosen()
        self.messages = stage.messages
        self.model = Model(stage, self.first, self.chain.time)
        self.reader = Reader(stage, self.agreements)
        self.raw = self.reader.raw()
        self.seen = self.reader.decoded(self.raw)
        self.kept: list[Step] | None = [] if keep else None
        self.history: list[str] = []
        self._compare()

    def _chosen(self) -> list[Agreement]:
        """Two over the token of this kind, and one over the plain token."""
        chosen = self.random.sample(self.stage.agreements[self.kind], 2)
        others = [each for each in self.stage.agreements["plain"] if each not in chosen]
        return [*chosen, self.random.choice(others)]

    @property
    def agreements(self) -> list[Agreement]:
        """On the terms that hold now."""
        return [vault.current for vault in self.model.vaults.values()]

    def any_version(self) -> Agreement:
        """Some terms, perhaps those that held before a change."""
        return self.random.choice(self.first + self.agreements)

    # Chances

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def one_of(self, *values):
        return self.random.choice(values)

    def version(self, a: Agreement) -> int:
        return self.model.vaults[a.id].version

    def valid_until(self) -> int:
        if self.chance(0.9):
            return FOREVER
        return self.model.now + self.one_of(-1, 0, 1)

    def split(self, a: Agreement) -> tuple[int, int]:
        """Amounts; mostly the whole, often those of the standing proposal."""
        vault, total = self.model.vaults[a.id], a.total
        to_buyer = self.one_of(0, total, total // 3, a.defaultToBuyer, vault.toBuyer)
        to_seller = total - to_buyer
        if self.chance(0.06):
            return self.one_of(
                (to_buyer + 1, to_seller), (to_buyer, to_seller + 1), (total, total),
                (2**256 - 1, total + 1), (0, 0),
            )
        return to_buyer, to_seller

    def sign(self, a: Agreement, who: str, primary: str, *values) -> Signature:
        """Mostly the right signature; otherwise one that is good for something else."""
        party = BY_ADDRESS.get(who) or self.random.choice(EVERYBODY)
        if self.chance(0.88):
            return self.messages.sign(
                party, self.messages.of(primary, *values), self.one_of("full", "compact")
            )
        match self.random.randrange(5):
            case 0:
                other = self.random.choice(EVERYBODY)
                return self.messages.sign(other, self.messages.of(primary, *values))
            case 1:
                form = self.random.choice(CONTENTIOUS)
                return self.messages.sign(party, self.messages.of(primary, *values), form)
            case 2:  # of another agreement
                other = self.random.choice(self.agreements).id
                values = tuple(other if value == a.id else value for value in values)
                return self.messages.sign(party, self.messages.of(primary, *values))
            case 3:  # of another act
                primary = ALIKE.get(primary, primary)
                return self.messages.sign(party, self.messages.of(primary, *values))
            case _:  # of another version, amount or time: one number more
                at = self.random.choice(
                    [at for at, value in enumerate(values) if isinstance(value, int)]
                )
                values = (*values[:at], (values[at] + 1) % 2**256, *values[at + 1 :])
                return self.messages.sign(party, self.messages.of(primary, *values))

    def sign_id(self, a: Agreement, who: str) -> Signature:
        """Of the agreement itself."""
        digest = a.id
        if self.chance(0.06):
            digest = self.random.choice(self.agreements).id
        form = self.random.choice(CONTENTIOUS) if self.chance(0.03) else "full"
        party = BY_ADDRESS[who] if self.chance(0.97) else self.random.choice(EVERYBODY)
        return self.messages.sign(party, digest, form)

    # Steps

    def run(self, steps: int = WALK) -> None:
        try:
            for _ in range(steps):
                if not any(map(self._is_alive, self.agreements)) and self.chance(0.4):
                    break
                if self.chance(0.7 if self._is_waiting() else 0.15):
                    self._advance()
                if self.chance(0.12):
                    self._weather()
                self._step(self._choose())
            self._close_all()
        except AssertionError as error:
            told = "\n".join(self.history[-30:])
            raise AssertionError(f"walk over {self.kind}, seed {self.seed}:\n{told}\n{error}") from error

    def _advance(self) -> None:
        """To the next deadlines, one second either side, or seldom to any other."""
        now, times = self.model.now, set()
        for a in self.agreements:
            vault = self.model.vaults[a.id]
            if vault.status == CLOSED:
                continue
            times |= {a.acceptBy, a.settleFrom, a.settleBy}
            if a.payoffKind or a.exerciseStart < a.expirationTime:
                times |= {a.exerciseStart, a.expirationTime, a.evidenceCloses}
            times |= {vault.proposedAt + a.disputeWindow} if vault.proposedAt else set()
            if vault.disputedAt:
                times |= {vault.disputedAt + a.rulingWindow, vault.disputedAt + 2 * a.rulingWindow}
            times |= {vault.ruledAt + a.disputeWindow} if vault.ruledAt else set()
            times |= {vault.appealedAt + a.rulingWindow} if vault.appealedAt else set()
        ahead = sorted(time for time in times if time > now)
        waiting = any(
            self.model.vaults[a.id].status == UNOPENED and self._is_alive(a) for a in self.agreements
        )
        if not ahead or waiting and self.chance(0.8):
            return
        target = self.random.choice(ahead) if self.chance(0.15) else ahead[0]
        self._wait(max(now, target + self.one_of(-1, 0, 0, 1)))

    def _wait(self, time: int) -> None:
        self.chain.time = self.model.now = time
        self.history.append(f"at {time - NOW}")

    def _choose(self) -> Call:
        """Mostly the first of a few calls that the model lets pass, otherwise any."""
        call = self._make()
        if self.chance(0.6):
            for _ in range(4):
                before = self.model.copy()
                passes = self.model.run(call).reason is None
                self.model.restore(before)
                if passes and not self._is_idle(call):
                    break
                call = self._make()
        return call

    def _is_idle(self, call: Call) -> bool:
        unopened = self.model.vaults[call.agreement.id].status == UNOPENED
        return call.act.target != "factory" and unopened

    def _is_alive(self, a: Agreement) -> bool:
        """Whether anything can still come of it."""
        vault = self.model.vaults[a.id]
        if vault.status == UNOPENED:
            return self.model.now < a.acceptBy and not self._is_void(a)
        return vault.status != CLOSED or any(vault.claims.values())

    def _is_waiting(self) -> bool:
        """Whether only time brings what is open any further."""
        return all(
            self.model.vaults[a.id].status == OPEN and self.model.now < a.settleFrom
            and not a.physical and not (a.payoffKind and self.model.now >= a.expirationTime)
            for a in filter(self._is_alive, self.agreements)
        )

    def _is_void(self, a: Agreement) -> bool:
        epochs = self.model.epochs
        cancelled = any((a.id, party) in self.model.cancelled for party in (a.buyer, a.seller))
        return cancelled or (a.buyerEpoch, a.sellerEpoch) != (
            epochs.get(a.buyer, 0), epochs.get(a.seller, 0)
        )

    def _make(self, act: Act | None = None, agreement: Agreement | None = None) -> Call:
        alive = [each for each in self.agreements if self._is_alive(each)]
        agreement = agreement or self.random.choice(
            alive if alive and self.chance(0.92) else self.agreements
        )
        if act is None:
            status = self.model.vaults[agreement.id].status
            acts = [each for each in ACTS if each.target in ("factory", agreement.target)]
            priced = agreement.payoffKind or agreement.physical
            weights = [
                each.weight * (1 if status in each.natural and (priced or not each.priced) else 0.04)
                for each in acts
            ]
            act = self.random.choices(acts, weights)[0]
        if act.target == "factory":  # knows the first terms only
            agreement = next(each for each in self.first if each.id == agreement.id)
        supplied = agreement
        if act.target != "factory" and self.chance(0.03):
            supplied = self.any_version()
        return Call(act, agreement, supplied, act.make(self, agreement))

    def _data(self, call: Call) -> tuple[str, bytes]:
        to = self.stage.factory.address if call.act.target == "factory" else call.agreement.vault
        encoder = self.stage.encoders[call.act.target]
        terms = (call.supplied,) if call.act.takes_terms else ()
        arguments: list = []
        for each in (*terms, *call.arguments):
            arguments += [each.encoded, each.economics] if isinstance(each, Agreement) else [each]
        return to, encoder.data(call.act.name, *arguments)

    def _step(self, call: Call) -> None:
        to, data = self._data(call)
        sender = self.one_of(CARRIER, *PARTIES)  # it means nothing
        armed = self.kind == "re-entrant" and self.chance(0.4) and self._arm(call)
        self.history.append(self._told(call))
        before = self.model.copy()
        if self.chance(0.05):
            # Too little gas: nothing at all, or the whole with the same results.
            gas = self.random.randrange(60_000, 700_000)
            receipt = self._send(to, data, sender, gas)
            self.tally.starved += 1
            if not receipt.ok:
                self._look(receipt, self.history[-1])
                assert self.seen == self.before, "a refusal changed something"
                receipt = self._send(to, data, sender)
        else:
            receipt = self._send(to, data, sender)
        result = self.model.run(call)
        self.history[-1] += f" -> {result.reason or 'done'}"
        self._look(receipt, self.history[-1])
        self.tally.count(call, result)

        assert receipt.reason == result.reason, f"{receipt.reason!r} instead of {result.reason!r}"
        if receipt.ok:
            assert receipt.output == result.output, receipt.output.hex()
            assert self._events(receipt) == result.events
        else:
            assert self.seen == self.before, "a refusal changed something"
        self._compare()
        invariants.check(self, call, receipt, before)
        if armed:
            self._disarm()

    def _send(self, to: str, data: bytes, sender: Party, gas: int | None = None) -> Receipt:
        receipt = self.chain.send(to, data, sender=sender, **({"gas": gas} if gas else {}))
        self._sent = to, data, sender, gas
        return receipt

    def _look(self, receipt: Receipt, what: str) -> None:
        """Reads everything, and decodes it if it is not what it was."""
        self.before = self.seen
        raw = self.reader.raw()
        if raw != self.raw:
            self.raw, self.seen = raw, self.reader.decoded(raw)
        if self.kept is not None:
            self.kept.append(Step(self.model.now, *self._sent, receipt, raw, what))

    def _compare(self) -> None:
        for key, words in self.seen.items():
            expected = self.model.expected(key)
            assert words == expected, f"{self._named(key)}: {words} instead of {expected}"

    def _events(self, receipt: Receipt) -> list:
        found = []
        contracts = {self.stage.factory.address: self.stage.factory}
        contracts |= {each.vault: self.stage.readers[each.target] for each in self.agreements}
        for log in receipt.logs:
            if log[0] in contracts:
                contract = contracts[log[0]]
                contract.address = log[0]
                one = Receipt(True, b"", 0, [log])
                [(name, values)] = contract.events_in(one)
                found.append((log[0], name, values))
        return found

    # Weather

    def _weather(self) -> None:
        """Something around the agreements changes: a token's mood, an allowance, a gift."""
        a = self.random.choice(self.agreements)
        ledger = self.random.choice(a.ledgers)
        encoder = self.stage.token_encoder(ledger)
        roll = self.random.random()
        if roll < 0.6:
            holders = [a.buyer, a.seller, a.buyerWatcher, a.sellerWatcher, a.vault, a.buyer, a.seller]
            change = ledger.weather(self.random, [each for each in holders if each != ZERO])
            if change is None:
                return
            name, *arguments = change
            self._token(ledger.address, encoder.data(name, *arguments), CARRIER, f"{name} {arguments}")
            ledger.set(name, *arguments)
        elif roll < 0.85:
            owner = BY_ADDRESS[self.one_of(a.buyer, a.seller, OUTSIDER.address)]
            amount = self.one_of(0, a.bond, a.premium + a.buyerCollateral, FOREVER**3, FOREVER**3)
            data = encoder.data("approve", a.vault, amount)
            self._token(ledger.address, data, owner, f"{owner.name} approves {amount}")
            ledger.approve(owner.address, a.vault, amount)
        else:
            amount = self.one_of(1, 10**6)
            data = encoder.data("mint", a.vault, amount)
            self._token(ledger.address, data, CARRIER, f"{amount} is given to {a.name}")
            before = ledger.of(a.vault)
            ledger.mint(a.vault, amount)
            gifts = self.model.vaults[a.id].gifts
            gifts[ledger.address] = gifts.get(ledger.address, 0) + ledger.of(a.vault) - before

    def _arm(self, call: Call) -> bool:
        """The token calls back into the vault that moves it; whatever it calls must be refused."""
        a, opens = call.agreement, call.act.name.startswith("open")
        exists = self.model.vaults[a.id].status != UNOPENED
        if not (opens or exists and call.act.target != "factory"):
            return False
        inner = self._make(agreement=a)
        # The token reads what it sends word by word, and a payout has 200,000 gas for all of it.
        while inner.act.target == "factory" or len(self._data(inner)[1]) > PAYLOAD_MAX:
            inner = self._make(agreement=a)
        target, payload = self._data(inner)
        self._call_back(target, payload, f"calls back {self._told(inner)}")
        return True

    def _call_back(self, target: str, payload: bytes, what: str) -> None:
        ledger = self.stage.ledgers["re-entrant"]
        data = self.stage.token_encoder(ledger).data("setCall", target, (payload,))
        self._token(ledger.address, data, CARRIER, what)

    def _disarm(self) -> None:
        self._call_back(ZERO, b"", "calls nobody back")
        ledger = self.stage.ledgers["re-entrant"]
        data = self.stage.token_encoder(ledger).data("entered")
        entered = int.from_bytes(self.chain.call(ledger.address, data), "big")
        assert not entered, "a vault was entered"

    def _token(self, to: str, data: bytes, sender: Party, what: str) -> None:
        self.history.append(what)
        receipt = self._send(to, data, sender)
        assert receipt.ok, receipt.reason
        self._look(receipt, what)

    # The end

    def _close_all(self) -> None:
        """Past every deadline strangers close whatever is open, without anybody's signature."""
        self._wait(
            max(
                time
                for a in self.agreements
                for time in (
                    self.model.now, a.settleBy, self.model.vaults[a.id].proposedAt + a.disputeWindow,
                    self.model.vaults[a.id].disputedAt + 2 * a.rulingWindow,
                    self.model.vaults[a.id].ruledAt + a.disputeWindow,
                    self.model.vaults[a.id].appealedAt + a.rulingWindow,
                )
            )
        )
        for a in self.agreements:
            for act in CLOSING[a.target]:
                if self.model.vaults[a.id].status not in (UNOPENED, CLOSED):
                    self._step(Call(act, a, a, ()))
        for a in self.agreements:
            assert self.model.vaults[a.id].status in (UNOPENED, CLOSED), f"{a.name} stays open"

    # Words

    def _told(self, call: Call) -> str:
        of = "" if call.supplied is call.agreement else f", terms of {call.supplied.name}"
        arguments = ", ".join(map(self._named, call.arguments))
        return f"{call.act.name} {call.agreement.name}{of} ({arguments})"

    def _named(self, value) -> str:
        if isinstance(value, tuple | list):
            return " ".join(map(self._named, value))
        if isinstance(value, Agreement):
            return value.name
        if isinstance(value, Signature):
            return f"<{NAMES[value.signer]}, {value.form}>"
        if isinstance(value, bytes):
            agreements = {each.id: each.name for each in self.agreements}
            return agreements.get(value, "0x" + value.hex()[:8])
        if isinstance(value, str):
            vaults = {each.vault: f"vault of {each.name}" for each in self.agreements}
            return (NAMES | vaults).get(value, value)
        return str(value)


def walks(stage: Stage, kinds: list[str], steps: int, seed: int = 1, keep: bool = False, make=Walk):
    """Walks over one kind after the other until there are that many steps; yields each when it is done."""
    tally = Tally()
    start = stage.chain.snapshot()
    ledgers = {kind: ledger.copy() for kind, ledger in stage.ledgers.items()}
    while tally.steps < steps:
        for kind in kinds:
            walk = make(stage, kind, seed, tally, keep)
            walk.run(min(WALK, max(1, steps - tally.steps)))
            yield walk
            stage.chain.restore(start)
            start = stage.chain.snapshot()
            for name, ledger in stage.ledgers.items():
                ledger.restore(ledgers[name])
            if tally.steps >= steps:
                break
        seed += 1


