"""The machine against the models, on random inputs: what was released pays what each payoff's definition says.

SEED=… repeats a run, COUNT=… sets how many inputs each clause gets.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from random import Random

import model
import pytest
from draws import near
from exact import result, texts

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("TALLYSTICK", ROOT / ".build/release/tallystick"))
SEED = os.environ["SEED"]
COUNT = int(os.environ.get("COUNT", 10_000))
DRAWN = [name for name, clause in model.CLAUSES.items() if clause.draw]


def said(answer):
    """What the machine says, as far as the models say it."""
    return {"fault": answer["fault"]} if "fault" in answer else {
        kind: answer[kind] for kind in ("payments", "routes", "findings") if kind in answer}


@pytest.mark.parametrize("name", DRAWN)
def test_machine_says_what_the_model_says(name, tmp_path):
    clause = model.CLAUSES[name]
    rng = Random(f"{SEED} {name}")
    rows = [inputs for _, inputs in clause.cases] + [clause.draw(rng) for _ in range(COUNT)]
    file = tmp_path / "inputs.jsonl"
    file.write_text("".join(json.dumps(texts(inputs)) + "\n" for inputs in rows))
    answers = subprocess.run(
        [BINARY, "clause", "run", model.FOLDER / f"{name}.clause", "--inputs", file],
        check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(answers) == len(rows)
    for number, (inputs, answer) in enumerate(zip(rows, answers, strict=True)):
        expected = texts(result(clause, inputs))
        assert said(json.loads(answer)) == expected, f"seed {SEED}, {name}, row {number}: {json.dumps(texts(inputs))}"


def test_every_payoff_has_a_model_and_every_model_a_payoff():
    files = {f"payoff/{file.stem}" for file in (model.FOLDER / "payoff").glob("*.clause")}
    assert files == {name for name in model.CLAUSES if name.startswith("payoff/")}


@pytest.mark.parametrize("name", [name for name in DRAWN if name.startswith("payoff/")])
def test_claims_hold_of_the_definition(name):
    """What a clause claims of the buyer's payment is true of the model, which knows nothing of the claim."""
    claims = re.findall(r"^claim buyer (rises|falls) with (\w+)$", (model.FOLDER / f"{name}.clause").read_text(), re.M)
    assert claims or "physical" in name
    rng, clause = Random(f"{SEED} {name}"), model.CLAUSES[name]
    for way, varied in claims:
        compared = 0
        for _ in range(1_000):
            inputs = clause.draw(rng)
            if varied not in inputs:
                continue
            low, high = sorted([inputs[varied], near(rng, *(max(0, inputs[each]) for each in (varied, "strikePrice")))])
            pair = [result(clause, {**inputs, varied: value}).get("payments") for value in (low, high)]
            if None in pair or low == high:
                continue
            compared += 1
            less, more = (payments["toBuyer"] for payments in (pair if way == "rises" else reversed(pair)))
            assert less <= more, f"seed {SEED}: {name}, {varied} {low} and {high}: {json.dumps(texts(inputs))}"
        assert compared > 300


def test_random_inputs_reach_every_kind_of_result():
    """Nothing, all of it, and something in between; a promise broken, a fact missing, an input out of range."""
    for name in DRAWN:
        rng, clause = Random(f"{SEED} {name}"), model.CLAUSES[name]
        if clause.kind != "payments":
            continue
        seen = set()
        for _ in range(2_000):
            inputs = clause.draw(rng)
            answer = result(clause, inputs)
            seen.add(answer.get("fault", "outcome"))
            if "payments" in answer:
                gain = answer["payments"]["toBuyer"] - inputs["buyerCollateral"]
                seen.add("nothing" if gain == 0 else "all" if gain == inputs.get("sellerCollateral") else "part")
        wanted = {"outcome", "nothing"} | ({"all", "part"} if "sellerCollateral" in inputs else set())
        assert wanted <= seen, f"seed {SEED}: {name} reached only {sorted(seen)}"
