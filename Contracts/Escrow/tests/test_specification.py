"""The written specification speaks of these contracts: its types, calls and events are theirs."""

import json
import re
from pathlib import Path

from eth_abi import decode, encode
from eth_utils.abi import collapse_if_tuple, function_abi_to_4byte_selector

from world import ESCROW, types

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[2]
VECTORS = json.loads((PACKAGE / "Fixtures/specification/vectors.json").read_text())
CALLS_PAGE = (PACKAGE / "Sources/Tallystick.docc/SpecificationCalls.md").read_text()
FUNCTIONS = {
    function_abi_to_4byte_selector(entry): entry
    for name in ("EscrowFactory", "EscrowVault", "EscrowVaultPanels", "EscrowVaultChanges")
    for entry in ESCROW[name]["abi"]
    if entry["type"] == "function"
}


def test_each_type_string_is_in_the_contracts():
    source = (HERE.parent / "typed_data.vy").read_text()
    for each in VECTORS["types"]:
        if each["name"] != "JournalHead":  # signed for journals, not for contracts
            assert f'"{each["string"]}"' in source, each["name"]
    signed = set(re.findall(r'^    "(\w+)\(', source, re.MULTILINE)) - {"EIP712Domain"}
    assert signed <= {each["name"] for each in VECTORS["types"]}


def test_each_call_is_one_of_the_contracts_to_the_byte():
    for route, call in VECTORS["calls"].items():
        data = bytes.fromhex(call["data"][2:])
        inputs = types(FUNCTIONS[data[:4]]["inputs"])
        assert data[4:] == encode(inputs, decode(inputs, data[4:])), route


def test_the_page_lists_every_function_that_changes_something():
    escrow = collapse_if_tuple(
        next(entry for entry in FUNCTIONS.values() if entry["name"] == "finalise")["inputs"][0]
    )
    for entry in FUNCTIONS.values():
        if entry["stateMutability"] != "nonpayable" or entry["name"] in ("initialise", "checkTerms"):
            continue
        kinds = ",".join(types(entry["inputs"])).replace(escrow, "E")
        text = f"{entry['name']}({kinds})"
        if entry["name"] == "settleObserved":
            text = "settleObserved((F,E))"
        assert f"`{text}`" in CALLS_PAGE, text


def test_the_page_lists_every_event():
    for contract in ESCROW.values():
        for entry in contract["abi"]:
            if entry["type"] == "event":
                members = ",".join(
                    f"{each['type']}{' indexed' if each['indexed'] else ''} {each['name']}"
                    for each in entry["inputs"]
                )
                assert f"| `{entry['name']}({members})` |" in CALLS_PAGE, entry["name"]
