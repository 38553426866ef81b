"""The table of calls. To add one: a function that makes its arguments, a method of the model, a row in ACTS.

A maker mostly makes arguments that pass, and spoils one of them now and then; what it makes must only be
decodable. Arguments are in the order of the ABI, after the terms where the act takes terms.
"""

from dataclasses import dataclass
from typing import Callable

from eth_utils import keccak

from sequences import changes_model
from sequences.messages import Words, word
from sequences.model import APPEALED, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED, Model
from sequences.stage import CLAIMANTS, EVERYBODY, OUTSIDER, PARTIES, SAFE_HARBOUR, Agreement
from terms import ARBITRATORS, BUYER_WATCHER, HOUR, ZERO

FOREVER = 10**11
EVIDENCE = [keccak(text="evidence"), keccak(text="other evidence")]
LIVE = frozenset({OPEN, PROPOSED, DISPUTED, RULED, APPEALED})
MANIFESTS = [(b"",), (b"manifest",), (bytes(range(256)),)]


def at(*statuses: int) -> frozenset:
    return frozenset(statuses)


@dataclass(frozen=True)
class Act:
    """One function of the escrow or of a vault."""

    name: str  # as in the ABI
    target: str  # "factory", "vault" or "delivery"
    takes_terms: bool
    make: Callable  # (walk, agreement) -> arguments
    apply: Callable  # the model's method
    weight: float
    natural: frozenset  # the statuses in which it is worth trying; seldom tried in any other

    @property
    def priced(self) -> bool:
        """Whether it is about terms that the contract settles by a price."""
        return self.name in ("observe", "settleObserved")


@dataclass(frozen=True)
class Call:
    act: Act
    agreement: Agreement
    supplied: Agreement  # whose terms are handed over
    arguments: tuple

    def signers(self) -> set[str]:
        """Whoever signed anything that is in this call."""
        found: set[str] = set()
        for argument in self.arguments:
            for each in argument if isinstance(argument, list) else [argument]:
                if hasattr(each, "signer"):
                    found.add(each.signer)
        return found


def make_open(walk, a: Agreement) -> tuple:
    return walk.sign_id(a, a.buyer), walk.sign_id(a, a.seller)


def make_cancel(walk, a: Agreement) -> tuple:
    party, valid_until = walk.one_of(a.buyer, a.seller), walk.valid_until()
    return a.id, party, valid_until, walk.sign(a, party, "Cancellation", a.id, 1, party, valid_until)


def make_raise_epoch(walk, a: Agreement) -> tuple:
    party, valid_until = walk.random.choice(PARTIES).address, walk.valid_until()
    epoch = walk.model.epochs.get(party, 0) + walk.random.choice([0, 1, 1, 1, 2])
    return party, epoch, valid_until, walk.sign(a, party, "EpochRaise", party, epoch, valid_until)


def make_initialise(walk, a: Agreement) -> tuple:
    return a.id, a.encoded


def make_settle(walk, a: Agreement) -> tuple:
    (to_buyer, to_seller), valid_until = walk.split(a), walk.valid_until()
    values = a.id, walk.version(a), to_buyer, to_seller, valid_until
    return (
        to_buyer, to_seller, valid_until,
        walk.sign(a, a.buyer, "Outcome", *values), walk.sign(a, a.seller, "Outcome", *values),
    )


def make_propose(walk, a: Agreement) -> tuple:
    vault = walk.model.vaults[a.id]
    proposer = walk.one_of(a.buyer, a.seller)
    if vault.status == PROPOSED and walk.chance(0.7):
        proposer = a.seller if vault.proposer == a.buyer else a.buyer
    return _claim(walk, a, "Proposal", proposer)


def make_dispute(walk, a: Agreement) -> tuple:
    vault = walk.model.vaults[a.id]
    if vault.proposer == a.buyer:
        entitled = a.seller, a.sellerWatcher
    else:
        entitled = a.buyer, a.buyerWatcher
    return _claim(walk, a, "Dispute", walk.one_of(*entitled))


