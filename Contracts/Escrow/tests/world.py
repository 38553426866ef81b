"""The escrow on one chain, with a token and both parties, driven through its ABI."""

import json
import os
from pathlib import Path

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address
from eth_utils.abi import (
    collapse_if_tuple,
    event_abi_to_log_topic,
    function_abi_to_4byte_selector,
)

from terms import BUYER, HOUR, SELLER, ZERO, Domain, Party, Terms, european_call

HERE = Path(__file__).resolve().parent
CLAUSES = HERE.parents[1] / "Clauses" / "payoff"
ARTIFACT = Path(os.environ.get("ESCROW_ARTIFACT", HERE.parent / "artifact.json"))
ESCROW = json.loads(ARTIFACT.read_text())["contracts"]
WALLETS = json.loads((HERE / "wallets.json").read_text())["contracts"]
TOKENS = json.loads((HERE / "tokens.json").read_text())["contracts"]

# A vault's code, in the order in which a call is passed on; what two parts share is in either's ABI.
PARTS = ("EscrowVault", "EscrowVaultPanels", "EscrowVaultChanges")
VAULT_ABI = [entry for part in PARTS for entry in ESCROW[part]["abi"]]

UNOPENED, OPEN, PROPOSED, DISPUTED, CLOSED, RULED, APPEALED = range(7)
AGREED, OBSERVED, FINALISED, BY_RULING, DEFAULTED = range(1, 6)
TO_PROPOSER, TO_DISPUTER, TO_EACH = range(3)


FINDINGS = keccak(text="findings")


def clause_digest(name: str) -> bytes:
    return keccak(hexstr=(CLAUSES / f"{name}.bytecode").read_text().strip())


def types(parameters: list[dict]) -> list[str]:
    return [collapse_if_tuple(parameter) for parameter in parameters]


def code_of(artifact: dict, *arguments) -> bytes:
    constructors = [entry for entry in artifact["abi"] if entry["type"] == "constructor"]
    inputs = types(constructors[0]["inputs"]) if constructors else []
    return bytes.fromhex(artifact["initCode"][2:]) + encode(inputs, arguments)


class Contract:
    """One deployed contract. `data` encodes, `send` sends, `read` reads."""

    def __init__(self, chain, abi: list[dict], address: str):
        self.chain = chain
        self.address = address
        self.functions = {entry["name"]: entry for entry in abi if entry["type"] == "function"}
        self.events = {
            event_abi_to_log_topic(entry): entry for entry in abi if entry["type"] == "event"
        }

    def data(self, name: str, *arguments) -> bytes:
        function = self.functions[name]
        return function_abi_to_4byte_selector(function) + encode(
            types(function["inputs"]), arguments
        )

    def send(self, name: str, *arguments, **options):
        return self.chain.send(self.address, self.data(name, *arguments), **options)

    def read(self, name: str, *arguments):
        output = self.chain.call(self.address, self.data(name, *arguments))
        values = decode(types(self.functions[name]["outputs"]), output)
        values = tuple(
            to_checksum_address(value) if parameter["type"] == "address" else value
            for value, parameter in zip(values, self.functions[name]["outputs"])
        )
        return values[0] if len(values) == 1 else values

    def events_in(self, receipt) -> list[tuple[str, dict]]:
        """This contract's own events, in order."""
        found = []
        for address, topics, data in receipt.logs:
            if address != self.address:
                continue
            event = self.events[topics[0]]
            indexed = [entry for entry in event["inputs"] if entry["indexed"]]
            plain = [entry for entry in event["inputs"] if not entry["indexed"]]
            values = {
                entry["name"]: decode([entry["type"]], topic)[0]
                for entry, topic in zip(indexed, topics[1:])
            } | dict(zip([entry["name"] for entry in plain], decode(types(plain), data)))
            for entry in event["inputs"]:
                if entry["type"] == "address":
                    values[entry["name"]] = to_checksum_address(values[entry["name"]])
            found.append((event["name"], values))
        return found


