"""Breaks the contracts in every small way that can be made mechanically, and runs the tests against each.

    python mutants.py                    all mutants; survivors that MUTANTS.md does not explain fail the run
    python mutants.py --sample 20        that many, chosen by --seed
    python mutants.py --list             only tells what there is
    python mutants.py --only tokens.vy   of one source

A mutant is one source with one assertion removed, one comparison moved by one (or turned round, where there
is nothing to move), or one write to storage dropped. All of them are compiled at once: each is a branch that
is taken in blocks whose random value is its number, and the tests make such blocks. So a mutant costs no
compiling. Results are kept in .build/reports/mutants.jsonl, so that a run that was ended goes on; those that
survived are tried again.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import sys
import tempfile
import time
import tokenize
import warnings
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import build
from eth_utils import keccak

HERE = Path(__file__).resolve().parent
REPORT = HERE.parents[1] / ".build" / "reports" / "mutants.jsonl"
EXPLAINED = HERE / "MUTANTS.md"
ARTIFACT = HERE / "artifact.json"
SECONDS_MAX = 300  # of processor time for one mutant's tests: one that hangs is noticed
CODE_SIZE_MAX = 1 << 17  # bytes; all mutants in one contract are more than a chain would take

MOVED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "in": "not in", "not in": "in"}
WRITES = {"=", "+=", "-=", "|=", "&="}
STORES = {"self", "vault"}
# Bits that mark a value; none of them is ever stored without a value under it.
MARKS = {"vault.EQUIVOCATED"}

SAMPLED = "sampled"  # the source of no mutant, in a run of some

# The tests that are likeliest to notice, first; what measures code itself would notice anything.
ALL = ["test_life_cycle", "test_settlement", "test_open", "test_rulings", "test_observed", "test_changes",
       "test_delivery", "test_tokens", "test_views", "test_wallets", "test_permits", "test_known_failures",
       "test_payoff", "test_digest", "test_vault_address", "sequences/test_sequences", "test_states_contract"]
FIRST = {
    "DeliveryVault.vy": ["test_delivery"],
    "EscrowFactory.vy": ["test_open", "test_delivery"],
    "EscrowVault.vy": ["test_life_cycle", "test_settlement"],
    **dict.fromkeys(["timeline", "details", "_name", "_deadline", "__default__"], ["test_views"]),
    **dict.fromkeys(["withdraw"], ["test_settlement", "test_tokens"]),
    **dict.fromkeys(["observe", "settleObserved", "observedPrice", "observationOf", "_price"], ["test_observed"]),
    "vault.vy": ["test_life_cycle", "test_settlement"],
    "EscrowVaultPanels.vy": ["test_rulings", "test_observed"],
    "EscrowVaultChanges.vy": ["test_changes"],
    "payoff.vy": ["test_payoff", "test_observed"],
    "signatures.vy": ["test_open", "test_wallets"],
    "tokens.vy": ["test_tokens"],
    "typed_data.vy": ["test_digest", "test_life_cycle"],
}
# Besides what measures code: the other EVM, which takes no code of that size.
SKIPPED = "not py_evm and not went_everywhere and not on_py_evm and not py-evm and not mutants and not failure_03"


@dataclass
class Mutant:
    source: str
    line: int
    function: str
    kind: str
    told: str
    # What stands in its place: from start to end of the source.
    start: int
    end: int
    operator: tuple[int, int] = (0, 0)  # of a comparison
    condition: tuple[int, int] = (0, 0)  # of an assertion
    number: int = 0

    @property
    def name(self) -> str:
        """Without the line, so that it outlives other changes."""
        return f"{self.source} {self.function}: {self.kind}: {self.told}"


@dataclass
class Source:
    """One file: its text, the mutants in it, and the text in which each of them is a branch."""

    path: Path
    text: str = ""
    mutants: list[Mutant] = field(default_factory=list)

    def __post_init__(self):
        self.text = self.path.read_text()
        self.starts, self.names = offsets(self.text), Counter()
        self._find()

    def at(self, place: tuple[int, int]) -> int:
        return self.starts[place[0] - 1] + place[1]

    def _find(self) -> None:
        extents, function = self._comparisons(), ""
        for line in logical_lines(self.text):
            first, last = self.at(line[0].start), self.at(line[-1].end)
            if line[0].start[1] == 0:
                function = line[1].string if line[0].string == "def" else ""
                continue
            if not function:
                continue
            whole, number = self.text[first:last], line[0].start[0]
            if line[0].string == "assert":
                condition = self.at(line[1].start), self._end_of_condition(line)
                self._add(number, function, "assertion removed", whole, first, last, condition=condition)
            depth = 0
            for index, token in enumerate(line):
                if token.type == tokenize.OP:
                    depth += (token.string in "([{") - (token.string in ")]}")
                place = self.at(token.start), self.at(token.end)
                if token.string == "in" and line[index - 1].string == "not":
                    place = self.at(line[index - 1].start), place[1]
                word = " ".join(self.text[slice(*place)].split())
                extent = next((each for each in extents if word in MOVED and each[0] <= place[0] < each[1]
                               and each[2] <= place[0] and place[1] <= each[3]), None)
                if extent:
                    told = whole
                    if "in" not in word:
                        told = f"{self.text[first:place[0]]}⟨{word}⟩{self.text[place[1]:last]}"
                    if not self._is_equivalent(extent, word, last):
                        start, end = extent[:2]
                        self._add(number, function, "comparison moved", told, start, end, operator=place)
                writes = token.string in WRITES and token.type == tokenize.OP and depth == 0
                if writes and line[0].string in STORES and line[1].string == ".":
                    self._add(number, function, "write dropped", whole, first, last)
                    break

    def _add(self, line: int, function: str, kind: str, told: str, start: int, end: int, **places) -> None:
        shown = re.sub(r"\s+", " ", told)
        mutant = Mutant(self.path.name, line, function, kind, shown, start, end, **places)
        # The same text twice in a function: told apart by a number.
        self.names[mutant.name] += 1
        if self.names[mutant.name] > 1:
            mutant.told += f" ({self.names[mutant.name]})"
        self.mutants.append(mutant)

    def _end_of_condition(self, line: list[tokenize.TokenInfo]) -> int:
        depth = 0
        for token in line[1:]:
            depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
            if depth == 0 and token.string == ",":
                return self.at(token.start)
        return self.at(line[-1].end)

    def _comparisons(self) -> list[tuple[int, int, int, int]]:
        """From where to where each goes, and between which places its operator stands."""
        from vyper import ast

        def span(node) -> tuple[int, int]:
            return (self.at((node.lineno, node.col_offset)), self.at((node.end_lineno, node.end_col_offset)))

        tree = ast.parse_to_ast(self.text)
        nodes = tree.get_descendants(ast.nodes.Compare)
        return [(*span(each), span(each.left)[1], span(each.right)[0]) for each in nodes]

    def _is_equivalent(self, extent: tuple[int, int, int, int], word: str, line_end: int) -> bool:
        """Whether a rule of MUTANTS.md says that moving this comparison changes nothing."""
        start, end, left_end, right_start = extent
        left, right = self.text[start:left_end], self.text[right_start:end]
        if word not in ("<", "<=", ">", ">="):
            return False
        if left in MARKS or right in MARKS:
            return True
        larger, smaller = (left, right) if word[0] == ">" else (right, left)
        if self.text[end:].startswith(f" and {larger} - {smaller} == "):
            return True
        alone = self.text[:start].endswith("    if ") and self.text[end:].startswith(":")
        block = self.text[line_end:].split("\n\n\n")[0]
        return alone and f"{larger} - {smaller}" in block

    def branched(self, start: int = 0, end: int | None = None, inside: Mutant | None = None) -> str:
        """The text between two places, each mutant in it a branch."""
        end = len(self.text) if end is None else end
        within = [each for each in self.mutants if start <= each.start and each.end <= end and each is not inside]
        if inside:  # of two at one place the statement stands outside
            within = [each for each in within if (each.start, each.end) != (inside.start, inside.end)]
        outermost = [each for each in within if not any(
            other is not each and other.start <= each.start and each.end <= other.end for other in within)]
        text, place = "", start
        for each in sorted(outermost, key=lambda each: each.start):
            text += self.text[place : each.start] + self._branch(each)
            place = each.end
        return text + self.text[place:end]

    def _branch(self, mutant: Mutant) -> str:
        alive = f"convert(block.prevrandao, uint256) == {mutant.number}"
        if mutant.kind == "assertion removed":
            start, end = mutant.condition
            return f"assert ({alive}) or ({self.branched(start, end)}){self.text[end : mutant.end]}"
        if mutant.kind == "write dropped":
            return f"if {alive.replace('==', '!=')}: {self.branched(mutant.start, mutant.end, mutant)}"
        start, end = mutant.operator
        left, right = self.branched(mutant.start, start, mutant), self.branched(end, mutant.end, mutant)
        word = " ".join(self.text[start:end].split())
        return f"(({left} {MOVED[word]} {right}) if {alive} else ({left} {word} {right}))"


def offsets(text: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    for each in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(each))
    return starts


def logical_lines(text: str):
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            continue
        if token.type == tokenize.NEWLINE:
            if line:
                yield line
            line = []
        else:
            line.append(token)


def all_sources() -> list[Source]:
    """Their mutants numbered from 1."""
    sources = [Source(path) for path in sorted(HERE.glob("*.vy")) if path.name != "codes.vy"]
    for number, mutant in enumerate((each for source in sources for each in source.mutants), 1):
        mutant.number = number
    return sources


def compiled(sources: list[Source]) -> dict:
    """The artifact with every mutant in it. A contract knows the digest of a part's code: that constant is
    replaced in its code."""
    artifact = json.loads(ARTIFACT.read_text())
    contracts = artifact["contracts"]
    digests = {name: digest_of(contracts[path.removesuffix(".vy")]) for name, path in build.PART_OF.items()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / build.CODES.name).write_text(build.CODES.read_text())
        for source in sources:  # what is pure may not look at the block
            (folder / source.path.name).write_text(source.branched().replace("@pure", "@view"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that no chain would take code of this size
            for path in build.ARTIFACTS[ARTIFACT]:
                contracts[path.stem] = build.compile_contract(folder / path.name)
    for name, path in build.PART_OF.items():  # a part stands before those that know it
        new = digest_of(contracts[path.removesuffix(".vy")])
        for contract in contracts.values():
            for code in ("initCode", "runtime"):
                contract[code] = contract[code].replace(digests[name], new)
    return artifact


def digest_of(contract: dict) -> str:
    return keccak(hexstr=contract["initCode"]).hex()


def tests_for(source: str, function: str) -> list[list[str]]:
    """In two helpings: most mutants do not live to see the second, and a sample trusts that no mutant does no harm."""
    first = FIRST.get(function) or FIRST.get(source, ["test_life_cycle"])
    helpings = [first] if source == SAMPLED else [first, [name for name in ALL if name not in first]]
    return [[str(HERE / "tests" / f"{name}.py") for name in names] for names in helpings]


def judge(mutant: Mutant) -> dict:
    """In a process of its own: runs tests until one fails."""
    started = time.monotonic()
    os.environ["MUTANT"] = str(mutant.number)
    verdict, by = run_tests(tests_for(mutant.source, mutant.function))
    seconds = round(time.monotonic() - started, 1)
    return {"name": mutant.name, "line": mutant.line, "verdict": verdict, "by": by, "seconds": seconds}


class Watch:
    """Remembers the first failure."""

    def __init__(self):
        self.failed = ""

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid.split("Escrow/")[-1]

    def pytest_collectreport(self, report):
        self.pytest_runtest_logreport(report)


def run_tests(helpings: list[list[str]]) -> tuple[str, str]:
    import signal

    import pytest

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

    sources = all_sources()
    everything = [each for source in sources for each in source.mutants]
    mutants = [each for each in everything if chosen.only in (None, each.source)]
    if chosen.sample:
        mutants = random.Random(chosen.seed).sample(mutants, chosen.sample)
    if chosen.list:
        for mutant in mutants:
            print(f"{mutant.source}:{mutant.line}: {mutant.name}")
        print(len(mutants))
        return 0

    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary) / "artifact.json"
        target.write_text(json.dumps(compiled(sources)))
        os.environ |= {"ESCROW_ARTIFACT": str(target), "CODE_SIZE_MAX": str(CODE_SIZE_MAX),
                       "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        os.environ.setdefault("STEPS", "2600")
        return tell(run(mutants, chosen))


def run(mutants: list[Mutant], chosen: argparse.Namespace) -> list[dict]:
    # Once, before the processes divide: the rest is inherited.
    sys.path.append(str(HERE.parents[1] / "Tests" / "DevChain"))
    import devchain, eth_account, pyrevm, pytest  # noqa: E401, F401

    digest = sources_digest()
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    known = {} if chosen.again or not REPORT.exists() else {
        each["name"]: each for each in map(json.loads, REPORT.read_text().splitlines())
        if each.get("sources") == digest and each["verdict"] != "survived"
    }
    results = [known[each.name] for each in mutants if each.name in known]
    waiting = [each for each in mutants if each.name not in known]
    nobody = Mutant(SAMPLED if chosen.sample else "", 0, "", "", "no mutant at all", 0, 0)
    with get_context("fork").Pool(chosen.jobs, maxtasksperchild=1) as pool, REPORT.open("a") as report:
        sound = pool.apply(judge, [nobody])
        if sound["verdict"] != "survived":
            sys.exit(f"without any mutant the tests fail: {sound['by']}")
        print(f"without any mutant the tests take {sound['seconds']} seconds", flush=True)
        for result in pool.imap_unordered(judge, waiting):
            result["sources"] = digest
            results.append(result)
            print(json.dumps(result), file=report, flush=True)
            print(f"{len(results)}/{len(mutants)} {result['verdict']}: {result['name']}", flush=True)
    return results


def sources_digest() -> str:
    return keccak(b"".join(path.read_bytes() for path in sorted(HERE.glob("*.vy")))).hex()[:16]


def tell(results: list[dict]) -> int:
    survivors = sorted(each["name"] for each in results if each["verdict"] == "survived")
    for name in survivors:
        print("survived" + ("" if name in explained() else ", not explained") + f": {name}")
    slow = [each["name"] for each in results if each.get("by") == "took too long"]
    print(*(f"killed by taking too long: {name}" for name in slow), sep="\n", end="\n" if slow else "")
    print(f"{len(results)} mutants: {len(results) - len(survivors)} killed, {len(survivors)} survived "
          f"({100 * len(survivors) / max(len(results), 1):.1f} %)")
    return 1 if set(survivors) - explained() else 0


if __name__ == "__main__":
    sys.exit(main())
