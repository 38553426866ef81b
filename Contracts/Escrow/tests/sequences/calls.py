"""The table of calls. To add one: a function that makes its arguments, a method of the model, a row in ACTS.

A maker mostly makes arguments that pass, and spoils one of them now and then; what it makes must only be
decodable. Arguments are in the order of the ABI, after the terms where the act takes terms.
"""

from dataclasses import dataclass
from typing import Callable

from eth_utils import keccak

from sequences.model import APPEALED, CLOSED, DISPUTED, OPEN, PROPOSED, RULED, UNOPENED, Model
from sequences.stage import (
    EVERYBODY,
    OUTSIDER,
    PARTIES,
    SAFE_HARBOUR,
    Agreement,
    claimants,
)
from terms import ZERO

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
    target: str  # "factory" or "vault"
    takes_terms: bool
    make: Callable  # (walk, agreement) -> arguments
    apply: Callable  # the model's method
    weight: float
    natural: frozenset  # the statuses in which it is worth trying; seldom tried in any other


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
    claims = walk.model.vaults[a.id].claims
    owed = [holder for holder, amount in claims.items() if amount]
    claimant = walk.random.choice(owed or claimants(a))
    if walk.chance(0.1):
        claimant = OUTSIDER.address
    amount = claims.get(claimant, 0)
    if walk.chance(0.1):
        amount = walk.one_of(amount + 1, max(amount - 1, 0), 1)
    to = walk.one_of(claimant, SAFE_HARBOUR.address, SAFE_HARBOUR.address)
    if walk.chance(0.1):
        to = walk.one_of(ZERO, a.vault, OUTSIDER.address, a.seller)
    valid_until = walk.valid_until()
    values = a.id, walk.version(a), claimant, to, amount, valid_until
    return claimant, to, amount, valid_until, walk.sign(a, claimant, "Withdrawal", *values)


ACTS = [
    Act("open", "factory", True, make_open, Model.open, 8, at(UNOPENED)),
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
]
BY_NAME = {act.name: act for act in ACTS}

# What strangers do once every deadline has passed: no signature of anybody.
CLOSING = ["finalise", "settleByDefault", "uphold"]

