"""Everything the walks go over: the escrow, every token, agreements over each, and the reader of it all."""

import json
from dataclasses import dataclass
from pathlib import Path

from eth_utils import keccak, to_checksum_address

from evm import CARRIER
from sequences.ledgers import KINDS, Ledger
from sequences.messages import Encoder, Messages, Tail, struct_hash, word
from terms import (
    ARBITRATORS,
    BUYER,
    BUYER_WATCHER,
    HOUR,
    NOW,
    OBSERVERS,
    OUTSIDER,
    SELLER,
    SELLER_WATCHER,
    ZERO,
    Party,
    Terms,
    european_call,
)
from world import ESCROW, TOKENS, VAULT_ABI, Contract, clause_digest, code_of

READER = json.loads((Path(__file__).parent / "reader.json").read_text())["contracts"]["StateReader"]

THIRD = Party("third")
FALLBACK = [Party(f"fallback arbitrator {index}") for index in range(3)]
PARTIES = [BUYER, SELLER, THIRD]
SAFE_HARBOUR = Party("safe harbour")  # an address that only receives
EVERYBODY = [
    *PARTIES, BUYER_WATCHER, SELLER_WATCHER, OUTSIDER, *OBSERVERS, *ARBITRATORS, *FALLBACK,
]
HOLDERS = [*EVERYBODY, SAFE_HARBOUR, CARRIER]
NAMES = {party.address: party.name for party in HOLDERS}
BY_ADDRESS = {party.address: party for party in HOLDERS}
MINTED = 2**140
PHYSICAL_CALL, PHYSICAL_PUT = 3, 4
PAYERS = [*PARTIES, BUYER_WATCHER, SELLER_WATCHER, OUTSIDER]
# Whoever may come to have a claim.
CLAIMANTS = [*PAYERS, *ARBITRATORS, *FALLBACK]


