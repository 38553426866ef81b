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
from world import ESCROW, PARTS, TOKENS, VAULT_ABI, Contract, code_of

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


@dataclass
class Agreement:
    """Terms and everything that follows from them."""

    name: str
    terms: Terms
    ledger: Ledger
    id: bytes
    economics: bytes
    encoded: Tail
    vault: str

    def __getattr__(self, name: str):
        """A field of the escrow terms."""
        try:
            return self.__dict__["terms"].escrow[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def total(self) -> int:
        return self.terms.total()


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
        "nothing at stake": base.changed(
            premium=0, buyerCollateral=0, sellerCollateral=0, defaultToBuyer=0, defaultToSeller=0,
            salt=5,
        ),
    }


class Stage:
    """One chain with all of it, as it is before any walk."""

    def __init__(self, chain):
        self.chain = chain
        vault = bytes.fromhex(ESCROW["EscrowVault"]["initCode"][2:])
        factory = chain.deploy(code_of(ESCROW["EscrowFactory"], vault))
        self.factory = Contract(chain, ESCROW["EscrowFactory"]["abi"], factory)
        self.vaults = Contract(chain, VAULT_ABI, ZERO)  # to read events with
        self.reader = chain.deploy(code_of(READER))
        self.encoders = {
            "EscrowFactory": Encoder(ESCROW["EscrowFactory"]["abi"]), "EscrowVault": Encoder(VAULT_ABI),
        }
        self.messages = Messages(chain.chain_id, factory)
        self.ledgers: dict[str, Ledger] = {kind: make() for kind, make in KINDS.items()}
        # All before the first call: then every address is the same on every chain.
        for ledger in self.ledgers.values():
            ledger.address = chain.deploy(code_of(TOKENS[ledger.contract], *ledger.arguments))
        for part in PARTS[1:]:
            installed = self.factory.send("install", code_of(ESCROW[part]))
            assert installed.ok, installed.reason
        self.agreements: dict[str, list[Agreement]] = {}
        for kind, ledger in self.ledgers.items():
            self.agreements[kind] = self._prepare(kind, ledger)

    def _prepare(self, kind: str, ledger: Ledger) -> list[Agreement]:
        """Agreements over a token, with money and allowances for all who may have to pay."""
        encoder = self.token_encoder(ledger)
        agreements = [
            self._agreement(f"{kind}: {name}", terms, ledger)
            for name, terms in variants(ledger).items()
        ]
        payers = [*PARTIES, BUYER_WATCHER, SELLER_WATCHER, *ARBITRATORS, *FALLBACK]
        for payer in payers:
            self._must(ledger.address, encoder.data("mint", payer.address, MINTED))
            ledger.mint(payer.address, MINTED)
            for agreement in agreements:
                data = encoder.data("approve", agreement.vault, MINTED)
                self._must(ledger.address, data, sender=payer)
                ledger.approve(payer.address, agreement.vault, MINTED)
        return agreements

    def _agreement(self, name: str, terms: Terms, ledger: Ledger) -> Agreement:
        id = self.messages.digest("OptionTerms", terms.message())
        vault = to_checksum_address(
            self.chain.call(self.factory.address, self.factory.data("vaultOf", id))[12:]
        )
        economics = struct_hash("Economics", terms.economics)
        encoder = self.encoders["EscrowFactory"]
        whole = encoder.slow(
            "agreementIdOf", tuple(terms.escrow.values()), economics
        )
        return Agreement(name, terms, ledger, id, economics, Tail(whole[4 + 64:]), vault)

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
        factory, vault = stage.encoders["EscrowFactory"], stage.encoders["EscrowVault"]
        for ledger in {agreement.ledger.address: agreement.ledger for agreement in agreements}.values():
            encoder = stage.token_encoder(ledger)
            holders = [holder.address for holder in HOLDERS]
            holders += [each.vault for each in agreements] + [stage.factory.address, ledger.address]
            for holder in holders:
                key = "balance", ledger.address, holder
                yield key, ledger.address, encoder.data("balanceOf", holder)
        for agreement in agreements:
            yield ("state", agreement.id), agreement.vault, vault.data("state")
            for holder in claimants(agreement):
                data = vault.data("claimOf", holder)
                yield ("claim", agreement.id, holder), agreement.vault, data
            for party in (agreement.buyer, agreement.seller):
                data = factory.data("isCancelled", agreement.id, party)
                yield ("cancelled", agreement.id, party), stage.factory.address, data
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


def claimants(agreement: Agreement) -> list[str]:
    named = [agreement.buyer, agreement.seller, agreement.buyerWatcher, agreement.sellerWatcher]
    named += agreement.arbitrators + agreement.fallbackArbitrators
    return [address for address in dict.fromkeys(named) if address != ZERO]


def integer(raw: bytes, start: int) -> int:
    return int.from_bytes(raw[start : start + 32], "big")
