"""Every act on the escrow, from files, through the command line, on a chain without a service: each ends in balances."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from harness import ROOT
from harness.escrowed import WHOLE, Escrowed
from harness.party import Party
from harness.terms import HOUR, UNIT, ZERO, changed
from harness.typed_data import sign
from harness.world import World

TOKENS = json.loads((ROOT / "Contracts/Escrow/tests/tokens.json").read_text())["contracts"]
FEE, BOND = 10 * UNIT, 150 * UNIT


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A chain; parties, arbitrators, a fallback panel, and somebody who carries calls."""
    with World(tmp_path_factory.mktemp("acts")) as world:
        world.make_observers()
        world.buyer, world.seller, world.carrier = (
            world.party(name, 10**6 * UNIT) for name in ("buyer", "seller", "carrier"))
        world.arbitrators = [Party(world.tallystick, f"arbitrator{number}") for number in (1, 2, 3)]
        world.fallback = [Party(world.tallystick, "fallback")]
        yield world


def account(party: Party) -> Any:
    """For what the command line has no command for: another allowance."""
    return Account.from_key(party.private_key())


def panels(world: World, *, fallback: bool = False) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "arbitrators": [each.address for each in world.arbitrators], "arbitratorThreshold": 2, "arbitrationFee": FEE}
    if fallback:
        terms |= {"fallbackArbitrators": [each.address for each in world.fallback], "fallbackThreshold": 1}
    return terms


def fees(world: World, panel: list[Party]) -> list[int]:
    return [world.balance(each.address) for each in panel]


def test_opening_moves_the_premium_and_both_collaterals(world: World) -> None:
    trade = Escrowed(world, "opened")
    assert trade.state()["status"] == "unopened"
    for party in trade.parties:
        trade.approve(party)
    moved = trade.does("open")["moved"]
    assert [int(each["amount"]) for each in moved] == [420 * UNIT, 100 * UNIT, 10_000 * UNIT]
    assert trade.vault_balance() == WHOLE
    state = trade.state()
    assert (state["status"], state["version"]) == ("open", "1")
    assert [int(each["time"]) for each in state["deadlines"]] == [trade.number("settleFrom"), trade.number("settleBy")]
    assert state["deadlines"][-1]["toSeller"] == trade.terms["escrow"]["defaultToSeller"]


def test_a_dry_run_names_every_reason_at_once(world: World) -> None:
    trade = Escrowed(world, "hindered", premium=2 * 10**6 * UNIT, sellerEpoch=7)
    other = changed(trade.terms, salt=9)
    document = json.loads((world.directory / trade.file).read_text())
    document["signatures"]["buyer"] = sign("OptionTerms", other["domain"], other, world.buyer.private_key())
    trade.file = trade.write("agreement", document)
    trade.chain.move_to(trade.number("acceptBy"))
    reasons = trade.fails("open")
    assert reasons == [
        "open: seller epoch", "open: acceptBy passed", "open: buyer did not sign",
        "open: premium refused", "open: premium refused", "open: sellerCollateral refused"]
    assert trade.run("open", send=True, **world.carrier.key).status == 3
    assert trade.state()["status"] == "unopened"


def permitting(world: World) -> Any:
    """A token whose holders allow by signature; buyer and seller have some."""
    token = world.chain.deploy(TOKENS["PermitToken"])
    for party in (world.buyer, world.seller):
        world.chain.call(token, "mint", party.address, 20_000 * UNIT)
    return token


def permit(trade: Escrowed, party: Party, **options: Any) -> str:
    fields = [word for name, value in options.pop("fields", {}).items() for word in ("--field", f"{name}={value}")]
    options = {"rpc_url": trade.chain.url} | options
    document = trade.tallystick("escrow", "sign", "permit", trade.file, *fields, **party.key, **options)
    return trade.write(f"permit.{party.name}", json.loads(document))


def test_permits_open_without_an_approval(world: World) -> None:
    token = permitting(world)
    trade = Escrowed(world, "permitted", token=token.address)
    files = [permit(trade, each) for each in trade.parties]
    world.chain.call(token, "setTells", True)
    assert files == [permit(trade, each) for each in trade.parties]  # by EIP-5267; its name would be another's
    message = json.loads((world.directory / files[0]).read_text())["message"]
    assert (message["spender"], message["nonce"]) == (trade.vault.address, "0")
    assert int(message["value"]) == (420 + 100 + 150) * UNIT
    moved = trade.does("open", permit=files)["moved"]
    assert [int(each["amount"]) for each in moved] == [420 * UNIT, 100 * UNIT, 10_000 * UNIT]
    assert token.functions.balanceOf(trade.vault.address).call() == WHOLE
    assert token.functions.balanceOf(world.buyer.address).call() == (20_000 - 520) * UNIT
    assert token.functions.balanceOf(world.seller.address).call() == (20_000 + 420 - 10_000) * UNIT


