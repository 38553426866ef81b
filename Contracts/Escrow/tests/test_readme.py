"""What README.md says about refusals, functions and events is what is there."""

import re
from pathlib import Path

from world import ESCROW

HERE = Path(__file__).resolve().parent
README = (HERE.parent / "README.md").read_text()


def test_every_reason_is_documented_and_no_other():
    in_sources = set()
    for source in HERE.parent.glob("*.vy"):
        in_sources |= set(re.findall(r'"([a-zA-Z]+: [a-zA-Z][^"]*)"', source.read_text()))
    documented = re.findall(r"^\| `([a-zA-Z]+: [^`]*)` \|", README, re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == in_sources


def test_every_function_and_event_is_documented():
    for contract in ESCROW.values():
        for entry in contract["abi"]:
            if entry["type"] in ("function", "event") and entry["name"] != "initialise":
                assert re.search(rf"`[^`]*\b{entry['name']}\b[^`]*`", README), entry["name"]