@dataclass(eq=False)
class Agreement:
    """Terms and everything that follows from them. After a change it is another one with the same id."""

    name: str
    terms: Terms
    ledger: Ledger
    delivery: Ledger | None
    id: bytes
    economics: bytes
    encoded: Tail
    whole: Tail
    vault: str
    termsId: bytes = b""
    hash: bytes = b""

    def __getattr__(self, name: str):
        """A field of the escrow terms."""
        try:
            return self.__dict__["terms"].escrow[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def total(self) -> int:
        """Of a cash-settled agreement."""
        return self.terms.total()

    @property
    def physical(self) -> bool:
        return self.delivery is not None

    @property
    def locked(self) -> Ledger:
        """What the seller's collateral is in."""
        return self.delivery if self.payoffKind == PHYSICAL_CALL else self.ledger

    @property
    def ledgers(self) -> list[Ledger]:
        return [self.ledger, self.delivery] if self.delivery else [self.ledger]

    @property
    def target(self) -> str:
        return "delivery" if self.physical else "vault"

    def held(self) -> list[tuple[Ledger, int]]:
        """The collaterals by token."""
        return [(self.ledger, self.buyerCollateral), (self.locked, self.sellerCollateral)]


def variants(ledger: Ledger) -> dict[str, Terms]:
    """Terms that differ in what the walk can meet; amounts in the token's own unit."""
    unit = 10**ledger.decimals
    base = european_call(ledger.address)
    close = NOW + 12 * HOUR
    base = base.changed(
        tokenDecimals=ledger.decimals, premium=4 * unit, buyerCollateral=unit,
        sellerCollateral=100 * unit, bond=3 * unit, arbitrationFee=unit,
        defaultToBuyer=30 * unit, defaultToSeller=71 * unit,
        acceptBy=NOW + HOUR, expirationTime=NOW + 10 * HOUR, evidenceCloses=NOW + 11 * HOUR,
        settleFrom=close, settleBy=close + 6 * HOUR, disputeWindow=2 * HOUR, rulingWindow=3 * HOUR,
    )
    return {
        "usual": base,
        "reversed, no bond, no watchers": base.changed(
            buyer=SELLER.address, seller=BUYER.address, bond=0, arbitrationFee=0, premium=0,
            buyerWatcher=ZERO, sellerWatcher=ZERO, salt=2,
        ),
        "fallback, window beyond settleBy": base.changed(
            fallbackArbitrators=[each.address for each in FALLBACK], fallbackThreshold=2,
            settleBy=close + HOUR, disputeWindow=5 * HOUR, bond=3 * unit + 1, arbitrationFee=7,
            salt=3,
        ) if unit > 1 else base.changed(
            fallbackArbitrators=[each.address for each in FALLBACK], fallbackThreshold=2,
            settleBy=close + HOUR, disputeWindow=5 * HOUR, bond=7, arbitrationFee=7, salt=3,
        ),
        "third party, one unit": base.changed(
            buyer=THIRD.address, premium=1, buyerCollateral=0, sellerCollateral=1, bond=1,
            arbitrationFee=1, defaultToBuyer=1, defaultToSeller=0, settleFrom=base.escrow["evidenceCloses"],
            arbitrators=[ARBITRATORS[0].address], arbitratorThreshold=1, salt=4,
        ),
        "observed call": base.changed(
            payoffKind=1, clause=clause_digest("european-call"), strikePrice=5, priceDecimals=0,
            quantity=unit, quantityDecimals=ledger.decimals, observerThreshold=2,
            maxDisagreementPpm=200_000, salt=6,
        ),
        "observed put, fallback": base.changed(
            payoffKind=2, clause=clause_digest("european-put"), strikePrice=80, priceDecimals=0,
            quantity=2 * unit, quantityDecimals=ledger.decimals, observerThreshold=3,
            fallbackArbitrators=[each.address for each in FALLBACK], fallbackThreshold=2,
            settleFrom=base.escrow["evidenceCloses"], salt=7,
        ),
        "american, third sells": base.changed(
            seller=THIRD.address, exerciseStart=NOW + HOUR, salt=8,
        ),
        "nothing at stake": base.changed(
            premium=0, buyerCollateral=0, sellerCollateral=0, defaultToBuyer=0, defaultToSeller=0,
            salt=5,
        ),
    }


def physical(token: Ledger, delivery: Ledger) -> dict[str, Terms]:
    """A call and a put that settle by delivery of one token against another."""
    terms = variants(token)["usual"].changed(
        deliveryToken=delivery.address, settlementType="Physical", exerciseStart=NOW + HOUR,
        strikePrice=3, priceDecimals=0, quantity=7 * 10**delivery.decimals,
        quantityDecimals=delivery.decimals,
    )
    collateral, strike = terms.escrow["buyerCollateral"], 21 * 10**token.decimals
    return {
        "call": terms.changed(
            payoffKind=PHYSICAL_CALL, sellerCollateral=8 * 10**delivery.decimals,
            defaultToBuyer=collateral, defaultToSeller=8 * 10**delivery.decimals, salt=20,
        ),
        "put": terms.changed(
            payoffKind=PHYSICAL_PUT, sellerCollateral=strike + 1, defaultToBuyer=collateral,
            defaultToSeller=strike + 1, salt=21,
        ),
    }


class Stage:
    """One chain with all of it, as it is before any walk."""

    def __init__(self, chain):
        self.chain = chain
        vault = bytes.fromhex(ESCROW["EscrowVault"]["initCode"][2:])
        factory = chain.deploy(code_of(ESCROW["EscrowFactory"], vault))
        self.factory = Contract(chain, ESCROW["EscrowFactory"]["abi"], factory)
        # To read events with.
        self.readers = {
            "vault": Contract(chain, VAULT_ABI, ZERO),
            "delivery": Contract(chain, ESCROW["DeliveryVault"]["abi"], ZERO),
        }
        self.reader = chain.deploy(code_of(READER))
        self.encoders = {
            "factory": Encoder(ESCROW["EscrowFactory"]["abi"]), "vault": Encoder(VAULT_ABI),
            "delivery": Encoder(ESCROW["DeliveryVault"]["abi"]),
        }
        self.messages = Messages(chain.chain_id, factory)
        self.ledgers: dict[str, Ledger] = {kind: make() for kind, make in KINDS.items()}
        # All before the first call: then every address is the same on every chain.
        for ledger in self.ledgers.values():
            ledger.address = chain.deploy(code_of(TOKENS[ledger.contract], *ledger.arguments))
        for name in sorted(ESCROW.keys() - {"EscrowFactory", "EscrowVault"}):
            installed = self.factory.send("install", code_of(ESCROW[name]))
            assert installed.ok, installed.reason
        self.changes: dict[tuple, Agreement] = {}
        self.agreements: dict[str, list[Agreement]] = {}
        for kind, ledger in self.ledgers.items():
            self.agreements[kind] = self._prepare(kind, ledger)

    def _prepare(self, kind: str, ledger: Ledger) -> list[Agreement]:
        """Agreements over a token, with money and allowances for all who may have to pay."""
        other = self.ledgers["18 decimals" if kind == "plain" else "plain"]
        agreements = [
            self.agreement(f"{kind}: {name}", terms) for name, terms in variants(ledger).items()
        ]
        pairs = {"": (ledger, other), "for it, a": (other, ledger)}
        for swapped, (token, delivery) in pairs.items():
            agreements += [
                self.agreement(f"{kind}: {swapped} physical {name}", terms)
                for name, terms in physical(token, delivery).items()
            ]
        for payer in PAYERS:
            for one in (ledger, other):
                self._must(one.address, self.token_encoder(one).data("mint", payer.address, MINTED))
                one.mint(payer.address, MINTED)
                for agreement in agreements:
                    if one in agreement.ledgers:
                        self._approve(one, payer, agreement.vault)
        return agreements

    def _approve(self, ledger: Ledger, payer: Party, vault: str) -> None:
        data = self.token_encoder(ledger).data("approve", vault, MINTED)
        self._must(ledger.address, data, sender=payer)
        ledger.approve(payer.address, vault, MINTED)

    def agreement(self, name: str, terms: Terms, first: Agreement | None = None) -> Agreement:
        """By terms; those of a change keep the id and the vault of the first ones."""
        hash = struct_hash("OptionTerms", terms.message())
        terms_id = self.messages.digest("OptionTerms", terms.message())
        by_address = {ledger.address: ledger for ledger in self.ledgers.values()}
        ledger = by_address.get(terms.escrow["token"])
        delivery = by_address.get(terms.escrow["deliveryToken"])
        economics = struct_hash("Economics", terms.economics)
        escrow, encoder = tuple(terms.escrow.values()), self.encoders["factory"]
        encoded = encoder.slow("agreementIdOf", escrow, economics)[4 + 64 :]
        whole = encoder.slow("digestOf", (tuple(terms.economics.values()), escrow))[4 + 32 :]
        vault = first.vault if first else self._vault_of(terms_id, delivery is not None)
        return Agreement(
            name, terms, ledger or first.ledger, delivery, first.id if first else terms_id, economics,
            Tail(encoded), Tail(whole), vault, terms_id, hash,
        )

    def changed(self, a: Agreement, **changes) -> Agreement:
        """The agreement on other terms; the same change of the same terms is the same agreement."""
        key = a.termsId, *((name, str(value)) for name, value in sorted(changes.items()))
        if key not in self.changes:
            name = f"{a.name}, {', '.join(f'{each} changed' for each in changes)}"
            self.changes[key] = self.agreement(name, a.terms.changed(**changes), a)
        return self.changes[key]

    def _vault_of(self, id: bytes, physical: bool) -> str:
        data = self.factory.data("deliveryVaultOf" if physical else "vaultOf", id)
        return to_checksum_address(self.chain.call(self.factory.address, data)[12:])

    def _must(self, to: str, data: bytes, sender: Party = CARRIER) -> None:
        receipt = self.chain.send(to, data, sender=sender)
        assert receipt.ok, receipt.reason

    def token_encoder(self, ledger: Ledger) -> Encoder:
        if ledger.contract not in self.encoders:
            self.encoders[ledger.contract] = Encoder(TOKENS[ledger.contract]["abi"])
        return self.encoders[ledger.contract]


class Reader:
    """What a walk over some agreements looks at: all balances, claims and states in one call."""

    def __init__(self, stage: Stage, agreements: list[Agreement]):
        self.chain, self.address = stage.chain, stage.reader
        self.reads = list(self._reads(stage, agreements))
        targets = [target for _, target, _ in self.reads]
        payloads = [(payload,) for _, _, payload in self.reads]
        self.data = Encoder(READER["abi"]).data("readAll", targets, payloads)

    def _reads(self, stage: Stage, agreements: list[Agreement]):
        factory = stage.encoders["factory"]
        ledgers = {ledger.address: ledger for each in agreements for ledger in each.ledgers}
        for ledger in ledgers.values():
            encoder = stage.token_encoder(ledger)
            holders = [holder.address for holder in HOLDERS]
            holders += [each.vault for each in agreements] + [stage.factory.address, ledger.address]
            for holder in holders:
                key = "balance", ledger.address, holder
                yield key, ledger.address, encoder.data("balanceOf", holder)
        for agreement in agreements:
            vault = stage.encoders[agreement.target]
            for view in ["deliveryState"] if agreement.physical else ["state", "details"]:
                yield (view.lower(), agreement.id), agreement.vault, vault.data(view)
            for ledger in agreement.ledgers:
                for holder in CLAIMANTS:
                    by_token = [ledger.address] if agreement.physical else []
                    data = vault.data("claimOf", *by_token, holder.address)
                    yield ("claim", agreement.id, ledger.address, holder.address), agreement.vault, data
            for party in PARTIES:
                data = factory.data("isCancelled", agreement.id, party.address)
                yield ("cancelled", agreement.id, party.address), stage.factory.address, data
        for party in PARTIES:
            data = factory.data("epochOf", party.address)
            yield ("epoch", party.address), stage.factory.address, data

    def raw(self) -> bytes:
        return self.chain.call(self.address, self.data)

    def decoded(self, raw: bytes) -> dict:
        """Key to words; a vault that does not exist answers no words."""
        found = {}
        for index, (key, _, _) in enumerate(self.reads):
            start = 64 + integer(raw, 64 + 32 * index)
            size = integer(raw, start)
            found[key] = tuple(
                integer(raw, start + 32 + at) for at in range(0, size, 32)
            )
        return found


def integer(raw: bytes, start: int) -> int:
    return int.from_bytes(raw[start : start + 32], "big")