def test_a_dry_run_says_which_permit_fails_and_whether_the_allowance_suffices(world: World) -> None:
    token = permitting(world)
    trade = Escrowed(world, "unpermitted", token=token.address)
    late = permit(trade, world.buyer, fields={"deadline": trade.chain.time - 1, "nonce": 4, "spender": ZERO})
    good = permit(trade, world.seller)
    data = trade.run("open", permit=[good, late]).envelope["data"]
    assert [reason.split(" (")[0] for reason in data["reasons"]] == ["open: premium refused"]
    buyers, sellers = data["permits"]
    assert [reason.split(",")[0] for reason in buyers["reasons"]] == [
        "its nonce is 4", f"it is for {ZERO}", f"its deadline {trade.chain.time - 1} has passed"]
    assert (buyers["suffices"], buyers["allowance"]) == (False, "0")
    assert (sellers["reasons"], sellers["suffices"]) == ([], True)
    assert sellers["allowance"] == str((10_000 + 150) * UNIT)
    trade.approve(world.buyer)
    data = trade.does("open", permit=[late, good])
    assert (data["permits"][0]["suffices"], len(data["permits"][0]["reasons"])) == (True, 3)
    assert token.functions.balanceOf(trade.vault.address).call() == WHOLE


def test_a_permit_is_signed_for_the_terms_token_alone(world: World) -> None:
    token = permitting(world)
    trade = Escrowed(world, "domain", token=token.address)
    run = lambda **options: trade.tallystick.run("escrow", "sign", "permit", trade.file, **options)  # noqa: E731
    assert run(**world.buyer.key).status == 2  # neither told nor asked
    named = {"token_name": "Permit Token", "token_version": "1"}
    assert "nonce: found nothing" in run(**named, **world.buyer.key).stderr
    assert run(rpc_url=trade.chain.url, **world.carrier.key).status == 3
    refused = run(rpc_url=trade.chain.url, token_name="Other", json=True, **world.buyer.key)
    assert (refused.status, refused.envelope["errors"][0]["code"]) == (3, "permit_refused")
    offline = permit(trade, world.buyer, rpc_url=None, fields={"nonce": 0}, **named)
    document = json.loads((world.directory / offline).read_text())
    assert document == json.loads((world.directory / permit(trade, world.buyer)).read_text())
    kinds = {"owner": "address", "spender": "address", "value": "uint256", "nonce": "uint256", "deadline": "uint256"}
    encoded = encode_typed_data(
        domain_data={
            "name": "Permit Token", "version": "1", "chainId": trade.chain.id, "verifyingContract": token.address},
        message_types={"Permit": [{"name": name, "type": kind} for name, kind in kinds.items()]},
        message_data={
            name: int(document["message"][name]) if kind == "uint256" else document["message"][name]
            for name, kind in kinds.items()})
    assert Account.recover_message(encoded, signature=document["signature"]) == world.buyer.address
    plain = Escrowed(world, "plain")
    result = plain.tallystick.run("escrow", "sign", "permit", plain.file, rpc_url=trade.chain.url, **world.buyer.key)
    assert (result.status, "takes none" in result.stderr) == (3, True)


def test_both_sign_and_it_is_paid(world: World) -> None:
    trade = Escrowed(world, "agreed").open()
    until = trade.until()
    outcomes = [trade.signed("outcome", each, toBuyer=2_000 * UNIT, validUntil=until) for each in trade.parties]
    assert trade.run("settle", outcomes[0]).status == 2
    trade.does("settle", *reversed(outcomes))
    trade.assert_paid(2_000 * UNIT)
    assert trade.fails("settle", *outcomes) == ["settle: closed"]