def _claim(walk, a: Agreement, primary: str, who: str) -> tuple:
    if walk.chance(0.1):
        who = walk.random.choice([*EVERYBODY]).address
    (to_buyer, to_seller), valid_until = walk.split(a), walk.valid_until()
    evidence = walk.random.choice(EVIDENCE)
    values = a.id, walk.version(a), who, evidence, to_buyer, to_seller, valid_until
    signature = walk.sign(a, who, primary, *values)
    manifest = walk.random.choice(MANIFESTS)
    return who, evidence, to_buyer, to_seller, valid_until, signature, manifest


def make_open_with_permits(walk, a: Agreement) -> tuple:
    """No token here knows permits, so whatever they are they fail."""
    values = walk.one_of((0, 0), (0, 1), (FOREVER, 27))
    permit = b"".join(map(word, (FOREVER, values[1], EVIDENCE[0], EVIDENCE[1], values[0])))
    return *make_open(walk, a), Words(permit * 2)


def make_nothing(walk, a: Agreement) -> tuple:
    return ()


def make_rule(walk, a: Agreement) -> tuple:
    vault = walk.model.vaults[a.id]
    second = a.fallbackThreshold and (
        vault.status == APPEALED or walk.model.now >= vault.disputedAt + a.rulingWindow
    )
    round = 2 if second else 1
    if walk.chance(0.08):
        round = walk.one_of(0, 1, 2, 3)
    panel = a.fallbackArbitrators if round == 2 else a.arbitrators
    threshold = a.fallbackThreshold if round == 2 else a.arbitratorThreshold
    count = min(len(panel), walk.one_of(threshold, len(panel)))
    by = sorted(walk.random.sample(panel, count), key=lambda member: int(member, 16))
    if walk.chance(0.1):
        spoil = walk.random.randrange(5)
        if spoil == 0:
            by = by[1:]
        elif spoil == 1:
            by = by[::-1]
        elif spoil == 2:
            by = by + by[-1:]
        elif spoil == 3:
            by = sorted([*by[1:], walk.random.choice(EVERYBODY).address], key=lambda each: int(each, 16))
        else:
            by = [ZERO, *by]
    (to_buyer, to_seller), bond_to = walk.split(a), walk.one_of(0, 1, 2)
    if walk.chance(0.03):
        bond_to = walk.one_of(3, 255)
    findings = walk.random.choice(EVIDENCE)
    values = a.id, walk.version(a), round, findings, to_buyer, to_seller, bond_to
    signatures = [walk.sign(a, member, "Ruling", *values) for member in by]
    if walk.chance(0.02):
        signatures = signatures[1:]
    return round, findings, to_buyer, to_seller, bond_to, by, signatures


def make_appeal(walk, a: Agreement) -> tuple:
    who, valid_until = walk.one_of(a.buyer, a.seller), walk.valid_until()
    if walk.chance(0.08):
        who = walk.random.choice(EVERYBODY).address
    return who, valid_until, walk.sign(a, who, "Appeal", a.id, walk.version(a), who, valid_until)


def make_withdraw(walk, a: Agreement) -> tuple:
    claimant, _, to, amount, valid_until = _claimed(walk, a)
    values = a.id, walk.version(a), claimant, to, amount, valid_until
    return claimant, to, amount, valid_until, walk.sign(a, claimant, "Withdrawal", *values)


def make_withdraw_token(walk, a: Agreement) -> tuple:
    values = _claimed(walk, a)
    return *values, walk.sign(a, values[0], "TokenWithdrawal", a.id, 1, *values)


def _claimed(walk, a: Agreement) -> tuple:
    claims = walk.model.vaults[a.id].claims
    owed = [key for key, amount in claims.items() if amount]
    token, claimant = walk.random.choice(
        owed or [(ledger.address, each.address) for ledger in a.ledgers for each in CLAIMANTS]
    )
    if walk.chance(0.05):
        token, claimant = walk.random.choice(a.ledgers).address, OUTSIDER.address
    amount = claims.get((token, claimant), 0)
    if walk.chance(0.1):
        amount = walk.one_of(amount + 1, max(amount - 1, 0), 1)
    to = walk.one_of(claimant, SAFE_HARBOUR.address, SAFE_HARBOUR.address)
    if walk.chance(0.1):
        to = walk.one_of(ZERO, a.vault, OUTSIDER.address, a.seller)
    return claimant, token, to, amount, walk.valid_until()


