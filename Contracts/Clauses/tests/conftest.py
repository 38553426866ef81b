"""What a run prints of itself, so that it can be repeated."""

import os
from random import SystemRandom

os.environ.setdefault("SEED", str(SystemRandom().randrange(1 << 32)))


def pytest_report_header():
    return f"clauses: SEED={os.environ['SEED']} COUNT={os.environ.get('COUNT', 10_000)}"
