"""The library of clauses and its golden cases, by the machine of this folder."""

import json
from collections.abc import Iterator
from pathlib import Path

from eth_utils import keccak

from clause_machine import Fault, Program, Result, read, run

CLAUSES = Path(__file__).resolve().parent / "../../Contracts/Clauses"


def programs() -> Iterator[tuple[str, Program, list[dict]]]:
    """Each clause's name, what its bytecode holds, and its cases."""
    for file in sorted(CLAUSES.glob("*/*.bytecode")):
        cases = json.loads(file.with_suffix(".cases.json").read_text())["cases"]
        yield f"{file.parent.name}/{file.stem}", read(bytes.fromhex(file.read_text().strip()[2:])), cases


def inputs_of(case: dict) -> dict:
    return {name: list(map(int, given)) if isinstance(given, list) else int(given)
            for name, given in case["inputs"].items()}


def answer(program: Program, case: dict) -> dict:
    """What the machine says of a case, in the form in which the case states it."""
    try:
        found = run(program, inputs_of(case))
    except Fault as fault:
        return {"fault": fault.name}
    said = {}
    if program.kind == "payoff":
        said["payments"] = released(found.decided[0])
    if program.kind == "escrow":
        said["routes"] = dict(zip(program.routes, map(released, found.decided), strict=True))
    if found.finds:
        said["findings"] = {name: str(value) for name, value in found.finds.items()}
    return said


def released(decision: dict) -> dict | str:
    if decision["payments"] is None:
        return "open" if decision["isOpen"] else "closed"
    parts = dict(zip(("toBuyer", "toSeller"), map(str, decision["payments"])))
    if decision["deliveries"]:
        parts |= dict(zip(("deliveryToBuyer", "deliveryToSeller"), map(str, decision["deliveries"])))
    return parts


def traces() -> dict:
    """For each clause the Keccak-256 of the traces, one after the other, of all its cases that end without a fault; and
    the written programs."""
    digests, programs_written = {}, []
    for name, program, cases in programs():
        found = (outcome(program, case) for case in cases)
        digests[name] = "0x" + keccak(b"".join(each.trace for each in found if each)).hex()
    for bytecode, inputs in written():
        found = run(read(bytecode), inputs)
        programs_written.append({
            "bytecode": "0x" + bytecode.hex(), "inputs": {name: str(value) for name, value in inputs.items()},
            "r": str(found.finds["r"]), "cost": str(found.cost), "traceDigest": "0x" + keccak(found.trace).hex()})
    return {"clauses": digests, "programs": programs_written}


def written() -> list[tuple[bytes, dict]]:
    """Programs with the instructions that no clause of the library has, each with inputs."""
    return [
        (assembled([("d", 4), ("down", 2), ("n", 4), ("q", 5), ("up", 2)], 18, "0203 0202 0200 0204 0201 1c 43", 3),
         {"q": 7, "n": 3, "d": 4, "up": 10, "down": 1}),
        (assembled([("age", 7), ("asOf", 6), ("at", 6), ("p", 4)], 7, "0203 0202 0201 0200 1e 43", 4),
         {"p": 5, "at": 90, "asOf": 100, "age": 10}),
        (assembled([("a", 2)], 69, "0200 3200 0010 00000005 0400 01020103 12 0401 10 01020107 1f 34 43", 2), {"a": -4}),
    ]


def assembled(inputs: list[tuple[str, int]], cost: int, code: str, found: int) -> bytes:
    """An arbitration rule that reads terms and finds `r`."""

    def name(text: str) -> bytes:
        return bytes([len(text)]) + text.encode()

    table = b"".join(bytes([1, type_byte]) + name(text) for text, type_byte in inputs)
    body = bytes.fromhex(code)
    return (b"TSCL\1\3" + bytes([len(inputs)]) + table + b"\0" + cost.to_bytes(4, "big") + len(body).to_bytes(2, "big")
            + body + b"\3\1" + name("r") + bytes([found]))


def outcome(program: Program, case: dict) -> Result | None:
    try:
        return run(program, inputs_of(case))
    except Fault:
        return None
