"""The machine that was written from the specification, on every golden case of the library."""

import pytest

from clause_machine import TABLE, Fault, read, run
from library import answer, outcome, programs, written

LIBRARY = list(programs())
WRITTEN = [read(bytecode) for bytecode, _ in written()]


def test_the_library_is_found_and_with_the_written_programs_has_every_instruction():
    assert {"payoff/european-call", "payoff/american-put", "escrow/vault"} <= {name for name, _, _ in LIBRARY}
    used = {opcode for program in [*(each[1] for each in LIBRARY), *WRITTEN] for opcode in program.opcodes}
    assert used == set(TABLE)


def test_the_written_programs():
    coins, fresh, fold = WRITTEN
    # 7 x 10 x 3 / (4 x 1) = 52.5, and so up; a divisor of zero.
    given = {"q": 7, "n": 3, "d": 4, "up": 10, "down": 1}
    assert run(coins, given).finds == {"r": 53}
    with pytest.raises(Fault, match="divisionByZero"):
        run(coins, {**given, "d": 0})
    given = {"p": 5, "at": 90, "asOf": 100, "age": 10}
    assert run(fresh, given).finds == {"r": 5}
    for at in (89, 101):
        with pytest.raises(Fault, match="staleObservation"):
            run(fresh, {**given, "at": at})
    # remainder(3x + i, 7) five times from -4: -12 + 0 leaves 2, 6 + 1 leaves 0, 2, 2 (9 by 7), 3 (10 by 7).
    assert run(fold, {"a": -4}).finds == {"r": 3}


@pytest.mark.parametrize("name,program,cases", LIBRARY, ids=[name for name, _, _ in LIBRARY])
def test_every_case_of_a_clause_gives_what_it_states(name, program, cases):
    for case in cases:
        expected = {part: value for part, value in case.items() if part not in ("name", "inputs")}
        assert answer(program, case) == expected, case["name"]


@pytest.mark.parametrize("name,program,cases", LIBRARY, ids=[name for name, _, _ in LIBRARY])
def test_no_case_costs_more_than_the_bytecode_states(name, program, cases):
    costs = [found.cost for case in cases if (found := outcome(program, case))]
    assert costs and max(costs) <= program.cost
