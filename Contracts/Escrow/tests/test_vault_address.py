"""Anyone derives a vault's address, and its code, from the escrow's address and the agreement's id."""

import rlp
from eth_utils import keccak, to_canonical_address, to_checksum_address

from world import CLOSED, ESCROW, PARTS, UNOPENED, Contract


def implementation_of(factory: str) -> bytes:
    """The first contract that the factory created."""
    return keccak(rlp.encode([to_canonical_address(factory), 1]))[12:]


def part_of(factory: str, name: str) -> bytes:
    """CREATE2 with salt zero over the part's init code."""
    init_code_hash = keccak(hexstr=ESCROW[name]["initCode"])
    return keccak(b"\xff" + to_canonical_address(factory) + b"\0" * 32 + init_code_hash)[12:]


def proxy_code(implementation: bytes) -> bytes:
    """EIP-1167."""
    return (
        bytes.fromhex("363d3d373d3d3d363d73")
        + implementation
        + bytes.fromhex("5af43d82803e903d91602b57fd5bf3")
    )


def vault_of(factory: str, agreement_id: bytes) -> str:
    init_code = bytes.fromhex("602d3d8160093d39f3") + proxy_code(implementation_of(factory))
    salted = b"\xff" + to_canonical_address(factory) + agreement_id + keccak(init_code)
    return to_checksum_address(keccak(salted)[12:])


def test_implementation_and_vault_are_where_the_derivation_says(either_world):
    world = either_world
    factory = world.factory.address
    implementation = implementation_of(factory)
    assert world.factory.read("implementation") == to_checksum_address(implementation)
    for agreement_id in (b"\0" * 32, world.id(), b"\xff" * 32):
        assert world.factory.read("vaultOf", agreement_id) == vault_of(factory, agreement_id)

    address = vault_of(factory, world.id())
    assert world.chain.code(address) == b""
    assert world.opened().address == address
    assert world.chain.code(address) == proxy_code(implementation)


def test_deployed_code_is_the_artifacts(either_world):
    world = either_world
    factory = world.factory.address
    implementation = implementation_of(factory)
    word = to_canonical_address(factory).rjust(32, b"\0")
    runtime = {name: bytes.fromhex(entry["runtime"][2:]) for name, entry in ESCROW.items()}
    panels, changes = (part_of(factory, name) for name in PARTS[1:])
    assert world.chain.code(to_checksum_address(implementation)) == (
        runtime["EscrowVault"] + word + panels.rjust(32, b"\0")
    )
    assert world.chain.code(to_checksum_address(panels)) == (
        runtime["EscrowVaultPanels"] + word + changes.rjust(32, b"\0")
    )
    assert world.chain.code(to_checksum_address(changes)) == runtime["EscrowVaultChanges"] + word
    delivery = part_of(factory, "DeliveryVault")
    assert world.chain.code(factory) == (
        runtime["EscrowFactory"] + implementation.rjust(32, b"\0") + delivery.rjust(32, b"\0")
    )


def test_nobody_opens_the_implementation_itself(world):
    address = world.factory.read("implementation")
    implementation = Contract(world.chain, ESCROW["EscrowVault"]["abi"], address)
    refused = implementation.send("initialise", world.id(), world.escrow_tuple())
    assert refused.reason == "initialise: not the escrow"
    terms = world.escrow_tuple(), world.terms.economics_hash()
    assert implementation.send("finalise", *terms).reason == "vault: other terms"
    assert implementation.read("state")[0] == UNOPENED


def test_nobody_opens_a_vault_again(world):
    vault = world.opened()
    arguments = world.id(), world.escrow_tuple()
    assert vault.send("initialise", *arguments).reason == "initialise: not the escrow"
    assert world.settle(0).ok
    assert vault.read("state")[0] == CLOSED
    assert world.open().reason == "open: already opened"


def test_not_even_the_escrow_opens_a_vault_again(world):
    """It has no way to ask: here its address is made an account that may send."""
    vault = world.opened()
    world.chain.erase(world.factory.address)
    refused = vault.send("initialise", world.id(), world.escrow_tuple(), sender=world.factory)
    assert refused.reason == "initialise: already open"


def test_native_coin_is_refused(world):
    vault = world.opened()
    for address in (world.factory.address, vault.address):
        assert not world.chain.send(address, b"", value=1).ok
    finalise = vault.data("finalise", world.escrow_tuple(), world.terms.economics_hash())
    assert not world.chain.send(vault.address, finalise, value=1).ok
