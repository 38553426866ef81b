"""Independent models of the clauses in exact integers, one file a family, and the golden cases that they give.

    python model.py           checks that the golden files say what the models say
    python model.py --write   writes them
"""

import sys
from pathlib import Path

import asian
import barrier
import delivery
import digital
import european
import evidence
import exercise
import inverse
import physical
import price
import ruling
import strategies
import vault
from exact import collected, document

FOLDER = Path(__file__).resolve().parent.parent
FAMILIES = [
    european, exercise, strategies, digital, barrier, asian, inverse, physical, vault, delivery, price, evidence, ruling]
CLAUSES = collected(family.CLAUSES for family in FAMILIES)


def golden_file(name):
    return FOLDER / f"{name}.cases.json"


def main():
    stale = []
    for name, clause in CLAUSES.items():
        text = document(clause)
        if "--write" in sys.argv:
            golden_file(name).write_text(text)
        elif golden_file(name).read_text() != text:
            stale.append(str(golden_file(name)))
    if stale:
        sys.exit("these do not say what the model says: " + ", ".join(stale))
    count = sum(len(clause.cases) for clause in CLAUSES.values())
    print(f"{count} cases in {len(CLAUSES)} files agree with the models")


if __name__ == "__main__":
    main()
