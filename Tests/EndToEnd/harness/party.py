"""A person with a key file and its password file, who acts through the command line alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.command import Tallystick


class Party:
    """Made by `keys new`. The files are named after the person, in the command's directory."""

    def __init__(self, tallystick: Tallystick, name: str) -> None:
        self.tallystick, self.name = tallystick, name
        self.key_file, self.password_file = f"{name}.key.json", f"{name}.password"
        (tallystick.directory / self.password_file).write_text(f"{name}'s own words\n")
        self.address = tallystick("keys", "new", out=self.key_file, password_file=self.password_file, light=True)

    @property
    def key(self) -> dict[str, str]:
        """The options that name the key."""
        return {"keystore": self.key_file, "password_file": self.password_file}

    def delete_key(self) -> None:
        (self.tallystick.directory / self.key_file).unlink()

    def sign_terms(self, file: str) -> str:
        return self.tallystick("terms", "sign", file, **self.key)

    def observe(self, file: str, value: int, published_at: int, **options: Any) -> dict[str, Any]:
        """A signed observation, of the last fixing unless `observed_at` says another."""
        return json.loads(
            self.tallystick("observation", "sign", file, value=value, published_at=published_at, **self.key, **options))

    def private_key(self) -> bytes:
        """For what the command line refuses to sign; eth-account opens the file."""
        from eth_account import Account

        directory: Path = self.tallystick.directory
        password = (directory / self.password_file).read_text().rstrip("\n")
        return bytes(Account.decrypt(json.loads((directory / self.key_file).read_text()), password))
