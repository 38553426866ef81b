"""What each act costs, as README.md says, with the smallest and the largest panels."""

import re
from pathlib import Path

from evm import OnDevChain, Revm
from terms import BUYER, NOW, OUTSIDER, SELLER, UNIT, Party, european_call
from test_delivery import BUYER_COLLATERAL, END, PUT, QUANTITY, START, STRIKE, DeliveryWorld
from test_open import cancel, raise_epoch
from test_permits import open_with, permit
from world import ESCROW, PARTS, TO_EACH, World, clause_digest, code_of

README = (Path(__file__).resolve().parent.parent / "README.md").read_text()
MEMBERS = [[Party(f"member {15 * panel + place}") for place in range(15)] for panel in range(3)]
TRANSFEREE = Party("transferee")


TIMES = [
    "acceptBy", "exerciseStart", "expirationTime", "evidenceCloses", "settleFrom", "settleBy"
]


class Bench(World):
    """One chain for many agreements. Everybody holds the token already, as people do."""

    def __init__(self, chain, size: int):
        super().__init__(chain)
        self.size, self.made = size, 0
        self.panels = [members[:size] for members in MEMBERS]
        self.plain, self.gas = self.token, {}
        chain.send(TRANSFEREE.address, b"", value=10**18)
        for who in [BUYER, SELLER, OUTSIDER, TRANSFEREE, *sum(self.panels, [])]:
            self.token.send("mint", who.address, 1)

    def fresh(self, token=None, fallback: bool = True) -> None:
        """Terms as if it were the first day, not opened."""
        self.made += 1
        self.token = token or self.plain
        terms = european_call(self.token.address)
        shift = self.chain.time - NOW
        terms = terms.changed(
            salt=self.made,
            payoffKind=1,
            clause=clause_digest("european-call"),
            **{name: terms.escrow[name] + shift for name in TIMES},
        )
        names = ["observer", "arbitrator", "fallback"] if fallback else ["observer", "arbitrator"]
        for name, panel in zip(names, self.panels):
            members = "fallbackArbitrators" if name == "fallback" else name + "s"
            terms = terms.changed(
                **{members: [who.address for who in panel], name + "Threshold": self.size // 2 + 1}
            )
        self.terms, self.first, self.version = terms, None, 1

    def until(self, name: str) -> None:
        self.chain.time = self.terms.escrow[name]

    def disputed(self, fallback: bool = True) -> None:
        self.fresh(fallback=fallback)
        self.opened()
        self.until("settleFrom")
        assert self.propose(BUYER, 5_000 * UNIT).ok
        assert self.dispute(SELLER, 0).ok

    def spent(self, act: str, receipt) -> None:
        assert receipt.ok, (act, receipt.reason)
        self.gas[act] = receipt.gas


def measured(size: int) -> dict[str, int]:
    world = Bench(OnDevChain(), size)
    observers, arbitrators, fallback = world.panels
    spent = world.spent

    world.fresh()
    spent("cancel", cancel(world, BUYER))
    spent("raiseEpoch", raise_epoch(world, Party("somebody"), 1))

    world.fresh()
    world.fund_both()
    spent("open", world.open())
    spent("exercise", world.exercise())
    spent("settle", world.settle(3_000 * UNIT))

    permits = world.deploy_token("PermitToken")
    for who in (BUYER, SELLER):
        permits.send("mint", who.address, 10_000 * UNIT)
    world.fresh(permits)
    signed = permit(world, BUYER, 450 * UNIT), permit(world, SELLER, 10_000 * UNIT)
    spent("openWithPermits", open_with(world, *signed))

    world.fresh()
    world.opened()
    more = world.terms.changed(
        buyerCollateral=60 * UNIT, sellerCollateral=10_010 * UNIT, defaultToSeller=7_020 * UNIT
    )
    spent("amend", world.amend(more))
    world.follow(more)
    world.fund(TRANSFEREE, 9, world.vault().address)
    spent("novate", world.novate(SELLER, TRANSFEREE, BUYER, 9))

    world.fresh()
    world.opened()
    world.until("expirationTime")
    prices = [world.observation(who, 2_600 * 10**8 + i) for i, who in enumerate(observers)]
    spent("observe, all", world.observe(*prices))
    world.until("evidenceCloses")
    spent("settleObserved", world.settle_observed())

    world.fresh()
    world.opened()
    world.until("settleFrom")
    spent("propose", world.propose(BUYER, 5_000 * UNIT))
    world.chain.time += world.terms.escrow["disputeWindow"]
    spent("finalise", world.finalise())

    world.fresh()
    world.opened()
    world.until("settleFrom")
    assert world.propose(BUYER, 5_000 * UNIT).ok
    spent("dispute", world.dispute(SELLER, 0))
    world.chain.time += 2 * world.terms.escrow["rulingWindow"]
    spent("settleByDefault after a dispute", world.settle_by_default())

    world.fresh()
    world.opened()
    world.until("settleBy")
    spent("settleByDefault after silence", world.settle_by_default())

    world.disputed(fallback=False)
    spent("rule, all sign, paid at once", world.rule(5, TO_EACH, arbitrators))

    world.disputed()
    spent("rule, all sign, to be appealed", world.rule(5, TO_EACH, arbitrators))
    world.chain.time += world.terms.escrow["disputeWindow"]
    spent("uphold", world.uphold())

    world.disputed()
    assert world.rule(5, TO_EACH, arbitrators).ok
    world.fund(BUYER, world.terms.escrow["arbitrationFee"], world.vault().address)
    spent("appeal", world.appeal(BUYER))
    spent("rule on an appeal, all sign", world.rule(5, TO_EACH, fallback, round=2))

    world.disputed()
    assert world.rule(5, TO_EACH, arbitrators).ok
    world.fund(BUYER, world.terms.escrow["arbitrationFee"], world.vault().address)
    assert world.appeal(BUYER).ok
    world.chain.time += world.terms.escrow["rulingWindow"]
    spent("uphold after an appeal", world.uphold())

    world.fresh(world.deploy_token("BlocklistToken"))
    world.opened()
    world.token.send("setBlocked", BUYER.address, True)
    world.settle(500)
    spent("withdraw", world.withdraw(BUYER, OUTSIDER.address, 500))
    return world.gas | measured_delivery(size)


def delivery_world(size: int, **options) -> DeliveryWorld:
    panels = {}
    for name, members in zip(("observer", "arbitrator", "fallback"), MEMBERS):
        list_name = "fallbackArbitrators" if name == "fallback" else name + "s"
        panels |= {list_name: [who.address for who in members[:size]], name + "Threshold": size // 2 + 1}
    world = DeliveryWorld(OnDevChain(), **panels, **options)
    for token in (world.token, world.delivery):
        for who in (BUYER, SELLER, OUTSIDER):
            token.send("mint", who.address, 1)
    return world


def measured_delivery(size: int) -> dict[str, int]:
    gas = {}

    def spent(act: str, receipt) -> None:
        assert receipt.ok, (act, receipt.reason)
        gas[act] = receipt.gas

    world, each = delivery_world(size), {}
    for salt, act in enumerate(("exercise", "settle", "expire"), 1):
        each[act] = world.terms = world.terms.changed(salt=salt)
        world.fund_both()
        spent("open, delivery", world.open())
    world.terms = each["settle"]
    spent("settle, delivery", world.settle((1, BUYER_COLLATERAL - 1), (1, QUANTITY - 1)))
    world.terms = each["exercise"]
    world.fund_exercise()
    world.chain.time = START
    spent("exercise, delivery against payment", world.exercise())
    world.terms = each["expire"]
    world.chain.time = END
    spent("expire, delivery", world.act("expire"))

    world = delivery_world(size, kind=PUT, token="BlocklistToken", arguments=())
    world.fund_both()
    assert world.open().ok
    world.token.send("setBlocked", SELLER.address, True)
    world.chain.time = END
    assert world.act("expire").ok
    spent("withdrawToken, delivery", world.withdraw(SELLER, world.token, OUTSIDER.address, STRIKE))
    return gas


def test_gas_is_as_documented():
    """Within one per cent: signatures differ in their number of zero bytes."""
    table = README.split("## Gas")[1]
    documented = {
        act: (int(small.replace(",", "")), int(large.replace(",", "")))
        for act, small, large in re.findall(
            r"^\| ([^|]+) \| ([0-9,]+) \| ([0-9,]+) \|$", table, re.MULTILINE
        )
    }
    small, large = measured(1), measured(15)
    found = {act: (small[act], large[act]) for act in small}
    print("\n".join(f"| {act} | {one:,} | {fifteen:,} |" for act, (one, fifteen) in found.items()))
    assert found.keys() == documented.keys()
    for act, pair in found.items():
        for gas, said in zip(pair, documented[act]):
            assert abs(gas - said) * 100 <= gas, (act, pair)


def test_deploying_costs_what_is_documented():
    world = World(OnDevChain())
    blocks = [
        world.chain.chain.request("eth_getBlockByNumber", number) for number in ("0x1", "0x2", "0x3")
    ]
    found = dict(zip(["EscrowFactory", *PARTS[1:]], (int(block["gasUsed"], 16) for block in blocks)))
    found["DeliveryVault"] = world.factory.send("install", code_of(ESCROW["DeliveryVault"])).gas
    documented = {
        name: int(gas.replace(",", ""))
        for name, gas in re.findall(r"^\| `(\w+)` \| ([0-9,]+) \|$", README, re.MULTILINE)
    }
    print(found)
    assert documented.keys() == found.keys()
    for name, gas in found.items():
        assert abs(gas - documented[name]) * 100 <= gas, (name, gas)
        assert gas < 16_777_216  # EIP-7825


def test_a_manifest_costs_its_calldata():
    """Without zero bytes, at the floor price of EIP-7623."""
    world = World(OnDevChain())
    world.opened()
    world.chain.time = world.terms.escrow["settleFrom"]
    gas = world.propose(BUYER, 5, manifest=b"\1" * 32_768).gas
    documented = int(re.search(r"bring `propose` to ([0-9,]+)\.", README)[1].replace(",", ""))
    assert abs(gas - documented) * 100 <= gas, gas


def test_the_documented_gas_limits_cover_every_payout_at_its_cap():
    assert "1,300,000 covers" in README and "6,000,000 covers" in README
    for act, limit in (("settle", 1_300_000), ("rule", 6_000_000)):
        world = World(Revm(), "HungryToken", ())
        for name, panel in zip(("observer", "arbitrator"), MEMBERS):
            members = [who.address for who in panel]
            world.terms = world.terms.changed(**{name + "s": members, name + "Threshold": 8})
        vault = world.opened()
        world.chain.time = world.terms.escrow["settleFrom"]
        assert world.propose(BUYER, 5).ok
        assert world.dispute(SELLER, 6).ok
        world.token.send("setBurns", 10**9)
        payees = [BUYER, SELLER]
        if act == "settle":
            receipt = world.settle(9, gas=limit)
        else:
            receipt = world.rule(9, TO_EACH, MEMBERS[1], gas=limit)
            payees += MEMBERS[1]
        assert receipt.ok, receipt.reason
        owed = [vault.read("claimOf", payee.address) for payee in payees]
        assert sum(owed) == world.balance(vault.address)
        assert all(owed)
