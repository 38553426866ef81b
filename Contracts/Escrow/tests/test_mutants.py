"""A few mutants of the contracts, always the same ones: each is noticed, or explained in MUTANTS.md.

All of them take much longer: `python mutants.py`.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE, SEED = 20, 2


def mutants(*options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, HERE.parent / "mutants.py", *options]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_sample_of_mutants_is_noticed():
    done = mutants("--again", "--sample", str(SAMPLE), "--seed", str(SEED))
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]


def test_every_explanation_is_of_a_mutant_that_there_is():
    listed = mutants("--list").stdout
    for line in (HERE.parent / "MUTANTS.md").read_text().splitlines():
        if line.startswith("- `"):
            name = line.split("`")[1]
            assert name in listed, name