def make_exercise(walk, a: Agreement) -> tuple:
    holder, valid_until = a.buyer, walk.valid_until()
    if walk.chance(0.08):
        holder = walk.random.choice(EVERYBODY).address
    values = a.id, walk.version(a), holder, valid_until
    return holder, valid_until, walk.sign(a, holder, "ExerciseNotice", *values)


def make_observe(walk, a: Agreement) -> tuple:
    """A few prices, in tokens a unit; most near each other, some of the same observer again."""
    observations, signatures = [], []
    for _ in range(walk.one_of(1, 1, 2, 3)):
        place = walk.random.randrange(len(a.observers))
        who, value = a.observers[place], 40 + 2 * place
        if walk.chance(0.15):
            value = walk.one_of(40, 60, 200)
        published = walk.one_of(a.expirationTime, max(a.expirationTime, walk.model.now))
        values = [a.feed, a.expirationTime, published, value]
        if walk.chance(0.1):
            at = walk.random.randrange(4)
            values[at] = [EVIDENCE[0], a.settleFrom, walk.one_of(0, FOREVER), walk.one_of(0, 2**128)][at]
        observations.append(Words(b"".join(map(word, values))))
        signatures.append(walk.sign(a, who, "Observation", *values))
    if walk.chance(0.02):
        signatures = signatures[1:]
    return observations, signatures


def make_whole(walk, a: Agreement) -> tuple:
    return ((a if walk.chance(0.95) else walk.any_version()).whole,)


def make_amend(walk, a: Agreement) -> tuple:
    unit = 10**a.ledger.decimals
    changes = walk.one_of(
        {"sellerCollateral": a.sellerCollateral + unit, "defaultToSeller": a.defaultToSeller + unit},
        {"buyerCollateral": a.buyerCollateral + 3, "defaultToBuyer": a.defaultToBuyer + 3},
        {"buyerCollateral": 0, "defaultToBuyer": a.total - a.buyerCollateral, "defaultToSeller": 0},
        {"sellerCollateral": 0, "defaultToBuyer": 0, "defaultToSeller": a.buyerCollateral},
        {"settleBy": a.settleBy + HOUR, "disputeWindow": HOUR},
        {"bond": a.bond + 1, "buyerWatcher": ZERO},
        {"settleFrom": a.evidenceCloses, "arbitrators": [ARBITRATORS[1].address], "arbitratorThreshold": 1},
    )
    if walk.chance(0.12):
        changes = walk.one_of(
            {"buyer": OUTSIDER.address}, {"seller": OUTSIDER.address}, {"premium": a.premium + 1},
            {"token": OUTSIDER.address}, {"payoffKind": 3}, {"disputeWindow": 0},
            {"defaultToBuyer": a.defaultToBuyer + 1}, {"arbitrationFee": a.bond + 1},
            {"buyerWatcher": a.seller}, {"sellerEpoch": 99}, {"buyerEpoch": 99},
        )
    epochs = walk.model.epochs
    current = {"buyerEpoch": epochs.get(a.buyer, 0), "sellerEpoch": epochs.get(a.seller, 0)}
    amended, valid_until = walk.stage.changed(a, **(current | changes)), walk.valid_until()
    values = a.id, walk.version(a) + 1, amended.hash, valid_until
    by = a.buyer, a.seller
    return amended, valid_until, *(walk.sign(a, who, "Amendment", *values) for who in by)


def make_novate(walk, a: Agreement) -> tuple:
    transferor = walk.one_of(a.buyer, a.seller)
    others = [each.address for each in PARTIES + [OUTSIDER] if each.address not in (a.buyer, a.seller)]
    transferee = walk.random.choice(others)
    if walk.chance(0.1):
        transferor, transferee = walk.one_of(
            (transferor, transferor), (a.buyer, a.seller), (OUTSIDER.address, transferee),
            (transferor, ARBITRATORS[0].address), (transferor, BUYER_WATCHER.address),
        )
    watcher, epoch = walk.one_of(ZERO, ZERO, a.buyer), walk.model.epochs.get(transferee, 0)
    if walk.chance(0.05):
        epoch += 1
    consideration, valid_until = walk.one_of(0, 0, 1, 10**a.ledger.decimals), walk.valid_until()
    novated = changes_model.novated_by(walk.stage, a, transferor, transferee, watcher, epoch)
    values = (
        a.id, walk.version(a) + 1, transferor, transferee, novated.hash, consideration, valid_until
    )
    remaining = a.seller if transferor == a.buyer else a.buyer
    by = transferor, transferee, remaining
    return (
        transferor, transferee, watcher, epoch, consideration, valid_until,
        *(walk.sign(a, who, "Novation", *values) for who in by),
    )


