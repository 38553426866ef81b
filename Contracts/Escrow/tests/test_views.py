"""What a block explorer shows: the stored state by name, and where silence leads from each state."""

from pathlib import Path

import pytest
from eth_utils import keccak
from eth_utils.abi import collapse_if_tuple

from terms import ARBITRATORS, BUYER, SELLER, UNIT, ZERO, european_call
from test_rulings import FALLBACK, WITH_FALLBACK
from world import ESCROW as CONTRACTS
from world import TO_DISPUTER, VAULT_ABI, clause_digest, code_of

CLAUSES = Path(__file__).resolve().parents[2] / "Clauses"
ESCROW = european_call(ZERO).escrow
TOTAL = ESCROW["buyerCollateral"] + ESCROW["sellerCollateral"]
START, WINDOW, RULING = ESCROW["settleFrom"], ESCROW["disputeWindow"], ESCROW["rulingWindow"]
DEFAULT = ESCROW["defaultToBuyer"], ESCROW["defaultToSeller"]
NAMES = [
    part["name"]
    for entry in VAULT_ABI
    if entry.get("name") == "details"
    for part in entry["outputs"][0]["components"]
]


def details(world) -> dict:
    return dict(zip(NAMES, world.vault().read("details")))


def timeline(world) -> list[tuple]:
    return list(
        world.vault().read("timeline", world.escrow_tuple(), world.terms.economics_hash())
    )


def same(address: str, other: str) -> bool:
    return address.lower() == other.lower()


def test_the_factory_names_every_rule_that_the_contracts_keep_to(world):
    rules = [path for folder in ("escrow", "arbitration") for path in sorted((CLAUSES / folder).glob("*.clause"))]
    assert len(rules) == 6
    for rule in rules:
        bytecode = bytes.fromhex(rule.with_suffix(".bytecode").read_text().strip().removeprefix("0x"))
        assert world.factory.read(f"{rule.stem}Rule") == keccak(bytecode), rule.name


def test_a_life_as_an_explorer_shows_it(world):
    world.terms = world.terms.changed(
        **WITH_FALLBACK, payoffKind=1, clause=clause_digest("european-call")
    )
    world.opened()
    shown = details(world)
    assert (shown["status"], shown["version"]) == ("open", 1)
    assert shown["agreementId"] == shown["termsId"] == world.id()
    assert timeline(world) == [
        (ESCROW["expirationTime"], "the buyer can no longer exercise", 0, 0),
        (
            ESCROW["evidenceCloses"],
            "no more observations; settleObserved pays, in every later state too",
            0,
            0,
        ),
        (START, "either party may propose", 0, 0),
        (ESCROW["settleBy"], "settleByDefault pays the default amounts", *DEFAULT),
    ]
    exercised_at = world.chain.time
    assert world.exercise().ok
    assert details(world)["exercisedAt"] == exercised_at
    assert [line[0] for line in timeline(world)] == [
        ESCROW["evidenceCloses"], START, ESCROW["settleBy"]
    ]

    world.chain.time = START
    assert world.propose(BUYER, 5).ok
    shown = details(world)
    assert shown["status"] == "proposed"
    assert same(shown["proposer"], BUYER.address) and shown["proposedAt"] == START
    assert (shown["proposedToBuyer"], shown["proposedToSeller"]) == (5, TOTAL - 5)
    assert timeline(world) == [
        (START + WINDOW, "no more dispute; finalise pays the proposal", 5, TOTAL - 5)
    ]

    world.chain.time = START + 1
    assert world.dispute(SELLER, 6).ok
    shown = details(world)
    assert shown["status"] == "disputed"
    assert same(shown["disputer"], SELLER.address) and shown["disputedAt"] == START + 1
    assert shown["exercisedAt"] == exercised_at
    assert timeline(world) == [
        (START + 1 + RULING, "the fallback panel rules instead of the arbitrators", 0, 0),
        (
            START + 1 + 2 * RULING,
            "no more ruling; settleByDefault pays the default amounts",
            *DEFAULT,
        ),
    ]

    world.chain.time = START + 2
    assert world.rule(7, TO_DISPUTER, ARBITRATORS).ok
    shown = details(world)
    assert (shown["status"], shown["ruledAt"]) == ("ruled", START + 2)
    assert (shown["ruledToBuyer"], shown["ruledBondTo"]) == (7, TO_DISPUTER)
    assert timeline(world) == [
        (START + 2 + WINDOW, "no more appeal; uphold pays the ruling", 7, TOTAL - 7)
    ]

    world.chain.time = START + 3
    world.fund(BUYER, ESCROW["arbitrationFee"], world.vault().address)
    assert world.appeal(BUYER).ok
    shown = details(world)
    assert (shown["status"], shown["ruledAt"], shown["appealedAt"]) == (
        "appealed", START + 2, START + 3
    )
    assert timeline(world) == [
        (
            START + 3 + RULING,
            "no more ruling of the fallback panel; uphold pays the first ruling",
            7,
            TOTAL - 7,
        )
    ]

    assert world.rule(8, TO_DISPUTER, FALLBACK, round=2).ok
    assert details(world)["status"] == "closed"
    assert timeline(world) == []


