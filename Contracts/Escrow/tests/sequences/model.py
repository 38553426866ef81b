"""What the escrow and its vaults must do, written again in Python from the description of the contracts.

Each act checks in the contract's order and raises `Refused` with the exact reason; what it moves is moved
in the ledgers. `run` undoes everything of an act that is refused.
"""

from copy import copy
from dataclasses import dataclass, field

from sequences.ledgers import PAYOUT_GAS, Ledger
from sequences.messages import FORMS, Signature
from sequences.stage import Agreement, Stage
from terms import ZERO

UNOPENED, OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED = range(7)
AGREED, OBSERVED, FINALISED, BY_RULING, DEFAULTED, DELIVERED = range(1, 7)
NAMES = ["unopened", "open", "proposed", "disputed", "closed", "ruled", "appealed"]


class Refused(Exception):
    """The act reverts with this reason."""


def need(condition: bool, reason: str) -> None:
    if not condition:
        raise Refused(reason)


@dataclass
class Vault:
    """What one vault stores."""

    current: Agreement
    status: int = UNOPENED
    version: int = 1
    exercisedAt: int = 0
    proposer: str = ZERO
    disputer: str = ZERO
    proposedAt: int = 0
    disputedAt: int = 0
    toBuyer: int = 0
    toSeller: int = 0
    ruledAt: int = 0
    appealedAt: int = 0
    ruledToBuyer: int = 0
    bondTo: int = 0
    ruledBy: tuple[str, ...] = ()
    claims: dict[tuple[str, str], int] = field(default_factory=dict)  # by token and holder
    # By feed, time and observer: the first price, and whether there was another.
    prices: dict[tuple, tuple[int, bool]] = field(default_factory=dict)
    # Beyond what is stored: what strangers gave, by token.
    gifts: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Vault":
        other = copy(self)
        other.claims, other.prices = dict(self.claims), dict(self.prices)
        other.gifts = dict(self.gifts)
        return other

    def state(self) -> tuple[int, ...]:
        """As `state()` answers."""
        return (
            self.status, self.version, int(self.proposer, 16), int(self.disputer, 16),
            self.proposedAt, self.disputedAt, self.toBuyer, self.toSeller,
        )

    def details(self) -> tuple[int, ...]:
        """As `details()` answers, a struct with a text in it."""
        name = NAMES[self.status].encode()
        return (
            32, 15 * 32, number(self.current.id), number(self.current.termsId), self.version,
            self.exercisedAt, int(self.proposer, 16), self.proposedAt, self.toBuyer, self.toSeller,
            int(self.disputer, 16), self.disputedAt, self.ruledAt, self.ruledToBuyer, self.bondTo,
            self.appealedAt, len(name), number(name.ljust(32, b"\0")),
        )

    def delivery_state(self) -> tuple[int, ...]:
        """As `deliveryState()` answers."""
        return self.status, self.version, self.exercisedAt


def number(word: bytes) -> int:
    return int.from_bytes(word, "big")


@dataclass
class Result:
    """None as reason is success; events are those of escrow and vaults, in order."""

    reason: str | None
    events: list = field(default_factory=list)
    output: bytes = b""