def test_a_proposal_stands(world: World) -> None:
    trade = Escrowed(world, "proposed").open()
    early = trade.signed("proposal", world.seller, toBuyer=WHOLE + 1, toSeller=0, validUntil=trade.chain.time)
    assert trade.fails("propose", early) == ["propose: before settleFrom", "propose: validUntil passed", "propose: sum"]
    trade.proposed(700 * UNIT)
    again = trade.signed("proposal", world.seller, toBuyer=700 * UNIT, validUntil=trade.until())
    assert trade.fails("propose", again) == ["propose: already proposed"]
    assert trade.fails("finalise") == ["finalise: dispute window open"]
    assert trade.fails("default") == ["default: not open or disputed"]
    trade.chain.move_to(trade.dispute_by())
    trade.does("finalise")
    trade.assert_paid(700 * UNIT)


def test_two_arbitrators_of_three_rule(world: World) -> None:
    trade = Escrowed(world, "ruled", **panels(world)).open().disputed(100 * UNIT, 5_000 * UNIT)
    two = world.arbitrators[1:]
    before = fees(world, two)
    files = trade.ruling(two, 4_000 * UNIT, 1)
    assert trade.fails("rule", files[0]) == ["rule: too few signers"]
    assert trade.tallystick.run("escrow", "sign", "ruling", trade.file, **world.buyer.key).status == 3
    trade.does("rule", *files)
    trade.assert_paid(4_000 * UNIT, bonds=(BOND - FEE, -BOND))
    assert [now - then for now, then in zip(fees(world, two), before)] == [FEE // 2, FEE // 2]


def test_a_fallback_panel_rules_on_an_appeal(world: World) -> None:
    trade = Escrowed(world, "appealed", **panels(world, fallback=True)).open().disputed(100 * UNIT, 5_000 * UNIT)
    trade.does("rule", *trade.ruling(world.arbitrators, 4_000 * UNIT, 1))
    assert trade.state()["status"] == "ruled"
    trade.approve(world.seller)
    trade.does("appeal", trade.signed("appeal", world.seller, validUntil=trade.until()))
    second = trade.ruling(world.fallback, 100 * UNIT, 0, round=2)
    assert trade.fails("uphold") == ["uphold: ruling window open"]
    trade.does("rule", *second)
    trade.assert_paid(100 * UNIT, bonds=(-BOND, BOND - 2 * FEE))


def test_silence_on_an_appeal_upholds_the_ruling_and_takes_no_second_fee(world: World) -> None:
    trade = Escrowed(world, "unanswered", **panels(world, fallback=True)).open().disputed(100 * UNIT, 5_000 * UNIT)
    before = fees(world, world.arbitrators)
    trade.does("rule", *trade.ruling(world.arbitrators, 4_000 * UNIT, 1))
    trade.approve(world.seller)
    trade.does("appeal", trade.signed("appeal", world.seller, validUntil=trade.until()))
    trade.chain.move_to(trade.chain.time + trade.number("rulingWindow"))
    trade.does("uphold")
    trade.assert_paid(4_000 * UNIT, bonds=(BOND, -BOND - FEE))
    assert sum(fees(world, world.arbitrators)) - sum(before) == FEE


def test_a_ruling_that_nobody_appeals_is_upheld(world: World) -> None:
    trade = Escrowed(world, "upheld", **panels(world, fallback=True)).open().disputed(100 * UNIT, 5_000 * UNIT)
    trade.does("rule", *trade.ruling(world.arbitrators, 4_000 * UNIT, 2))
    assert trade.fails("uphold") == ["uphold: appeal possible"]
    trade.chain.move_to(trade.chain.time + trade.number("disputeWindow"))
    late = trade.signed("appeal", world.buyer, validUntil=trade.chain.time)
    assert trade.fails("appeal", late) == [
        "appeal: validUntil passed", "appeal: fee refused", "appeal: dispute window passed"]
    trade.does("uphold")
    trade.assert_paid(4_000 * UNIT, bonds=(-FEE // 2, -FEE // 2))


def test_silence_pays_the_default(world: World) -> None:
    trade = Escrowed(world, "silent").open()
    assert trade.fails("default") == ["default: before settleBy"]
    trade.chain.move_to(trade.number("settleBy"))
    trade.does("default")
    trade.assert_paid(100 * UNIT)


def test_the_buyer_exercises_once_and_in_time(world: World) -> None:
    start = world.chain.time + HOUR
    trade = Escrowed(world, "american", exerciseStyle="American", exerciseStart=start).open()
    notice = trade.signed("exercise", world.buyer, validUntil=trade.until())
    assert trade.fails("exercise", notice) == ["exercise: before exerciseStart"]
    trade.chain.move_to(start)
    trade.does("exercise", notice)
    assert trade.fails("exercise", notice) == ["exercise: already exercised"]
    deadlines = [int(each["time"]) for each in trade.state()["deadlines"]]
    assert deadlines == [trade.number("settleFrom"), trade.number("settleBy")]
    trade.chain.move_to(trade.number("settleBy"))
    trade.does("default")
    trade.assert_paid(100 * UNIT)


def test_a_european_option_is_not_exercised_by_notice(world: World) -> None:
    trade = Escrowed(world, "exercised").open()
    notice = trade.signed("exercise", world.buyer, validUntil=trade.until())
    assert trade.fails("exercise", notice) == ["exercise: before exerciseStart"]
    trade.chain.move_to(trade.number("expirationTime"))
    assert trade.fails("exercise", notice) == ["exercise: expired"]
    assert trade.tallystick.run("escrow", "sign", "exercise", trade.file, **world.seller.key).status == 3


def test_observers_are_heard_only_where_the_contract_computes_the_payoff(world: World) -> None:
    trade = Escrowed(world, "observed").open()
    time = trade.number("expirationTime")
    observation = trade.write("observation", world.observers[0].observe(trade.terms_file, 3_000 * 10**8, time + 1))
    assert trade.fails("observe", observation) == ["observe: payoffKind", "observe: published later than now"]
    assert trade.fails("settle-observed") == ["observed: payoffKind", "observed: evidence open"]


def seen(trade: Escrowed, place: int, price: int) -> str:
    """An observer's signed price of the fixing; the name of its file."""
    observer = trade.world.observers[place]
    return trade.write(
        f"{observer.name}.{price}", observer.observe(trade.terms_file, price, trade.number("expirationTime") + 1))


def test_what_the_observers_saw_is_paid_whatever_was_proposed(world: World) -> None:
    trade = Escrowed(world, "priced", payoffKind=1).open()
    trade.chain.move_to(trade.number("expirationTime") + 1)
    files = [seen(trade, place, price) for place, price in enumerate((3_120_15000000, 3_120_20000001))]
    assert trade.fails("settle-observed") == ["observed: evidence open"]
    trade.does("observe", *files)
    trade.does("observe", seen(trade, 2, 3_120_10000000))
    trade.proposed(100 * UNIT)
    assert trade.fails("observe", files[0]) == ["observe: evidence closed"]
    trade.does("settle-observed")
    # 12.345678901234567890 x (3,120.15 - 2,500), rounded down, and the buyer's collateral of 100; the bond goes back.
    trade.assert_paid(100 * UNIT + 7_656_172_770)
    assert trade.fails("settle-observed") == ["observed: closed"]


def test_an_observer_of_two_prices_counts_as_absent(world: World) -> None:
    trade = Escrowed(world, "equivocal", payoffKind=1).open()
    trade.chain.move_to(trade.number("expirationTime") + 1)
    trade.does("observe", *(seen(trade, place, 3_120_00000000 + place) for place in (0, 1)))
    trade.does("observe", seen(trade, 1, 3_500_00000000))
    trade.chain.move_to(trade.number("evidenceCloses"))
    assert trade.fails("settle-observed") == ["the node: observed: no price"]
    trade.chain.move_to(trade.number("settleBy"))
    trade.does("default")
    trade.assert_paid(100 * UNIT)


def test_an_amendment_moves_what_the_collaterals_differ_by(world: World) -> None:
    trade = Escrowed(world, "amended").open()
    terms = changed(
        trade.terms, sellerCollateral=10_500 * UNIT, buyerCollateral=60 * UNIT, defaultToBuyer=60 * UNIT,
        defaultToSeller=10_500 * UNIT)
    new = trade.write("amended", terms)
    until = trade.until()
    files = [trade.signed("amendment", each, amended=new, validUntil=until) for each in trade.parties]
    assert trade.fails("amend", *files, amended=trade.terms_file) == ["amend: other terms", "the node: amend: buyer did not sign"]
    trade.chain.call(world.token, "approve", trade.vault.address, 0, account=account(world.seller))
    assert trade.fails("amend", *files, amended=new) == ["amend: collateral refused"]
    trade.chain.call(world.token, "approve", trade.vault.address, 500 * UNIT, account=account(world.seller))
    moved = trade.does("amend", *files, amended=new)["moved"]
    assert [int(each["amount"]) for each in moved] == [500 * UNIT, 40 * UNIT]
    assert trade.vault_balance() == 10_560 * UNIT
    assert trade.fails("finalise") == ["vault: other terms", "finalise: nothing proposed"]
    trade.options = {"terms": new}
    assert trade.state()["version"] == "2"
    trade.chain.move_to(int(terms["escrow"]["settleBy"]))
    trade.does("default")
    assert trade.balances() == {
        "buyer": trade.start["buyer"] - 420 * UNIT, "seller": trade.start["seller"] + 420 * UNIT}


def test_a_novation_puts_another_in_a_partys_place(world: World) -> None:
    trade = Escrowed(world, "novated").open()
    heir = world.party("heir", 5_000 * UNIT)
    terms = changed(trade.terms, seller=heir.address, sellerWatcher=ZERO)
    new = trade.write("novated", terms)
    fields = {
        "transferor": world.seller.address, "transferee": heir.address, "consideration": 900 * UNIT,
        "validUntil": trade.until()}
    signers = [world.buyer, heir, world.seller]
    files = [trade.signed("novation", each, amended=new, **fields) for each in signers]
    assert trade.fails("novate", *files, amended=new) == ["novate: consideration refused"]
    trade.chain.call(world.token, "approve", trade.vault.address, 900 * UNIT, account=account(heir))
    trade.does("novate", *files, amended=new)
    assert world.balance(heir.address) == 4_100 * UNIT
    trade.options = {"terms": new}
    trade.chain.move_to(trade.number("settleBy"))
    trade.does("default")
    assert world.balance(heir.address) == 14_100 * UNIT
    assert trade.vault_balance() == 0


def test_a_refused_payout_is_withdrawn_later(world: World) -> None:
    token = world.chain.deploy(TOKENS["BlocklistToken"])
    for party in (world.buyer, world.seller):
        world.chain.call(token, "mint", party.address, 20_000 * UNIT)
    trade = Escrowed(world, "claimed", token=token.address).open()
    world.chain.call(token, "setBlocked", world.buyer.address, True)
    trade.chain.move_to(trade.number("settleBy"))
    trade.does("default")
    assert trade.state()["claims"] == [
        {"claimant": world.buyer.address, "token": token.address, "amount": str(100 * UNIT)}]
    safe = world.carrier.address
    wrong = trade.signed("withdrawal", world.buyer, to=ZERO, amount=1, validUntil=trade.until())
    assert trade.fails("withdraw", wrong) == ["withdraw: not the claim", "withdraw: receiver"]
    trade.does("withdraw", trade.signed("withdrawal", world.buyer, to=safe, amount=100 * UNIT, validUntil=trade.until()))
    assert token.functions.balanceOf(safe).call() == 100 * UNIT
    assert trade.state()["claims"] == []


def test_a_cancelled_agreement_never_opens(world: World) -> None:
    trade = Escrowed(world, "cancelled")
    message = trade.signed("cancellation", world.seller, validUntil=trade.until())
    trade.does("cancel", message)
    assert trade.fails("cancel", message) == ["cancel: already cancelled"]
    for party in trade.parties:
        trade.approve(party)
    assert trade.fails("open") == ["open: cancelled"]
    assert trade.balances() == trade.start


def test_a_raised_epoch_voids_older_signatures(world: World) -> None:
    other = world.party("other", 10**5 * UNIT)
    trade = Escrowed(world, "voided", seller=other)
    message = trade.signed("epoch", other, epoch=3, validUntil=trade.until())
    trade.does("raise-epoch", message)
    assert trade.fails("raise-epoch", message) == ["raiseEpoch: epoch not higher"]
    for party in trade.parties:
        trade.approve(party)
    assert trade.fails("open") == ["open: seller epoch"]


def test_nobody_without_a_part_signs(world: World) -> None:
    trade = Escrowed(world, "signed")
    for kind in ("outcome", "proposal", "dispute", "appeal", "amendment", "cancellation", "epoch", "withdrawal", "novation"):
        result = trade.tallystick.run("escrow", "sign", kind, trade.file, json=True, **world.carrier.key)
        assert (result.status, result.envelope["errors"][0]["code"]) == (3, "no_part"), kind
    missing = trade.tallystick.run("escrow", "sign", "outcome", trade.file, **world.buyer.key)
    assert missing.status == 3
    for name in ("toBuyer", "toSeller", "validUntil"):
        assert f"{name}: found nothing" in missing.stderr, missing.stderr
