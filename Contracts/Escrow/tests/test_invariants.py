"""INVARIANTS.md names tests that are there, and each of what it lists."""

import re
from pathlib import Path

from sequences import invariants

HERE = Path(__file__).resolve().parent
SWIFT = HERE.parents[2] / "Tests"
TEXT = (HERE.parent / "INVARIANTS.md").read_text()
FAILURES = [*range(1, 9), 11, 12, *range(14, 20), *range(23, 35), 37, 38, 40]


def defined(file: str) -> set[str]:
    return set(re.findall(r"^def (\w+)\(", (HERE / file).read_text(), re.MULTILINE))


def test_every_statement_is_numbered_and_names_a_test():
    statements = re.split(r"^(\d+)\. \*\*", TEXT, flags=re.MULTILINE)[1:]
    numbers = [int(number) for number in statements[::2]]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 25
    for number, text in zip(numbers, statements[1::2]):
        assert re.search(r"`[\w/]+\.py::\w+`", text), number


def test_every_named_test_is_there():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 40
    for file, name in named:
        assert name in defined(file), f"{file}::{name}"


def test_every_invariant_of_the_walks_is_in_the_list():
    named = set(re.findall(r"invariants\.py::(\w+)`", TEXT))
    assert named == {each.__name__ for each in invariants.AFTER_EACH_STEP}


def test_every_known_failure_has_its_test_and_its_row():
    numbers = [
        int(number) for number in re.findall(r"^def test_failure_(\d+)_\w+\(",
                                             (HERE / "test_known_failures.py").read_text(), re.MULTILINE)
    ]
    assert numbers == FAILURES
    assert [int(row) for row in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)] == FAILURES


def test_every_named_test_of_the_library_is_there():
    named = re.findall(r"\| `(\w+Tests)`: ([^|]+?) \|", TEXT)
    assert named
    for suite, name in named:
        sources = "".join(path.read_text() for path in (SWIFT / suite).rglob("*.swift"))
        assert f"func `{name}`" in sources, f"{suite}: {name}"
