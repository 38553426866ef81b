"""An escrow that keeps to other rules than the program replays: no service starts on it, and a dry run says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import vyper
from harness.command import BINARY
from harness.escrowed import Escrowed
from harness.world import World
from web3 import Web3

OTHERS = ("delivery", "price", "ladder", "ruling")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory):
    """A world whose escrow is of another version: one rule is the same, four are others, one is missing."""
    with World(tmp_path_factory.mktemp("elsewhere")) as world:
        source = Path(__file__).with_name("OtherRules.vy").read_text()
        output = vyper.compile_code(source, output_formats=["abi", "bytecode"])
        artifact = {"abi": output["abi"], "initCode": output["bytecode"]}
        world.own = {
            rule: "0x" + world.escrow.functions[f"{rule}Rule"]().call().hex()
            for rule in ("vault", "evidence", *OTHERS)}
        factory = world.escrow
        world.escrow = world.chain.deploy(artifact, bytes.fromhex(world.own["vault"][2:]))
        # Where a vault would be is asked of the other one; none is opened.
        world.factory = factory
        world.carrier, world.buyer, world.seller = (world.party(name) for name in ("carrier", "buyer", "seller"))
        world.make_observers()
        yield world


def words(world: World) -> list[str]:
    """What is said of each rule, in the rules' order."""
    named = {rule: Web3.keccak(text=f"another {rule} rule").to_0x_hex() for rule in OTHERS} | {"evidence": "none"}
    return [
        f"{rule} rule: the escrow names {named[rule]}, this program has {world.own[rule]}"
        for rule in ("delivery", "price", "ladder", "evidence", "ruling")]


def test_a_service_refuses_to_start(elsewhere: World) -> None:
    """It names the rules, both digests, and what to do, and ends with the status of a refusal."""
    done = subprocess.run(
        [BINARY, "serve", "--rpc-url", elsewhere.chain.url, "--escrow", elsewhere.escrow.address, "--port", "0"],
        cwd=elsewhere.directory, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    assert done.stderr == (
        f"tallystick: the escrow {elsewhere.escrow.address} keeps to other rules: {'; '.join(words(elsewhere))}; use the "
        "program that was released with this escrow, or give the address of one that names these rules\n")


class Elsewhere(Escrowed):
    """A trade at that escrow."""

    def find_vault(self):
        return self.world.chain.vault(self.world.factory, self.id)


def test_a_dry_run_and_the_state_say_so(elsewhere: World) -> None:
    trade = Elsewhere(elsewhere, "elsewhere")
    expected = [f"escrow: other rules ({each})" for each in words(elsewhere)]
    result = trade.run("open")
    assert result.status == 3
    reasons = result.envelope["data"]["reasons"]
    assert reasons[:5] == expected
    state = trade.state()
    assert (state["status"], state["reasons"]) == ("unopened", expected)


def test_the_escrow_of_this_version_is_in_nobodys_way(elsewhere: World) -> None:
    elsewhere.escrow, other = elsewhere.factory, elsewhere.escrow
    try:
        assert Elsewhere(elsewhere, "here").state()["reasons"] == []
    finally:
        elsewhere.escrow = other
