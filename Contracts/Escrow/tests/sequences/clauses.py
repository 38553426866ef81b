"""The clauses of Contracts/Clauses in the machine that the program runs them in: many states in one run."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
BINARY = Path(os.environ.get("TALLYSTICK", ROOT / ".build/release/tallystick"))
FOLDER = ROOT / "Contracts" / "Clauses"


def signed(word: bytes | str) -> int:
    """A digest or an address as the machine's numbers carry its bits."""
    if isinstance(word, str):
        word = bytes.fromhex(word[2:])
    value = int.from_bytes(word, "big")
    return value - 2**256 if value >= 2**255 else value


def scale(economics: dict) -> dict:
    """What turns quantity times price into base units of the token, reduced."""
    exponent = economics["tokenDecimals"] - economics["quantityDecimals"] - economics["priceDecimals"]
    return {"scaleUp": 10 ** max(exponent, 0), "scaleDown": 10 ** max(-exponent, 0)}


def texts(value) -> str | list[str]:
    return [str(each) for each in value] if isinstance(value, list) else str(int(value))


def lines(rows: list[dict]) -> list[str]:
    return [json.dumps({name: texts(value) for name, value in row.items()}) for row in rows]


def run(clause: str, inputs: list[str]) -> list[dict]:
    """The machine's answer to each line of inputs."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(line + "\n" for line in inputs))
        file.flush()
        command = [BINARY, "clause", "run", FOLDER / f"{clause}.clause", "--inputs", file.name]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(inputs)
    return answers


def answers(clause: str, rows: list[dict], may_fault: bool = False) -> list[dict]:
    """The same, where each row is asked once however often it comes, and numbers are numbers."""
    asked = lines(rows)
    distinct = list(dict.fromkeys(asked))
    found = dict(zip(distinct, run(clause, distinct)))
    for line, answer in found.items():
        assert may_fault or "fault" not in answer, f"{clause}: {answer} for {line}"
    return [numbers(found[line]) for line in asked]


def numbers(value):
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
