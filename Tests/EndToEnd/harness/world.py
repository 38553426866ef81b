"""A chain with token and escrow, a service on it, and people who trade."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

from harness.chain import Chain
from harness.command import Tallystick
from harness.party import Party
from harness.service import Service
from harness.terms import CALL, UNIT

FUNDS = 50_000 * UNIT
"""What a party begins with, in base units."""


class World:
    """Everything is stopped when the context ends."""

    def __init__(self, directory: Path, *, before: Callable[[list[str]], object] | None = None) -> None:
        self.directory = directory
        self.tallystick = Tallystick(directory, before=before)
        self.stack = ExitStack()
        self.chain = Chain(directory)
        self.stack.callback(self.chain.stop)
        try:
            self.token, self.escrow = self.chain.deploy_token(), self.chain.deploy_escrow()
            shutil.copy(CALL, directory)
        except BaseException:
            self.stack.close()
            raise

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stack.close()

    def serve(self, rpc_url: str | None = None, **options: Any) -> Service:
        """Starts the service and gives its key ether for gas."""
        self.service = Service(
            self.directory, rpc_url=rpc_url or self.chain.url, escrow=self.escrow.address, **options)
        self.stack.callback(self.service.stop)
        self.service.start()
        self.chain.give_ether(self.service.sender)
        return self.service

    def party(self, name: str, units: int = FUNDS) -> Party:
        """A person with a key file, ether and tokens."""
        party = Party(self.tallystick, name)
        self.chain.give_ether(party.address)
        self.chain.call(self.token, "mint", party.address, units)
        return party

    def make_observers(self) -> None:
        self.observers = [Party(self.tallystick, f"observer{number}") for number in (1, 2, 3)]

    @cached_property
    def clause(self) -> str:
        """The digest of the European call."""
        return self.tallystick("clause", "compile", CALL.name)

    def balance(self, holder: str) -> int:
        """Tokens of an address, read from the chain."""
        return self.token.functions.balanceOf(holder).call()