@pytest.mark.parametrize("stage", ["open", "proposed", "disputed", "disputed twice", "ruled", "appealed"])
def test_the_last_line_is_what_silence_really_pays(world, stage):
    if stage not in ("open", "proposed", "disputed"):
        world.terms = world.terms.changed(**WITH_FALLBACK)
    world.terms = world.terms.changed(bond=0, arbitrationFee=0)
    world.opened()
    act = "settleByDefault"
    if stage != "open":
        world.chain.time = START
        assert world.propose(SELLER, 5 * UNIT).ok
        act = "finalise"
    if stage not in ("open", "proposed"):
        assert world.dispute(BUYER, 6 * UNIT).ok
        act = "settleByDefault"
    if stage in ("ruled", "appealed"):
        assert world.rule(7 * UNIT, TO_DISPUTER, ARBITRATORS).ok
        act = "uphold"
    if stage == "appealed":
        assert world.appeal(BUYER).ok
    time, meaning, to_buyer, to_seller = timeline(world)[-1]
    assert act in meaning
    assert to_buyer + to_seller == TOTAL
    held = world.balance(BUYER), world.balance(SELLER)
    world.chain.time = time - 1
    assert not world.act(act).ok
    world.chain.time = time
    assert world.act(act).ok
    assert world.balance(BUYER) == held[0] + to_buyer
    assert world.balance(SELLER) == held[1] + to_seller


def test_an_unopened_vault_shows_nothing(world):
    assert world.chain.code(world.vault().address) == b""
    implementation = world.factory.read("implementation")
    vault = type(world.vault())(world.chain, VAULT_ABI, implementation)
    assert dict(zip(NAMES, vault.read("details")))["status"] == "unopened"


@pytest.mark.parametrize("before", [0, 1])
def test_the_end_of_exercise_is_shown_where_there_is_one(world, before):
    """An option that is exercised at expiration only has no second in which its buyer could."""
    end = ESCROW["expirationTime"]
    world.terms = world.terms.changed(exerciseStart=end - before)
    world.opened()
    shown = [line[:2] for line in timeline(world)]
    assert ((end, "the buyer can no longer exercise") in shown) == (before > 0)


@pytest.mark.parametrize("fallback", [False, True])
def test_a_second_round_is_shown_where_there_is_one(world, fallback):
    world.terms = world.terms.changed(**(WITH_FALLBACK if fallback else {}))
    world.opened()
    world.chain.time = START
    assert world.propose(BUYER, 5).ok and world.dispute(SELLER, 6).ok
    second = [(START + RULING, "the fallback panel rules instead of the arbitrators", 0, 0)]
    assert timeline(world)[:-1] == (second if fallback else [])
    assert timeline(world)[-1][0] == START + (2 if fallback else 1) * RULING


def test_the_timeline_is_of_the_present_terms(world):
    world.opened()
    other = world.terms.changed(settleBy=2**63)
    vault = world.vault()
    refused = vault.send("timeline", world.escrow_tuple(other), other.economics_hash())
    assert refused.reason == "vault: other terms"


def test_times_at_the_end_of_their_range(world):
    world.terms = world.terms.changed(settleBy=2**64 - 1)
    world.opened()
    assert timeline(world)[-1][0] == 2**64 - 1


def test_every_answer_has_names_to_show():
    for entry in VAULT_ABI:
        if entry.get("name") in ("details", "timeline"):
            assert "(" in collapse_if_tuple(entry["outputs"][0])
            assert all(part["name"] for part in entry["outputs"][0]["components"])


def test_parts_that_are_missing_are_named_and_can_be_added(world):
    world.factory = world.deploy_factory(installed=False)
    world.domain = type(world.domain)(world.chain.chain_id, world.factory.address)
    world.opened()
    assert details(world)["status"] == "open"
    panels, changes = (
        code_of(CONTRACTS[name]) for name in ("EscrowVaultPanels", "EscrowVaultChanges")
    )
    assert world.exercise().reason == "vault: panels not installed"
    assert world.factory.send("install", panels + b"\0").reason == "install: unknown code"
    assert world.factory.send("install", panels).ok
    assert not world.factory.send("install", panels).ok
    assert world.exercise().reason == "vault: changes not installed"
    assert world.factory.send("install", changes).ok
    assert world.exercise().ok
    unknown = world.chain.send(world.vault().address, b"\1\2\3\4")
    assert not unknown.ok and unknown.reason == ""
