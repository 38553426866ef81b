"""Breaks the contracts in every small way that can be made mechanically, and runs the tests against each.

    python mutants.py                    all mutants; survivors that MUTANTS.md does not explain fail the run
    python mutants.py --sample 20        that many, chosen by --seed
    python mutants.py --list             only tells what there is
    python mutants.py --only tokens.vy   of one source

A mutant is one source with one assertion removed, one comparison moved by one (or turned round, where there
is nothing to move), or one write to storage dropped. Results are kept in .build/reports/mutants.jsonl, so that
a run that was ended goes on; those that survived are tried again.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import tokenize
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import build
from eth_utils import keccak

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[1] / ".build" / "reports" / "mutants.jsonl"
EXPLAINED = HERE / "MUTANTS.md"
ARTIFACT = HERE / "artifact.json"
CONTRACTS = build.ARTIFACTS[ARTIFACT]
SECONDS_MAX = 300  # of processor time for one mutant's tests: one that hangs is noticed

MOVED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
WRITES = {"=", "+=", "-=", "|=", "&="}
STORES = {"self", "vault"}

# The tests that are likeliest to notice, first; what measures code itself would notice anything.
ALL = ["test_life_cycle", "sequences/test_sequences", "test_settlement", "test_open", "test_rulings",
       "test_observed", "test_payoff", "test_changes", "test_delivery", "test_tokens", "test_permits",
       "test_views", "test_known_failures", "test_wallets", "test_states_contract", "test_digest",
       "test_vault_address"]
FIRST = {
    "DeliveryVault.vy": ["test_delivery"],
    "EscrowFactory.vy": ["test_open", "test_delivery"],
    "EscrowVault.vy": ["test_life_cycle", "test_settlement"],
    "vault.vy": ["test_life_cycle", "test_settlement"],
    "EscrowVaultPanels.vy": ["test_rulings", "test_observed"],
    "EscrowVaultChanges.vy": ["test_changes"],
    "payoff.vy": ["test_payoff", "test_observed"],
    "signatures.vy": ["test_open", "test_wallets"],
    "tokens.vy": ["test_tokens"],
    "typed_data.vy": ["test_digest", "test_life_cycle"],
}
SKIPPED = "not py_evm and not went_everywhere and not on_py_evm and not py-evm and not mutants"


@dataclass(frozen=True)
class Mutant:
    source: str
    line: int
    function: str
    kind: str
    before: str
    text: str  # of the whole source

    @property
    def name(self) -> str:
        """Without the line, so that it outlives other changes."""
        return f"{self.source} {self.function}: {self.kind}: {self.before}"


def logical_lines(text: str):
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.type == tokenize.NEWLINE:
            yield line
            line = []
        else:
            line.append(token)


def mutants_of(path: Path) -> list[Mutant]:
    text = path.read_text()
    starts = [0]
    for each in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(each))
    at = lambda place: starts[place[0] - 1] + place[1]  # noqa: E731
    found, function = [], ""

    def add(kind: str, first, last, new: str, told: str) -> None:
        changed = text[: at(first)] + new + text[at(last) :]
        shown = re.sub(r"\s+", " ", told)
        found.append(Mutant(path.name, first[0], function, kind, shown, changed))

    for line in logical_lines(text):
        if not line:
            continue
        first, last, whole = line[0].start, line[-1].end, text[at(line[0].start) : at(line[-1].end)]
        if first[1] == 0:
            function = line[1].string if line[0].string == "def" else ""
        if not function or first[1] == 0:
            continue
        if line[0].string == "assert":
            add("assertion removed", first, last, "pass", whole)
        depth, names = 0, line[0].string
        for index, token in enumerate(line):
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
            if token.type == tokenize.OP and token.string in MOVED:
                before, after = text[at(first) : at(token.start)], text[at(token.end) : at(last)]
                around = f"{before}⟨{token.string}⟩{after}"
                add("comparison moved", token.start, token.end, MOVED[token.string], around)
            if token.string == "in" and line[0].string != "for":
                negated = line[index - 1].string == "not"
                start = line[index - 1].start if negated else token.start
                add("comparison moved", start, token.end, "in" if negated else "not in", whole)
            if token.type == tokenize.OP and token.string in WRITES and depth == 0 and names in STORES:
                if line[1].string == ".":
                    add("write dropped", first, last, "pass", whole)
                    break
    return found


def all_mutants() -> list[Mutant]:
    sources = sorted(path for path in HERE.glob("*.vy") if path.name != "codes.vy")
    found, seen = [], {}
    for source in sources:
        for mutant in mutants_of(source):
            # The same text twice in a function: told apart by a number.
            count = seen[mutant.name] = seen.get(mutant.name, 0) + 1
            if count > 1:
                mutant = Mutant(mutant.source, mutant.line, mutant.function, mutant.kind,
                                f"{mutant.before} ({count})", mutant.text)
            found.append(mutant)
    return found


def imports(folder: Path, name: str) -> set[str]:
    """The source itself and all that it imports."""
    found, waiting = set(), [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            named = re.findall(r"^from \. import (\w+)", (folder / each).read_text(), re.MULTILINE)
            waiting += [f"{module}.vy" for module in named]
    return found


def compiled(folder: Path, mutant: Mutant) -> dict:
    """The artifact with the mutant in it. Only what has the source in it is compiled; where a contract knows
    the digest of a part's code, that constant is replaced in its code."""
    artifact = json.loads(ARTIFACT.read_text())
    contracts = artifact["contracts"]
    digests = {name: digest_of(contracts[path.removesuffix(".vy")]) for name, path in build.PART_OF.items()}
    for path in CONTRACTS:
        if mutant.source in imports(folder, path.name):
            contracts[path.stem] = build.compile_contract(folder / path.name)
    for name, path in build.PART_OF.items():  # a part stands before those that know it
        new = digest_of(contracts[path.removesuffix(".vy")])
        for contract in contracts.values():
            for code in ("initCode", "runtime"):
                contract[code] = contract[code].replace(digests[name], new)
    return artifact


