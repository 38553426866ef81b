"""Prices and rulings on chain, with a service that carries what anyone may: to balances and to proofs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from harness.offline import without_network
from harness.party import Party
from harness.terms import CALL, DAY, HOUR, UNIT
from harness.trade import Trade
from harness.waiting import until
from harness.world import World

BOND, FEE = 150 * UNIT, 30 * UNIT + 1
PRICES = (3_120_15000000, 3_120_20000001, 3_120_10000000)
# 12.345678901234567890 x (3,120.15 - 2,500), rounded down.
PAYOFF = 7_656_172_770


@pytest.fixture(scope="module")
def arbitrators(world: World) -> list[Party]:
    return [world.party(f"arbitrator{number}", units=0) for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def last(world: World) -> Party:
    return world.party("last", units=0)


def gains(trade: Trade, before: dict[str, int]) -> tuple[int, int]:
    """What the parties have won or lost, premium aside."""
    after, premium = trade.balances(), trade.number("premium")
    return after["buyer"] - before["buyer"] + premium, after["seller"] - before["seller"] - premium


def proof_of(trade: Trade) -> Path:
    """Its proof, fetched once."""
    file = trade.world.directory / f"{trade.name}.proof.json"
    return file if file.exists() else trade.fetch_proof()


def verified(trade: Trade, settled: dict[str, Any], **options: Any) -> tuple[int, list[str]]:
    """The status of a verification without a network, and the checks that did not pass."""
    wrapper, _ = without_network()
    result = trade.tallystick.run(
        "proof", "verify", proof_of(trade).name, wrapper=wrapper, json=True,
        trusted_block=trade.block_of(settled["transaction"]), **options)
    findings = result.envelope["data"]["findings"]
    return result.status, [each["name"] for each in findings if each["verdict"] != "passed"]


def signers(trade: Trade) -> list[str]:
    """Whom the proof names as those who signed an upheld ruling."""
    return [each["signer"] for each in json.loads(proof_of(trade).read_bytes())["basis"]["ruling"]["signatures"]]


def disputed(world: World, name: str, salt: int, panel: list[Party], **changes: Any) -> Trade:
    """The seller claims past the service that nothing is owed; the buyer disputes it through the service."""
    trade = Trade(
        world, name, world.buyer, world.seller, salt=salt, arbitrators=[each.address for each in panel],
        arbitratorThreshold=2, arbitrationFee=FEE, **changes)
    trade.opened().observe(*PRICES)
    trade.chain.move_to(trade.number("settleFrom"))
    file = trade.agreement_file()
    nothing = trade.number("buyerCollateral")
    act(trade, "propose", file, world.seller, message(
        trade, "proposal", file, world.seller, toBuyer=nothing, validUntil=trade.number("settleBy")))
    trade.wait_for("proposed")
    trade.claim("dispute", world.buyer)
    trade.wait_for("disputed")
    return trade


def message(trade: Trade, kind: str, file: str, party: Party, **fields: Any) -> str:
    words = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
    document = trade.tallystick("escrow", "sign", kind, file, *words, **party.key)
    return trade.write(f"{kind}.{party.name}", json.loads(document))


def act(trade: Trade, name: str, file: str, party: Party, *messages: str) -> None:
    trade.tallystick("escrow", name, file, *messages, send=True, rpc_url=trade.chain.url, **party.key)


def rule(trade: Trade, panel: list[Party], bond_to: int, round: int = 1) -> None:
    """What the clause says on the evidence, signed by each and sent by the first."""
    file = trade.agreement_file()
    owed = trade.tallystick.data("outcome", "compute", file)
    act(trade, "rule", file, panel[0], *(
        message(
            trade, "ruling", file, each, round=round, toBuyer=owed["toBuyer"], bondTo=bond_to,
            findingsDigest="0x" + "5e" * 32)
        for each in panel))


def test_the_service_shows_prices_and_settles_by_them(world: World) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = Trade(world, "observed", world.buyer, world.seller, salt=61, payoffKind=1).opened()
    trade.observe(*PRICES)
    # The third changes no price, so it is shown only where it comes together with another.
    held = until(
        lambda: len(found := trade.vault.events.Observed.get_logs(from_block=0)) >= 2 and found, "prices on chain",
        between=trade.chain.mine)
    assert {each["args"]["price"] for each in held} >= set(PRICES[:2])
    trade.chain.move_to(trade.number("evidenceCloses"))
    settled = trade.wait_for("closed")["settled"]
    assert (settled["route"], int(settled["toBuyer"])) == ("observed", 100 * UNIT + PAYOFF)
    assert gains(trade, before) == (PAYOFF, -PAYOFF)
    assert trade.vault_balance() == 0
    assert verified(trade, settled) == (0, [])


def test_an_exercised_option_is_settled_at_the_fixing_after_the_notice(world: World) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    clause = world.directory / "american-call.clause"
    clause.write_text((CALL.parent / clause.name).read_text())
    end = world.chain.time + DAY
    trade = Trade(
        world, "exercised", world.buyer, world.seller, salt=66, exerciseStyle="American", exerciseStart=end - 10 * HOUR,
        clause=world.tallystick("clause", "compile", clause.name), expirationTime=end, evidenceCloses=end + 6 * HOUR,
        settleFrom=end + 6 * HOUR, settleBy=end + 3 * DAY, acceptBy=end - 12 * HOUR,
        parameters=f"fixingCount 3 count\nfixingInterval 3600 duration\nfixingStart {end - 2 * HOUR} time\n"
        "noticeDelay 600 duration\n")
    trade.submit(clause.name)
    for party in trade.parties:
        trade.sign(party)
        trade.approve(party)
    trade.wait_for("active")
    # Eighty minutes before the end; ten minutes later the fixing of the last hour is the next.
    trade.chain.move_to(end - 80 * 60)
    file = trade.agreement_file()
    notice = message(trade, "exercise", file, world.buyer, validUntil=end)
    trade.tallystick("exercise", "submit", trade.id, notice, url=trade.url)
    until(lambda: trade.show().get("exercisedAt"), "the notice to be read", between=trade.chain.mine)
    trade.chain.move_to(end + 60)
    for place, price in enumerate((2_900_00000000, 3_120_15000000, 2_600_00000000)):
        for observer in world.observers[:2]:
            trade.submit_observation(observer, price, observed_at=end - 2 * HOUR + place * HOUR)
    assert int(trade.outcome()["toBuyer"]) == 100 * UNIT + PAYOFF
    assert trade.tallystick.data("outcome", "compute", trade.agreement_file()) == trade.outcome()
    settled = trade.settle_together()
    assert gains(trade, before) == (PAYOFF, -PAYOFF)
    assert verified(trade, settled) == (0, [])


def test_a_ruling_that_nobody_appeals_is_upheld_by_the_service(
    world: World, arbitrators: list[Party], last: Party
) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    fees = [world.balance(each.address) for each in arbitrators]
    trade = disputed(world, "upheld", 62, arbitrators, fallbackArbitrators=[last.address], fallbackThreshold=1)
    rule(trade, arbitrators[:2], bond_to=1)
    trade.wait_for("ruled")
    trade.chain.move_to(trade.chain.time + trade.number("disputeWindow"))
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "ruled"
    assert gains(trade, before) == (PAYOFF + BOND - FEE, -PAYOFF - BOND)
    paid = [world.balance(each.address) - fee for each, fee in zip(arbitrators, fees)]
    lower = min(arbitrators[:2], key=lambda each: each.address.lower())
    assert paid == [FEE - FEE // 2 if each is lower else FEE // 2 for each in arbitrators[:2]] + [0]
    assert verified(trade, settled) == (0, [])
    # Who ruled was in a call that an arbitrator sent; the proof names them all the same.
    assert signers(trade) == sorted((each.address for each in arbitrators[:2]), key=str.lower)


def test_silence_on_an_appeal_is_ended_by_the_service(world: World, arbitrators: list[Party], last: Party) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = disputed(world, "appealed", 63, arbitrators, fallbackArbitrators=[last.address], fallbackThreshold=1)
    rule(trade, arbitrators[1:], bond_to=1)
    trade.wait_for("ruled")
    trade.approve(world.seller)
    file = trade.agreement_file()
    act(trade, "appeal", file, world.seller, message(
        trade, "appeal", file, world.seller, validUntil=trade.chain.time + 3_600))
    trade.wait_for("appealed")
    trade.chain.move_to(trade.chain.time + trade.number("rulingWindow"))
    settled = trade.wait_for("closed")["settled"]
    # The appellant has paid the fee; its bond goes whole to the other.
    assert gains(trade, before) == (PAYOFF + BOND, -PAYOFF - BOND - FEE)
    assert verified(trade, settled) == (0, [])


def test_rulings_and_an_appeal_are_handed_to_the_service(world: World, arbitrators: list[Party], last: Party) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    had = world.balance(last.address)
    trade = disputed(world, "served", 67, arbitrators, fallbackArbitrators=[last.address], fallbackThreshold=1)

    def hand_in(kind: str, party: Party, **fields: Any) -> str:
        file = message(trade, kind, trade.agreement_file(), party, **fields)
        return trade.tallystick(kind, "submit", trade.id, file, url=trade.url)

    owed = {"toBuyer": 100 * UNIT + PAYOFF, "findingsDigest": "0x" + "5e" * 32}
    other = message(trade, "ruling", trade.agreement_file(), arbitrators[0], round=1, bondTo=1, **owed | {"toBuyer": 0})
    refused = trade.tallystick.run("ruling", "submit", trade.id, other, url=trade.url, json=True)
    assert refused.envelope["errors"][0]["code"] == "other_amounts"
    hand_in("ruling", arbitrators[0], round=1, bondTo=1, **owed)
    assert trade.show()["rulings"][0]["signers"] == [arbitrators[0].address]
    hand_in("ruling", arbitrators[2], round=1, bondTo=1, **owed)
    trade.wait_for("ruled")
    trade.approve(world.seller)
    hand_in("appeal", world.seller, validUntil=trade.chain.time + 3_600)
    trade.wait_for("appealed")
    hand_in("ruling", last, round=2, bondTo=1, **owed)
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "ruled"
    assert gains(trade, before) == (PAYOFF + BOND - FEE, -PAYOFF - BOND - FEE)
    assert world.balance(last.address) - had == FEE
    assert verified(trade, settled) == (0, [])


def test_a_ruling_that_pays_at_once_is_proved_but_for_who_kept_the_journal(
    world: World, arbitrators: list[Party]
) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    trade = disputed(world, "ruled", 64, arbitrators)
    rule(trade, arbitrators, bond_to=2)
    settled = trade.wait_for("closed")["settled"]
    half = FEE // 2
    assert gains(trade, before) == (PAYOFF - half, -PAYOFF - (FEE - half))
    assert sum(world.balance(each.address) for each in arbitrators) >= FEE
    status, open_checks = verified(trade, settled)
    assert (status, open_checks) == (4, ["journal's signature"])
    # A reader who knows the service needs no more.
    assert verified(trade, settled, journal_signer=world.service.sender) == (0, [])


def test_the_fallback_panel_is_heard_after_the_arbitrators_silence(
    world: World, arbitrators: list[Party], last: Party
) -> None:
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    had = world.balance(last.address)
    trade = disputed(world, "late", 65, arbitrators, fallbackArbitrators=[last.address], fallbackThreshold=1)
    trade.chain.move_to(trade.chain.time + trade.number("rulingWindow"))
    rule(trade, [last], bond_to=1, round=2)
    settled = trade.wait_for("closed")["settled"]
    assert settled["route"] == "ruled"
    assert gains(trade, before) == (PAYOFF + BOND - FEE, -PAYOFF - BOND)
    assert world.balance(last.address) - had == FEE
    assert verified(trade, settled)[1] == ["journal's signature"]


@pytest.mark.parametrize("fallback", [False, True])
def test_where_there_is_no_price_the_panels_finding_counts(
    world: World, arbitrators: list[Party], last: Party, fallback: bool
) -> None:
    """One observer signs, of two who must; both parties are heard on that, and the panel finds the facts."""
    before = {party.name: world.balance(party.address) for party in (world.buyer, world.seller)}
    panels = {"fallbackArbitrators": [last.address], "fallbackThreshold": 1} if fallback else {}
    trade = Trade(
        world, f"found{fallback}", world.buyer, world.seller, salt=68 + fallback, arbitratorThreshold=2,
        arbitrators=[each.address for each in arbitrators], arbitrationFee=FEE, **panels)
    trade.opened().observe(PRICES[0])
    trade.chain.move_to(trade.number("settleFrom"))
    file, until_ = trade.agreement_file(), trade.number("settleBy")
    nothing, default = trade.number("buyerCollateral"), trade.number("defaultToBuyer")
    act(trade, "propose", file, world.seller, message(
        trade, "proposal", file, world.seller, toBuyer=nothing + 1, validUntil=until_))
    trade.wait_for("proposed")
    act(trade, "dispute", file, world.buyer, message(
        trade, "dispute", file, world.buyer, toBuyer=default + 5 * UNIT, validUntil=until_))
    trade.wait_for("disputed")
    file, found = trade.agreement_file(), nothing + 1_234 * UNIT
    for each in arbitrators[:2]:
        signed = message(
            trade, "ruling", file, each, round=1, toBuyer=found, bondTo=1, findingsDigest="0x" + "5e" * 32)
        trade.tallystick("ruling", "submit", trade.id, signed, url=trade.url)
    if fallback:
        trade.wait_for("ruled")
        trade.chain.move_to(trade.chain.time + trade.number("disputeWindow"))
    settled = trade.wait_for("closed")["settled"]
    assert (settled["route"], int(settled["toBuyer"])) == ("ruled", found)
    won = 1_234 * UNIT
    assert gains(trade, before) == (won + BOND - FEE, -won - BOND)
    assert verified(trade, settled) == (0, [])
    assert "obstacle" not in trade.show()
    proof = json.loads(proof_of(trade).read_bytes())
    assert ("outcome" in proof, "signatures" in proof["basis"]["ruling"]) == (False, fallback)
