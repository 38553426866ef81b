"""Opening with EIP-2612 permits instead of approvals."""

import pytest
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from evm import Revm
from terms import BUYER, HOUR, OUTSIDER, SELLER, UNIT, Party
from world import OPEN, World

NONE = (0, 0, b"\0" * 32, b"\0" * 32, 0)
BUYER_NEEDS, SELLER_NEEDS = 450 * UNIT, 10_000 * UNIT


@pytest.fixture
def world() -> World:
    """Both have the money; nobody allowed anything."""
    world = World(Revm(), "PermitToken", ())
    world.token.send("mint", BUYER.address, BUYER_NEEDS)
    world.token.send("mint", SELLER.address, SELLER_NEEDS)
    return world


def permit(world, owner: Party, value: int, spender=None, deadline=None, nonce=0, by=None):
    deadline = world.chain.time + HOUR if deadline is None else deadline
    encoded = encode_typed_data(
        domain_data={
            "name": "Permit Token",
            "version": "1",
            "chainId": world.chain.chain_id,
            "verifyingContract": world.token.address,
        },
        message_types={
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ]
        },
        message_data={
            "owner": owner.address,
            "spender": spender or world.vault().address,
            "value": value,
            "nonce": nonce,
            "deadline": deadline,
        },
    )
    signature = (by or owner).sign(keccak(b"\x19" + encoded.version + encoded.header + encoded.body))
    return (deadline, signature[64], signature[:32], signature[32:64], value)


def open_with(world, buyer, seller, signed_by=BUYER):
    digest = world.id()
    return world.factory.send(
        "openWithPermits",
        world.escrow_tuple(),
        world.terms.economics_hash(),
        signed_by.sign(digest),
        SELLER.sign(digest),
        [buyer, seller],
    )


def test_both_permits_open(world):
    receipt = open_with(
        world, permit(world, BUYER, BUYER_NEEDS), permit(world, SELLER, SELLER_NEEDS)
    )
    assert receipt.ok, receipt.reason
    vault = world.vault()
    assert receipt.output[-20:] == bytes.fromhex(vault.address[2:])
    assert vault.read("state")[0] == OPEN
    assert world.balance(vault.address) == world.terms.total()
    assert world.balance(SELLER) == 400 * UNIT
    assert world.token.read("allowance", BUYER.address, vault.address) == 0


def test_a_permit_may_serve_the_bond_too(world):
    bond = world.terms.escrow["bond"]
    world.token.send("mint", BUYER.address, bond)
    receipt = open_with(
        world, permit(world, BUYER, BUYER_NEEDS + bond), permit(world, SELLER, SELLER_NEEDS)
    )
    assert receipt.ok, receipt.reason
    world.chain.time = world.terms.escrow["settleFrom"]
    assert world.propose(BUYER, 5).ok


def test_one_permit_and_one_approval_open(world):
    world.approve(SELLER, world.vault().address, SELLER_NEEDS)
    assert open_with(world, permit(world, BUYER, BUYER_NEEDS), NONE).ok


@pytest.mark.parametrize("broken", ["used", "expired", "of another", "for another", "garbage"])
def test_a_failing_permit_matters_only_without_an_allowance(world, broken):
    vault = world.vault().address
    seller = permit(world, SELLER, SELLER_NEEDS)
    buyer = {
        "used": lambda: permit(world, BUYER, BUYER_NEEDS),
        "expired": lambda: permit(world, BUYER, BUYER_NEEDS, deadline=world.chain.time - 1),
        "of another": lambda: permit(world, BUYER, BUYER_NEEDS, by=OUTSIDER),
        "for another": lambda: permit(world, BUYER, BUYER_NEEDS, spender=OUTSIDER.address),
        "garbage": lambda: (2**256 - 1, 255, b"\xff" * 32, b"\xff" * 32, 2**256 - 1),
    }[broken]()
    if broken == "used":
        # Somebody took it from the pool and sent it alone; so the allowance is there.
        deadline, v, r, s, value = buyer
        assert world.token.send("permit", BUYER.address, vault, value, deadline, v, r, s).ok
    else:
        assert open_with(world, buyer, seller).reason == "open: premium refused"
        world.approve(BUYER, vault, BUYER_NEEDS)
    receipt = open_with(world, buyer, seller)
    assert receipt.ok, receipt.reason


def test_too_small_a_permit_does_not_open(world):
    seller = permit(world, SELLER, SELLER_NEEDS)
    refused = open_with(world, permit(world, BUYER, BUYER_NEEDS - 1), seller)
    assert refused.reason == "open: buyerCollateral refused"
    refused = open_with(world, permit(world, BUYER, BUYER_NEEDS), permit(world, SELLER, 1))
    assert refused.reason == "open: sellerCollateral refused"
    assert world.token.read("nonces", BUYER.address) == 0  # all was undone


def test_permits_replace_no_signature(world):
    permits = permit(world, BUYER, BUYER_NEEDS), permit(world, SELLER, SELLER_NEEDS)
    refused = open_with(world, *permits, signed_by=OUTSIDER)
    assert refused.reason == "open: buyer did not sign"
    assert world.token.read("allowance", BUYER.address, world.vault().address) == 0


@pytest.mark.parametrize("token", ["PlainToken", "HungryToken"])
def test_a_token_without_permits_opens_by_allowance(token):
    world = World(Revm(), token, ("Test Token", "TEST", 6) if token == "PlainToken" else ())
    world.fund_both()
    garbage = (1, 27, b"\1" * 32, b"\1" * 32, 1)
    assert open_with(world, garbage, garbage).ok
