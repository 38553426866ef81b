"""The guide to writing clauses shows what the program does: commands, cases and model are those of the page."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import model
import pytest
from test_library import BINARY, ROOT

PAGE = (ROOT / "Sources/Tallystick.docc/WritingClauses.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def file_name(source):
    """`payoff CallSpread …` is the file call-spread.clause."""
    name = source.split()[1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() + ".clause"


@pytest.mark.parametrize("block", blocks("console"))
def test_command_says_what_the_page_says(block, tmp_path):
    command, expected = block.replace("\\\n", " ").split("\n", 1)
    for source in blocks("clause"):
        if source.startswith("payoff") and "pay seller remainder" in source:
            (tmp_path / file_name(source)).write_text(source)
    prompt, program, *words = shlex.split(command)
    assert (prompt, program) == ("$", "tallystick")
    run = subprocess.run(
        [BINARY, *words], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert run.stdout == expected


def test_case_is_one_of_the_golden_cases():
    cases = json.loads((model.FOLDER / "payoff/call-spread.cases.json").read_text())["cases"]
    shown = [json.loads(block) for block in blocks("json")]
    assert shown
    for case in shown:
        assert case in cases


def test_model_is_the_one_that_runs():
    texts = [file.read_text() for file in Path(__file__).parent.glob("*.py")]
    shown = blocks("python")
    assert shown
    for block in shown:
        assert any(block in text for text in texts)