class Model:
    """Everything that the walk's reader sees."""

    def __init__(self, stage: Stage, agreements: list[Agreement], now: int):
        self.stage, self.messages, self.factory, self.now = stage, stage.messages, stage.factory.address, now
        self.agreements = agreements
        self.ledgers: dict[str, Ledger] = {
            ledger.address: ledger for each in agreements for ledger in each.ledgers
        }
        self.vaults: dict[bytes, Vault] = {each.id: Vault(each) for each in agreements}
        self.epochs: dict[str, int] = {}
        self.cancelled: set[tuple[bytes, str]] = set()
        self.events: list = []
        self.output = b""

    def copy(self) -> tuple:
        return (
            {address: ledger.copy() for address, ledger in self.ledgers.items()},
            {id: vault.copy() for id, vault in self.vaults.items()},
            dict(self.epochs),
            set(self.cancelled),
        )

    def restore(self, copied: tuple) -> None:
        ledgers, vaults, epochs, cancelled = copied
        for address, ledger in ledgers.items():
            self.ledgers[address].restore(ledger)
        self.vaults = {id: vault.copy() for id, vault in vaults.items()}
        self.epochs, self.cancelled = dict(epochs), set(cancelled)

    def run(self, call) -> Result:
        """Does what the call does, or nothing."""
        before = self.copy()
        self.events, self.output = [], b""
        try:
            current = self.vaults[call.agreement.id].current
            if call.act.target != "factory":
                if self.vaults[call.agreement.id].status == UNOPENED:
                    return Result(None)  # no code, so nothing happens
                if call.act.takes_terms:
                    need(call.supplied.termsId == current.termsId, "vault: other terms")
            of = call.agreement if call.act.target == "factory" else current
            call.act.apply(self, of, *call.arguments)
        except Refused as refused:
            self.restore(before)
            return Result(str(refused))
        return Result(None, self.events, self.output)

    def expected(self, key: tuple) -> tuple[int, ...]:
        """The words that the reader must find under a key."""
        match key:
            case "balance", token, holder:
                return (self.ledgers[token].of(holder),)
            case ("state" | "details" | "deliverystate") as view, id:
                vault = self.vaults[id]
                if vault.status == UNOPENED:
                    return ()
                answers = {"state": vault.state, "details": vault.details}
                return answers.get(view, vault.delivery_state)()
            case "claim", id, token, holder:
                vault = self.vaults[id]
                return () if vault.status == UNOPENED else (vault.claims.get((token, holder), 0),)
            case "epoch", party:
                return (self.epochs.get(party, 0),)
            case "cancelled", id, party:
                return (int((id, party) in self.cancelled),)
        raise KeyError(key)

    # Shared by all acts

    def log(self, source: str, name: str, **values) -> None:
        self.events.append((source, name, values))

    def signed(self, signer: str, digest: bytes, signature: Signature, reason: str) -> None:
        _, malformed = FORMS[signature.form]
        need(malformed is None, malformed or "")
        need(signature.signer == signer and signature.digest == digest, reason)

    def pull(
        self, a: Agreement, payer: str, receiver: str, amount: int, name: str, ledger=None
    ) -> None:
        ledger = ledger or a.ledger
        if amount == 0:
            return
        before = ledger.of(receiver)
        need(ledger.transfer_from(a.vault, payer, receiver, amount), f"{name} refused")
        need(ledger.of(receiver) - before == amount, f"{name} delivered short")

    def pay(self, a: Agreement, receiver: str, amount: int, ledger: Ledger | None = None) -> None:
        ledger = ledger or a.ledger
        if amount == 0 or ledger.transfer(a.vault, receiver, amount, PAYOUT_GAS):
            return
        claims, key = self.vaults[a.id].claims, (ledger.address, receiver)
        claims[key] = claims.get(key, 0) + amount
        if a.physical:
            self.log(
                a.vault, "TokenClaimable", agreementId=a.id, claimant=receiver,
                token=ledger.address, amount=amount,
            )
        else:
            self.log(a.vault, "Claimable", agreementId=a.id, claimant=receiver, amount=amount)

    def close(self, a: Agreement, route: int, toBuyer: int, toSeller: int, bonds=None) -> None:
        """`bonds` is what proposer and disputer get of theirs; each its own unless it is given."""
        vault = self.vaults[a.id]
        vault.status = CLOSED
        self.log(
            a.vault, "Settled", agreementId=a.id, version=vault.version, route=route,
            toBuyer=toBuyer, toSeller=toSeller,
        )
        self.pay(a, a.buyer, toBuyer)
        self.pay(a, a.seller, toSeller)
        for bonded, amount in zip((vault.proposer, vault.disputer), bonds or (a.bond, a.bond)):
            if bonded != ZERO:
                self.pay(a, bonded, amount)

    def whole(self, a: Agreement, toBuyer: int, toSeller: int) -> bool:
        return toBuyer + toSeller == a.total

    # The escrow

    def open(self, a: Agreement, buyerSignature, sellerSignature) -> None:
        vault = self.vaults[a.id]
        need(vault.status == UNOPENED, "open: already opened")
        parties = a.buyer, a.seller
        need(not any((a.id, party) in self.cancelled for party in parties), "open: cancelled")
        need(a.buyerEpoch == self.epochs.get(a.buyer, 0), "open: buyer epoch")
        need(a.sellerEpoch == self.epochs.get(a.seller, 0), "open: seller epoch")
        need(self.now < a.acceptBy, "open: acceptBy passed")
        self.signed(a.buyer, a.id, buyerSignature, "open: buyer did not sign")
        self.signed(a.seller, a.id, sellerSignature, "open: seller did not sign")
        self.log(self.factory, "VaultOpened", agreementId=a.id, vault=a.vault)
        vault.status = OPEN
        self.log(
            a.vault, "DeliveryOpened" if a.physical else "Opened", agreementId=a.id, premium=a.premium,
            buyerCollateral=a.buyerCollateral, sellerCollateral=a.sellerCollateral,
        )
        self.pull(a, a.buyer, a.seller, a.premium, "open: premium")
        self.pull(a, a.buyer, a.vault, a.buyerCollateral, "open: buyerCollateral")
        self.pull(a, a.seller, a.vault, a.sellerCollateral, "open: sellerCollateral", a.locked)
        self.output = bytes(12) + bytes.fromhex(a.vault[2:])

    def open_with_permits(self, a: Agreement, buyerSignature, sellerSignature, permits) -> None:
        """The tokens here know no permit, so that each fails, which does no harm."""
        self.open(a, buyerSignature, sellerSignature)

    def cancel(self, a: Agreement, id: bytes, party: str, validUntil: int, signature) -> None:
        need(self.now < validUntil, "cancel: validUntil passed")
        need((id, party) not in self.cancelled, "cancel: already cancelled")
        need(self.vaults[id].status == UNOPENED, "cancel: already opened")
        digest = self.messages.of("Cancellation", id, 1, party, validUntil)
        self.signed(party, digest, signature, "cancel: party did not sign")
        self.cancelled.add((id, party))
        self.log(self.factory, "Cancelled", agreementId=id, party=party)

    def raise_epoch(self, a: Agreement, party: str, epoch: int, validUntil: int, signature) -> None:
        need(self.now < validUntil, "raiseEpoch: validUntil passed")
        need(epoch > self.epochs.get(party, 0), "raiseEpoch: epoch not higher")
        digest = self.messages.of("EpochRaise", party, epoch, validUntil)
        self.signed(party, digest, signature, "raiseEpoch: party did not sign")
        self.epochs[party] = epoch
        self.log(self.factory, "EpochRaised", party=party, epoch=epoch)

    def initialise(self, a: Agreement, id: bytes, escrow) -> None:
        raise Refused("initialise: not the escrow")

    # A vault

    def settle(self, a: Agreement, toBuyer, toSeller, validUntil, buyerSignature, sellerSignature):
        vault = self.vaults[a.id]
        need(vault.status != CLOSED, "settle: closed")
        need(self.now < validUntil, "settle: validUntil passed")
        need(self.whole(a, toBuyer, toSeller), "settle: sum")
        digest = self.messages.of("Outcome", a.id, vault.version, toBuyer, toSeller, validUntil)
        self.signed(a.buyer, digest, buyerSignature, "settle: buyer did not sign")
        self.signed(a.seller, digest, sellerSignature, "settle: seller did not sign")
        self.close(a, AGREED, toBuyer, toSeller)

    def propose(
        self, a: Agreement, proposer, evidence, toBuyer, toSeller, validUntil, signature, manifest
    ):
        vault = self.vaults[a.id]
        need(vault.status in (OPEN, PROPOSED), "propose: not open")
        need(proposer in (a.buyer, a.seller), "propose: not a party")
        need(proposer != vault.proposer, "propose: already proposed")
        need(self.now >= a.settleFrom, "propose: before settleFrom")
        need(self.now < a.settleBy, "propose: settleBy passed")
        need(self.now < validUntil, "propose: validUntil passed")
        need(self.whole(a, toBuyer, toSeller), "propose: sum")
        digest = self.messages.of(
            "Proposal", a.id, vault.version, proposer, evidence, toBuyer, toSeller, validUntil
        )
        self.signed(proposer, digest, signature, "propose: proposer did not sign")
        if vault.status == PROPOSED:
            need(self.now < vault.proposedAt + a.disputeWindow, "propose: dispute window passed")
            if toBuyer == vault.toBuyer:
                self.close(a, AGREED, toBuyer, toSeller)
            else:
                self.freeze(a, proposer, evidence, toBuyer, toSeller)
            return
        vault.status, vault.proposer, vault.proposedAt = PROPOSED, proposer, self.now
        vault.toBuyer, vault.toSeller = toBuyer, toSeller
        self.log(
            a.vault, "Proposed", agreementId=a.id, version=vault.version, proposer=proposer,
            evidenceDigest=evidence, toBuyer=toBuyer, toSeller=toSeller, proposedAt=self.now,
        )
        self.pull(a, proposer, a.vault, a.bond, "bond:")

    def dispute(
        self, a: Agreement, disputer, evidence, toBuyer, toSeller, validUntil, signature, manifest
    ):
        vault = self.vaults[a.id]
        need(vault.status == PROPOSED, "dispute: nothing proposed")
        need(self.now < vault.proposedAt + a.disputeWindow, "dispute: dispute window passed")
        if vault.proposer == a.buyer:
            entitled = a.seller, a.sellerWatcher
        else:
            entitled = a.buyer, a.buyerWatcher
        need(disputer in entitled, "dispute: not entitled")
        need(self.now < validUntil, "dispute: validUntil passed")
        need(self.whole(a, toBuyer, toSeller), "dispute: sum")
        need(toBuyer != vault.toBuyer, "dispute: equals the proposal")
        digest = self.messages.of(
            "Dispute", a.id, vault.version, disputer, evidence, toBuyer, toSeller, validUntil
        )
        self.signed(disputer, digest, signature, "dispute: disputer did not sign")
        self.freeze(a, disputer, evidence, toBuyer, toSeller)

    def freeze(self, a: Agreement, disputer, evidence, toBuyer, toSeller) -> None:
        vault = self.vaults[a.id]
        vault.status, vault.disputer, vault.disputedAt = DISPUTED, disputer, self.now
        self.log(
            a.vault, "Disputed", agreementId=a.id, version=vault.version, disputer=disputer,
            evidenceDigest=evidence, toBuyer=toBuyer, toSeller=toSeller, disputedAt=self.now,
        )
        self.pull(a, disputer, a.vault, a.bond, "bond:")

    def finalise(self, a: Agreement) -> None:
        vault = self.vaults[a.id]
        need(vault.status == PROPOSED, "finalise: nothing proposed")
        need(self.now >= vault.proposedAt + a.disputeWindow, "finalise: dispute window open")
        self.close(a, FINALISED, vault.toBuyer, vault.toSeller)

    def settle_by_default(self, a: Agreement) -> None:
        vault = self.vaults[a.id]
        if vault.status == OPEN:
            need(self.now >= a.settleBy, "default: before settleBy")
        else:
            need(vault.status == DISPUTED, "default: not open or disputed")
            rounds = 2 if a.fallbackThreshold else 1
            ends = vault.disputedAt + rounds * a.rulingWindow
            need(self.now >= ends, "default: ruling window open")
        self.close(a, DEFAULTED, a.defaultToBuyer, a.defaultToSeller)

    def rule(
        self, a: Agreement, round, findings, toBuyer, toSeller, bondTo, signers, signatures
    ) -> None:
        vault = self.vaults[a.id]
        need(vault.status in (DISPUTED, APPEALED), "rule: not disputed")
        panel, threshold, opens = a.arbitrators, a.arbitratorThreshold, vault.disputedAt
        if round == 2:
            panel, threshold = a.fallbackArbitrators, a.fallbackThreshold
            opens = vault.appealedAt if vault.status == APPEALED else opens + a.rulingWindow
        else:
            need(round == 1 and vault.status == DISPUTED, "rule: round")
        need(threshold > 0, "rule: no panel")
        need(self.now >= opens, "rule: round not open")
        need(self.now < opens + a.rulingWindow, "rule: ruling window passed")
        need(self.whole(a, toBuyer, toSeller), "rule: sum")
        need(bondTo <= 2, "rule: bondTo")
        need(len(signers) == len(signatures), "rule: signatures")
        need(len(signers) >= threshold, "rule: too few signers")
        digest = self.messages.of(
            "Ruling", a.id, vault.version, round, findings, toBuyer, toSeller, bondTo
        )
        last = 0
        for signer, signature in zip(signers, signatures):
            need(int(signer, 16) > last, "rule: signers not ascending")
            last = int(signer, 16)
            need(signer in panel, "rule: not an arbitrator")
            self.signed(signer, digest, signature, "rule: arbitrator did not sign")
        self.log(
            a.vault, "Ruled", agreementId=a.id, version=vault.version, round=round,
            findingsDigest=findings, toBuyer=toBuyer, toSeller=toSeller, bondTo=bondTo,
            ruledAt=self.now,
        )
        if round == 2 or not a.fallbackThreshold:
            self.execute(a, toBuyer, bondTo, signers, a.arbitrationFee)
            return
        vault.status, vault.ruledAt, vault.ruledToBuyer = RULED, self.now, toBuyer
        vault.bondTo, vault.ruledBy = bondTo, tuple(signers)

    def execute(self, a: Agreement, toBuyer: int, bondTo: int, signers, fee: int) -> None:
        """The loser pays the fee; where each bears half, the proposer has the odd unit."""
        both = 2 * a.bond - fee
        disputer = a.bond - fee // 2
        bonds = [(both, 0), (0, both), (both - disputer, disputer)][bondTo]
        self.close(a, BY_RULING, toBuyer, a.total - toBuyer, bonds)
        self.pay_signers(a, signers, fee)

    def pay_signers(self, a: Agreement, signers, fee: int) -> None:
        """In the order of the panel; the lowest address gets what does not divide."""
        part, rest = divmod(fee, len(signers))
        lowest = min(signers, key=lambda signer: int(signer, 16))
        for member in [*a.arbitrators, *a.fallbackArbitrators]:
            if member in signers:
                self.pay(a, member, part + (rest if member == lowest else 0))

    def appeal(self, a: Agreement, appellant, validUntil, signature) -> None:
        vault = self.vaults[a.id]
        need(vault.status == RULED, "appeal: nothing ruled")
        need(self.now < vault.ruledAt + a.disputeWindow, "appeal: dispute window passed")
        need(self.now < validUntil, "appeal: validUntil passed")
        need(appellant in (a.buyer, a.seller), "appeal: not a party")
        digest = self.messages.of("Appeal", a.id, vault.version, appellant, validUntil)
        self.signed(appellant, digest, signature, "appeal: appellant did not sign")
        vault.status, vault.appealedAt = APPEALED, self.now
        self.log(
            a.vault, "Appealed", agreementId=a.id, version=vault.version, appellant=appellant,
            appealedAt=self.now,
        )
        self.pull(a, appellant, a.vault, a.arbitrationFee, "appeal: fee")
        self.pay_signers(a, vault.ruledBy, a.arbitrationFee)

    def uphold(self, a: Agreement) -> None:
        vault, fee = self.vaults[a.id], 0  # who appealed has paid the signers
        if vault.status == RULED:
            fee = a.arbitrationFee
            need(self.now >= vault.ruledAt + a.disputeWindow, "uphold: appeal possible")
        else:
            need(vault.status == APPEALED, "uphold: nothing ruled")
            need(self.now >= vault.appealedAt + a.rulingWindow, "uphold: ruling window open")
        self.execute(a, vault.ruledToBuyer, vault.bondTo, vault.ruledBy, fee)

    def withdraw(self, a: Agreement, claimant, to, amount, validUntil, signature) -> None:
        vault = self.vaults[a.id]
        need(self.now < validUntil, "withdraw: validUntil passed")
        claim = vault.claims.get((a.ledger.address, claimant), 0)
        need(amount > 0 and amount == claim, "withdraw: not the claim")
        need(to not in (ZERO, a.vault), "withdraw: receiver")
        digest = self.messages.of(
            "Withdrawal", a.id, vault.version, claimant, to, amount, validUntil
        )
        self.signed(claimant, digest, signature, "withdraw: claimant did not sign")
        vault.claims[a.ledger.address, claimant] = 0
        self.log(a.vault, "Withdrawn", agreementId=a.id, claimant=claimant, to=to, amount=amount)
        need(a.ledger.transfer(a.vault, to, amount, None), "withdraw: transfer refused")


