"""Random walks of all calls over honest and hostile tokens; STEPS=50000 for a long run.

Of a walk that fails the message tells kind and seed, and the last steps in words.
"""

import os

import pytest

from evm import Revm
from sequences.ledgers import KINDS
from sequences.calls import ACTS
from sequences.pyevm import PyEvm
from sequences.stage import Stage
from sequences.walk import Step, Tally, Walk, walks

STEPS = int(os.environ.get("STEPS", "5000"))
SEED = int(os.environ.get("SEED", "1"))
TALLIES: dict[str, Tally] = {}


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage(Revm())


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_is_as_predicted_and_every_invariant_holds(stage, kind):
    """Success or the exact reason, output, events and all state after each step."""
    for walk in walks(stage, [kind], -(-STEPS // len(KINDS)), SEED):
        TALLIES[kind] = walk.tally


def test_the_walks_went_everywhere():
    """After the walks above: each act succeeded and was refused, each route was taken."""
    if TALLIES.keys() != KINDS.keys():
        pytest.skip("only after walks over every kind of token")
    done: dict[str, int] = {}
    routes: dict[int, int] = {}
    for tally in TALLIES.values():
        for name, count in tally.done.items():
            done[name] = done.get(name, 0) + count
        for route, count in tally.routes.items():
            routes[route] = routes.get(route, 0) + count
    refused = {reason for tally in TALLIES.values() for reason in tally.refused}
    print({"steps": sum(tally.steps for tally in TALLIES.values()), "done": done, "routes": routes,
           "reasons": len(refused), "claims": sum(tally.claims for tally in TALLIES.values())})
    assert sum(tally.steps for tally in TALLIES.values()) >= STEPS
    assert done.keys() | {"initialise"} == {act.name for act in ACTS}
    assert routes.keys() == {1, 2, 3, 4, 5, 6}
    prefixes = {reason.split(":")[0] for reason in refused}
    assert prefixes >= {
        "open", "settle", "propose", "dispute", "finalise", "default", "rule", "appeal", "uphold",
        "withdraw", "exercise", "observe", "observed", "amend", "novate", "expire", "bond", "vault",
    }


def test_py_evm_agrees():
    """A tenth of the steps again on the other EVM: results, reasons, logs and all state are equal."""
    first, second = Stage(Revm()), Stage(PyEvm())
    assert first.factory.address == second.factory.address
    start = second.chain.snapshot()
    for walk in walks(first, list(KINDS), STEPS // 10, SEED, keep=True):
        for index, step in enumerate(walk.kept):
            # The price of a transaction itself is not in a message, so little gas means another thing.
            if step.gas is None or step.receipt.ok:
                again(second, walk, step, looks=index % 8 == 0)
        assert second.chain.call(second.reader, walk.reader.data) == walk.raw
        second.chain.restore(start)


def again(stage: Stage, walk: Walk, step: Step, looks: bool) -> None:
    stage.chain.time = step.time
    receipt = stage.chain.send(step.to, step.data, sender=step.sender)
    assert receipt.ok == step.receipt.ok, step.what
    assert receipt.output == step.receipt.output, step.what
    assert receipt.logs == step.receipt.logs, step.what
    if looks:
        assert stage.chain.call(stage.reader, walk.reader.data) == step.raw, step.what


def test_the_same_seed_is_the_same_walk(stage):
    told = []
    for _ in range(2):
        told.append([walk.history for walk in walks(stage, ["blocklist"], 40, seed=7)])
    assert told[0] == told[1]