class World:
    """Everything one test needs. Parties act through signatures; the carrier pays the gas."""

    def __init__(self, chain, token: str = "PlainToken", arguments=("Test Token", "TEST", 6)):
        self.chain = chain
        self.factory = self.deploy_factory()
        self.domain = Domain(chain.chain_id, self.factory.address)
        self.token = self.deploy_token(token, *arguments)
        self.terms = european_call(self.token.address)
        self.first: Terms | None = None  # once they were changed
        self.version = 1

    def deploy_factory(self, installed: bool = True) -> Contract:
        vault = bytes.fromhex(ESCROW["EscrowVault"]["initCode"][2:])
        address = self.chain.deploy(code_of(ESCROW["EscrowFactory"], vault))
        factory = Contract(self.chain, ESCROW["EscrowFactory"]["abi"], address)
        if installed:
            for part in PARTS[1:]:
                receipt = factory.send("install", code_of(ESCROW[part]))
                assert receipt.ok, receipt.reason
        return factory

    def deploy_token(self, name: str, *arguments) -> Contract:
        address = self.chain.deploy(code_of(TOKENS[name], *arguments))
        return Contract(self.chain, TOKENS[name]["abi"], address)

    # Names

    def id(self, terms: Terms | None = None) -> bytes:
        """Of the terms given as first ones, or of the agreement that is followed."""
        if terms is None and self.first is not None:
            terms = self.first
        return self.domain.digest("OptionTerms", (terms or self.terms).message())

    def follow(self, terms: Terms) -> None:
        """The terms of the agreement have become these."""
        self.first = self.first or self.terms
        self.terms = terms
        self.version += 1

    def vault(self, terms: Terms | None = None) -> Contract:
        address = self.factory.read("vaultOf", self.id(terms))
        return Contract(self.chain, VAULT_ABI, address)

    def escrow_tuple(self, terms: Terms | None = None) -> tuple:
        return tuple((terms or self.terms).escrow.values())

    def terms_tuple(self, terms: Terms) -> tuple:
        return (tuple(terms.economics.values()), self.escrow_tuple(terms))

    # Money

    def balance(self, holder) -> int:
        address = holder if isinstance(holder, str) else holder.address
        return self.token.read("balanceOf", address)

    def fund(self, holder: Party, amount: int, spender: str) -> None:
        """Gives tokens and an allowance of exactly that amount more."""
        self.token.send("mint", holder.address, amount)
        allowed = self.token.read("allowance", holder.address, spender)
        self.approve(holder, spender, allowed + amount)

    def approve(self, holder: Party, spender: str, amount: int) -> None:
        receipt = self.token.send("approve", spender, amount, sender=holder)
        assert receipt.ok, receipt.reason

    def fund_both(self, terms: Terms | None = None) -> None:
        """Premium, collaterals and one bond each."""
        escrow = (terms or self.terms).escrow
        vault = self.vault(terms).address
        self.fund(BUYER, escrow["premium"] + escrow["buyerCollateral"] + escrow["bond"], vault)
        self.fund(SELLER, escrow["sellerCollateral"] + escrow["bond"], vault)

    # Signatures

    def message(self, primary: str, **values) -> bytes:
        return self.domain.digest(primary, values)

    def about(self, terms: Terms | None = None) -> dict:
        return {"agreementId": self.id(terms), "version": self.version}

    # Acts

    def open(self, terms: Terms | None = None, buyer=None, seller=None, **options):
        """Either signature may be given; else the right party signs."""
        terms = terms or self.terms
        digest = self.id(terms)
        return self.factory.send(
            "open",
            self.escrow_tuple(terms),
            terms.economics_hash(),
            BUYER.sign(digest) if buyer is None else buyer,
            SELLER.sign(digest) if seller is None else seller,
            **options,
        )

    def opened(self, terms: Terms | None = None) -> Contract:
        """Funds both, opens, and returns the vault."""
        self.fund_both(terms)
        receipt = self.open(terms)
        assert receipt.ok, receipt.reason
        return self.vault(terms)

    def act(self, name: str, *arguments, terms: Terms | None = None, **options):
        """A call of the vault with the terms first."""
        vault = self.vault(terms)
        terms = terms or self.terms
        return vault.send(
            name, self.escrow_tuple(terms), terms.economics_hash(), *arguments, **options
        )

    def outcome_digest(self, to_buyer: int, to_seller: int, valid_until: int, terms=None) -> bytes:
        return self.message(
            "Outcome",
            **self.about(terms),
            toBuyer=to_buyer,
            toSeller=to_seller,
            validUntil=valid_until,
        )

    def settle(self, to_buyer: int, to_seller: int | None = None, valid_until: int | None = None,
               terms=None, buyer=None, seller=None, **options):
        if to_seller is None:
            to_seller = (terms or self.terms).total() - to_buyer
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.outcome_digest(to_buyer, to_seller, valid_until, terms)
        return self.act(
            "settle",
            to_buyer,
            to_seller,
            valid_until,
            BUYER.sign(digest) if buyer is None else buyer,
            SELLER.sign(digest) if seller is None else seller,
            terms=terms,
            **options,
        )

    def propose(self, who: Party, to_buyer: int, **options):
        return self._claim("propose", "Proposal", "proposer", who, to_buyer, **options)

    def dispute(self, who: Party, to_buyer: int, **options):
        return self._claim("dispute", "Dispute", "disputer", who, to_buyer, **options)

    def _claim(self, function, primary, role, who, to_buyer, to_seller=None, valid_until=None,
               evidence=keccak(text="evidence"), manifest=b"manifest", signature=None, terms=None,
               **options):
        if to_seller is None:
            to_seller = (terms or self.terms).total() - to_buyer
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            primary,
            **self.about(terms),
            **{role: who.address},
            evidenceDigest=evidence,
            toBuyer=to_buyer,
            toSeller=to_seller,
            validUntil=valid_until,
        )
        return self.act(
            function,
            who.address,
            evidence,
            to_buyer,
            to_seller,
            valid_until,
            who.sign(digest) if signature is None else signature,
            manifest,
            terms=terms,
            **options,
        )

    def finalise(self, **options):
        return self.act("finalise", **options)

    def settle_by_default(self, **options):
        return self.act("settleByDefault", **options)

    # Changes

    def exercise(self, who: Party = BUYER, valid_until=None, signature=None, **options):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "ExerciseNotice",
            **self.about(options.get("terms")),
            holder=who.address,
            validUntil=valid_until,
        )
        signature = who.sign(digest) if signature is None else signature
        return self.act("exercise", who.address, valid_until, signature, **options)

    def terms_hash(self, terms: Terms) -> bytes:
        return self.domain.encoded("OptionTerms", terms.message()).body

    def amend(self, amended: Terms, valid_until=None, version=None, buyer=None, seller=None,
              **options):
        """Either signature may be given. `follow` the terms when it succeeded."""
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "Amendment",
            agreementId=self.id(),
            version=self.version + 1 if version is None else version,
            terms=self.terms_hash(amended),
            validUntil=valid_until,
        )
        return self.act(
            "amend",
            self.escrow_tuple(amended),
            amended.economics_hash(),
            valid_until,
            BUYER.sign(digest) if buyer is None else buyer,
            SELLER.sign(digest) if seller is None else seller,
            **options,
        )

    def novated(self, transferor: Party, transferee, watcher: str = ZERO, epoch: int = 0) -> Terms:
        side = "buyer" if transferor.address == self.terms.escrow["buyer"] else "seller"
        return self.terms.changed(
            **{side: transferee.address, side + "Watcher": watcher, side + "Epoch": epoch}
        )

    def novate(self, transferor: Party, transferee: Party, remaining: Party, consideration: int = 0,
               watcher: str = ZERO, epoch: int = 0, valid_until=None, version=None, signatures=None,
               **options):
        """The three sign. `follow(novated(…))` when it succeeded."""
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "Novation",
            agreementId=self.id(),
            version=self.version + 1 if version is None else version,
            transferor=transferor.address,
            transferee=transferee.address,
            terms=self.terms_hash(self.novated(transferor, transferee, watcher, epoch)),
            consideration=consideration,
            validUntil=valid_until,
        )
        if signatures is None:
            signatures = [who.sign(digest) for who in (transferor, transferee, remaining)]
        return self.act(
            "novate",
            transferor.address,
            transferee.address,
            watcher,
            epoch,
            consideration,
            valid_until,
            *signatures,
            **options,
        )

    # Observations

    def observation(self, who: Party, value: int, terms=None, **changes) -> tuple[dict, bytes]:
        """One observer's price of the fixing, signed."""
        escrow = (terms or self.terms).escrow
        message = {
            "feed": escrow["feed"],
            "observedAt": escrow["expirationTime"],
            "publishedAt": escrow["expirationTime"],
            "value": value,
        } | changes
        return message, who.sign(self.message("Observation", **message))

    def observe(self, *observations: tuple[dict, bytes], terms=None, **options):
        return self.act(
            "observe",
            [tuple(message.values()) for message, _ in observations],
            [signature for _, signature in observations],
            terms=terms,
            **options,
        )

    def settle_observed(self, terms=None, **options):
        vault = self.vault(terms)
        terms = terms or self.terms
        return vault.send("settleObserved", self.terms_tuple(terms), **options)

    # Rulings

    def ruling_digest(self, round, to_buyer, bond_to, to_seller=None, findings=FINDINGS,
                      terms=None, **about) -> bytes:
        return self.message(
            "Ruling",
            **self.about(terms) | about,
            round=round,
            findingsDigest=findings,
            toBuyer=to_buyer,
            toSeller=(terms or self.terms).total() - to_buyer if to_seller is None else to_seller,
            bondTo=bond_to,
        )

    def rule(self, to_buyer: int, bond_to: int, by: list[Party], round: int = 1, to_seller=None,
             findings=FINDINGS, signers=None, signatures=None, terms=None, **options):
        """Signers and signatures may be given; else `by` sign, in the order that the vault asks for."""
        by = sorted(by, key=lambda party: int(party.address, 16))
        if to_seller is None:
            to_seller = (terms or self.terms).total() - to_buyer
        digest = self.ruling_digest(round, to_buyer, bond_to, to_seller, findings, terms)
        return self.act(
            "rule",
            round,
            findings,
            to_buyer,
            to_seller,
            bond_to,
            [party.address for party in by] if signers is None else signers,
            [party.sign(digest) for party in by] if signatures is None else signatures,
            terms=terms,
            **options,
        )

    def appeal(self, who: Party, valid_until=None, signature=None, **options):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "Appeal",
            **self.about(options.get("terms")),
            appellant=who.address,
            validUntil=valid_until,
        )
        signature = who.sign(digest) if signature is None else signature
        return self.act("appeal", who.address, valid_until, signature, **options)

    def uphold(self, **options):
        return self.act("uphold", **options)

    def withdraw(self, who: Party, to: str, amount: int, valid_until=None, signature=None, **options):
        if valid_until is None:
            valid_until = self.chain.time + HOUR
        digest = self.message(
            "Withdrawal",
            **self.about(options.get("terms")),
            claimant=who.address,
            to=to,
            amount=amount,
            validUntil=valid_until,
        )
        return self.act(
            "withdraw",
            who.address,
            to,
            amount,
            valid_until,
            who.sign(digest) if signature is None else signature,
            **options,
        )
