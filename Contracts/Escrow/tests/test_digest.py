"""The contract's digests against eth-account's, with every field changed in turn."""

import pytest
from eth_utils import keccak

from evm import Revm
from terms import BUYER, OUTSIDER, SELLER, TYPES, ZERO, Domain, Party, european_call
from world import World

# One world for all: digests are views.
WORLD = World(Revm())
TERMS = european_call(WORLD.token.address)
MANY = [Party(f"member {index}").address for index in range(15)]

# Other values of a field, beyond those that its type already gives.
STRINGS = ["", "x", "ü → €", "x" * 31, "x" * 32]
LONGER = {"priceSource": ["x" * 33, "y" * 256], "parameters": ["barrier 3000.5 USD\n", "z" * 1024]}


def changes():
    for struct in ("Economics", "Escrow"):
        for field in TYPES[struct]:
            name, kind = field["name"], field["type"]
            if kind == "string":
                values = STRINGS + LONGER.get(name, [])
            elif kind == "address":
                values = [OUTSIDER.address, ZERO, "0x" + "ff" * 20]
            elif kind == "address[]":
                present = TERMS.escrow[name]
                values = [present[::-1] + [BUYER.address], present[:1] + [SELLER.address], MANY]
            elif kind == "bytes32":
                values = [b"\0" * 32, keccak(text="other"), b"\xff" * 32]
            else:
                bits = int(kind.removeprefix("uint"))
                values = [0, 1, 2, 2**bits - 2, 2**bits - 1]
            for index, value in enumerate(values):
                yield pytest.param(name, value, id=f"{name}-{index}")


def contract_digest(terms) -> bytes:
    return WORLD.factory.read("digestOf", WORLD.terms_tuple(terms))


def test_the_digest_is_what_wallets_sign():
    assert contract_digest(TERMS) == WORLD.id(TERMS)


@pytest.mark.parametrize("name, value", list(changes()))
def test_each_field_enters_the_digest(name, value):
    terms = TERMS.changed(**{name: value})
    assert contract_digest(terms) == WORLD.id(terms)
    if terms != TERMS:
        assert WORLD.id(terms) != WORLD.id(TERMS)


def test_changes_cover_every_field():
    fields = {field["name"] for struct in ("Economics", "Escrow") for field in TYPES[struct]}
    really_changed = {
        change.values[0] for change in changes() if TERMS.changed(**dict([change.values])) != TERMS
    }
    assert really_changed == fields
    assert list(TERMS.economics) == [field["name"] for field in TYPES["Economics"]]
    assert list(TERMS.escrow) == [field["name"] for field in TYPES["Escrow"]]


def test_members_of_a_panel_are_in_order():
    swapped = TERMS.changed(observers=TERMS.escrow["observers"][::-1])
    assert contract_digest(swapped) == WORLD.id(swapped) != WORLD.id(TERMS)


def test_the_chain_sees_only_the_hash_of_the_economics():
    arguments = WORLD.escrow_tuple(TERMS), TERMS.economics_hash()
    assert WORLD.factory.read("agreementIdOf", *arguments) == WORLD.id(TERMS)


@pytest.mark.parametrize("chain_id", [1, 2**63])
def test_the_digest_follows_the_chain(chain_id):
    world = World(Revm(chain_id))
    assert world.factory.address == WORLD.factory.address
    digest = world.factory.read("digestOf", world.terms_tuple(TERMS))
    assert digest == Domain(chain_id, world.factory.address).digest("OptionTerms", TERMS.message())
    assert digest != WORLD.id(TERMS)


def test_the_digest_follows_the_escrow():
    other = WORLD.deploy_factory()
    digest = other.read("digestOf", WORLD.terms_tuple(TERMS))
    assert digest == Domain(WORLD.chain.chain_id, other.address).digest(
        "OptionTerms", TERMS.message()
    )
    assert digest != WORLD.id(TERMS)


def test_the_domain_can_be_looked_up():
    fields, name, version, chain_id, address, salt, extensions = WORLD.factory.read("eip712Domain")
    assert (fields, name, version) == (b"\x0f", "Tallystick", "1")
    assert (chain_id, address) == (WORLD.chain.chain_id, WORLD.factory.address)
    assert (salt, extensions) == (b"\0" * 32, ())


@pytest.mark.parametrize(
    "name, value",
    [("optionType", "x" * 33), ("priceSource", "x" * 257), ("parameters", "x" * 1025)],
)
def test_text_beyond_its_bound_is_refused(name, value):
    data = WORLD.factory.data("digestOf", WORLD.terms_tuple(TERMS.changed(**{name: value})))
    assert WORLD.chain.send(WORLD.factory.address, data).reason == ""