def make_exercise_delivery(walk, a: Agreement) -> tuple:
    valid_until = walk.valid_until()
    values = a.id, 1, a.buyer, valid_until
    return *make_whole(walk, a), valid_until, walk.sign(a, a.buyer, "ExerciseNotice", *values)


def make_settle_delivery(walk, a: Agreement) -> tuple:
    valid_until, amounts = walk.valid_until(), []
    for ledger in a.ledgers:
        total = sum(amount for each, amount in a.held() if each is ledger)
        part = walk.one_of(0, total, total // 3)
        rest = total - part + (1 if walk.chance(0.05) else 0)
        amounts += [part, rest]
    values = a.id, 1, *amounts, valid_until
    by = a.buyer, a.seller
    return *amounts, valid_until, *(walk.sign(a, who, "DeliveryOutcome", *values) for who in by)


ACTS = [
    Act("open", "factory", True, make_open, Model.open, 8, at(UNOPENED)),
    Act("openWithPermits", "factory", True, make_open_with_permits, Model.open_with_permits, 1, at(UNOPENED)),
    Act("cancel", "factory", False, make_cancel, Model.cancel, 0.15, at(UNOPENED)),
    Act("raiseEpoch", "factory", False, make_raise_epoch, Model.raise_epoch, 0.15, at(UNOPENED)),
    Act("initialise", "vault", False, make_initialise, Model.initialise, 0.2, LIVE),
    Act("settle", "vault", True, make_settle, Model.settle, 0.2, LIVE),
    Act("propose", "vault", True, make_propose, Model.propose, 6, at(OPEN, PROPOSED)),
    Act("dispute", "vault", True, make_dispute, Model.dispute, 14, at(PROPOSED)),
    Act("finalise", "vault", True, make_nothing, Model.finalise, 2, at(PROPOSED)),
    Act("settleByDefault", "vault", True, make_nothing, Model.settle_by_default, 2, at(OPEN, DISPUTED)),
    Act("rule", "vault", True, make_rule, Model.rule, 8, at(DISPUTED, APPEALED)),
    Act("appeal", "vault", True, make_appeal, Model.appeal, 6, at(RULED)),
    Act("uphold", "vault", True, make_nothing, Model.uphold, 2, at(RULED, APPEALED)),
    Act("withdraw", "vault", True, make_withdraw, Model.withdraw, 4, at(CLOSED)),
    Act("exercise", "vault", True, make_exercise, changes_model.exercise, 1, at(OPEN)),
    Act("observe", "vault", True, make_observe, changes_model.observe, 9, LIVE),
    Act("settleObserved", "vault", False, make_whole, changes_model.settle_observed, 7, LIVE),
    Act("amend", "vault", True, make_amend, changes_model.amend, 1.5, at(OPEN)),
    Act("novate", "vault", True, make_novate, changes_model.novate, 1.5, at(OPEN)),
    Act("initialise", "delivery", False, make_initialise, Model.initialise, 0.2, LIVE),
    Act("exercise", "delivery", False, make_exercise_delivery, changes_model.exercise_delivery, 5, at(OPEN)),
    Act("settle", "delivery", True, make_settle_delivery, changes_model.settle_delivery, 1, at(OPEN)),
    Act("expire", "delivery", True, make_nothing, changes_model.expire, 2, at(OPEN)),
    Act("withdrawToken", "delivery", True, make_withdraw_token, changes_model.withdraw_token, 4, at(CLOSED)),
]

# What strangers do once every deadline has passed: no signature of anybody.
CLOSING = {
    "vault": [act for act in ACTS if act.name in ("finalise", "settleByDefault", "uphold")],
    "delivery": [act for act in ACTS if act.name == "expire"],
}
