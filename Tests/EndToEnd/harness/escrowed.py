"""A trade carried by its parties' commands alone, from files: no service knows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.command import Result
from harness.party import Party
from harness.terms import CALL, DAY, UNIT
from harness.trade import Trade
from harness.typed_data import sign, terms_digest
from harness.world import World

WHOLE = 10_100 * UNIT


class Escrowed(Trade):
    """A trade that nobody serves."""

    salts = iter(range(1_000, 10_000))

    def __init__(
        self, world: World, name: str, *, buyer: Any = None, seller: Any = None, source: Path = CALL, **changes: Any,
    ) -> None:
        super().__init__(
            world, name, buyer or world.buyer, seller or world.seller, **{"salt": next(self.salts)} | changes)
        self.id = terms_digest(self.terms)
        self.vault = self.find_vault()
        self.start = self.balances()
        self.options: dict[str, str] = {}
        self.file = self.write("agreement", {
            "terms": self.terms, "clause": source.read_text(), "evidence": [],
            "signatures": {role: self.signature_of(each) for role, each in zip(("buyer", "seller"), self.parties)}})

    def signature_of(self, party: Any) -> str:
        """A party's signature of the terms."""
        return sign("OptionTerms", self.terms["domain"], self.terms, party.private_key())

    def signed(self, kind: str, party: Party, *, amended: str | None = None, **fields: Any) -> str:
        """A message, signed by the command; the name of its file."""
        words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        extra = {"amended": amended} if amended else {}
        document = self.tallystick("escrow", "sign", kind, self.file, *words, **party.key, **extra)
        return self.write(f"{kind}.{party.name}", json.loads(document))

    def run(self, act: str, *files: str, **options: Any) -> Result:
        """A dry run."""
        return self.tallystick.run(
            "escrow", act, self.file, *files, rpc_url=self.chain.url, json=True, **self.options | options)

    def fails(self, act: str, *files: str, **options: Any) -> list[str]:
        """The contract's words in the reasons that a dry run lists; the node agrees that it fails."""
        result = self.run(act, *files, **options)
        assert result.status == 3, result.stdout
        envelope = result.envelope
        assert envelope["data"]["node"] is not None
        assert [each["code"] for each in envelope["errors"]] == ["act_would_fail"]
        return [reason.split(" (")[0] for reason in envelope["data"]["reasons"]]

    def does(self, act: str, *files: str, **options: Any) -> dict[str, Any]:
        """Sends it, from the carrier's account; nothing is in the way before."""
        dry = self.run(act, *files, **options)
        assert (dry.status, dry.envelope["data"]["reasons"]) == (0, []), dry.stdout
        offline = self.tallystick.data("escrow", act, self.file, *files, **self.options | options)
        assert offline["call"] == dry.envelope["data"]["call"]
        sent = self.run(act, *files, send=True, **self.world.carrier.key, **options)
        assert sent.status == 0, sent.stdout + sent.stderr
        return sent.envelope["data"]

    def open(self) -> Escrowed:
        for party in self.parties:
            self.approve(party)
        self.does("open")
        return self

    def until(self) -> int:
        return self.chain.time + 30 * DAY

    def proposed(self, to_buyer: int) -> Escrowed:
        self.chain.move_to(self.number("settleFrom"))
        self.does("propose", self.signed("proposal", self.seller, toBuyer=to_buyer, validUntil=self.until()))
        return self

    def disputed(self, to_buyer: int, counter: int) -> Escrowed:
        self.proposed(to_buyer)
        self.does("dispute", self.signed("dispute", self.buyer, toBuyer=counter, validUntil=self.until()))
        return self

    def ruling(self, panel: list[Party], to_buyer: int, bond_to: int, round: int = 1) -> list[str]:
        return [
            self.signed(
                "ruling", each, toBuyer=to_buyer, bondTo=bond_to, round=round, findingsDigest="0x" + "ab" * 32)
            for each in panel]

    def gains(self) -> dict[str, int]:
        """What each party has more than before the trade, without premium and collaterals."""
        premium, now = self.number("premium"), self.balances()
        buyer, seller = (now[each.name] - self.start[each.name] for each in self.parties)
        return {
            "buyer": buyer + premium + self.number("buyerCollateral"),
            "seller": seller - premium + self.number("sellerCollateral")}

    def state(self) -> dict[str, Any]:
        return self.tallystick.data("escrow", "state", self.file, rpc_url=self.chain.url, **self.options)

    def assert_paid(self, to_buyer: int, *, bonds: tuple[int, int] = (0, 0)) -> None:
        """The parts of the whole, and besides what buyer and seller won or lost by bonds and fees."""
        assert self.gains() == {"buyer": to_buyer + bonds[0], "seller": WHOLE - to_buyer + bonds[1]}
        assert self.vault_balance() == 0
        assert self.state()["status"] == "closed"