def digest_of(contract: dict) -> str:
    return keccak(hexstr=contract["initCode"]).hex()


def tests_for(mutant: Mutant) -> list[list[str]]:
    """In two helpings: most mutants do not live to see the second."""
    first = FIRST.get(mutant.source, ["test_life_cycle"])
    helpings = [first, [name for name in ALL if name not in first]]
    return [[str(HERE / "tests" / f"{name}.py") for name in names] for names in helpings]


def judge(mutant: Mutant) -> dict:
    """In a process of its own: compiles the mutant and runs tests until one fails."""
    started = time.monotonic()
    told = {"name": mutant.name, "line": mutant.line}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for source in HERE.glob("*.vy"):
            shutil.copy(source, folder)
        (folder / mutant.source).write_text(mutant.text)
        try:
            artifact = compiled(folder, mutant)
        except Exception as error:  # noqa: BLE001
            return told | {"verdict": "does not compile", "why": type(error).__name__}
        if artifact["contracts"] == json.loads(ARTIFACT.read_text())["contracts"]:
            return told | {"verdict": "same code"}
        target = folder / "artifact.json"
        target.write_text(json.dumps(artifact))
        told["compiled"] = round(time.monotonic() - started, 1)
        told["verdict"], told["by"] = run_tests(target, tests_for(mutant))
    return told | {"seconds": round(time.monotonic() - started, 1)}


class Watch:
    """Remembers the first failure."""

    def __init__(self):
        self.failed = ""

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid.split("Escrow/")[-1]

    def pytest_collectreport(self, report):
        self.pytest_runtest_logreport(report)


def run_tests(artifact: Path, helpings: list[list[str]]) -> tuple[str, str]:
    import signal

    import pytest

    os.environ["ESCROW_ARTIFACT"] = str(artifact)
    os.environ.setdefault("STEPS", "2600")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    watch, late = Watch(), []

    def stop(*_) -> None:
        late.append(True)
        raise TimeoutError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_MAX)
    try:
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            for tests in helpings:
                options = ["-x", "-q", "-p", "no:cacheprovider", "-k", SKIPPED]
                if pytest.main([*options, *tests], plugins=[watch]) != 0:
                    return "killed", "took too long" if late else watch.failed
    except TimeoutError:
        return "killed", "took too long"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "survived", ""


def explained() -> set[str]:
    """The names in MUTANTS.md's list."""
    if not EXPLAINED.exists():
        return set()
    return set(re.findall(r"^- `([^`]+)`", EXPLAINED.read_text(), re.MULTILINE))


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--list", action="store_true")
    options.add_argument("--again", action="store_true", help="those too that the report knows as noticed")
    chosen = options.parse_args()

    mutants = [each for each in all_mutants() if chosen.only in (None, each.source)]
    if chosen.sample:
        mutants = random.Random(chosen.seed).sample(mutants, chosen.sample)
    if chosen.list:
        for mutant in mutants:
            print(f"{mutant.source}:{mutant.line}: {mutant.name}")
        print(len(mutants))
        return 0

    # Once, before the processes divide: the rest is inherited.
    sys.path.append(str(HERE.parents[1] / "Tests" / "DevChain"))
    import devchain, eth_account, pyrevm, pytest, vyper  # noqa: E401, F401

    digest = sources_digest()
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    known = {} if chosen.again or not REPORT.exists() else {
        each["name"]: each for each in map(json.loads, REPORT.read_text().splitlines())
        if each.get("sources") == digest and each["verdict"] != "survived"
    }
    results = [known[each.name] for each in mutants if each.name in known]
    waiting = [each for each in mutants if each.name not in known]
    with get_context("fork").Pool(chosen.jobs, maxtasksperchild=1) as pool, REPORT.open("a") as report:
        for result in pool.imap_unordered(judge, waiting):
            result["sources"] = digest
            results.append(result)
            print(json.dumps(result), file=report, flush=True)
            print(f"{len(results)}/{len(mutants)} {result['verdict']}: {result['name']}", flush=True)
    return tell(results)


def sources_digest() -> str:
    return keccak(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.vy")))).hex()[:16]


def tell(results: list[dict]) -> int:
    verdicts = [each["verdict"] for each in results]
    made = sum(verdict in ("killed", "survived") for verdict in verdicts)
    survivors = sorted(each["name"] for each in results if each["verdict"] == "survived")
    for name in survivors:
        print("survived" + ("" if name in explained() else ", not explained") + f": {name}")
    slow = [each["name"] for each in results if each.get("by") == "took too long"]
    print(*(f"killed by taking too long: {name}" for name in slow), sep="\n", end="\n" if slow else "")
    print(f"{len(results)} mutants: {verdicts.count('killed')} killed, {len(survivors)} survived "
          f"({100 * len(survivors) / max(made, 1):.1f} %), {verdicts.count('same code')} the same code, "
          f"{verdicts.count('does not compile')} do not compile")
    return 1 if set(survivors) - explained() else 0


if __name__ == "__main__":
    sys.exit(main())
