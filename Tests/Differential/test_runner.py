"""The runner itself: wrong vectors are found, named and counted, whatever their file is called."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from conftest import program

EMPTY = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
GOOD = {"name": "nothing", "data": "0x", "keccak256": EMPTY}
WRONG = {"name": "wrong", "data": "0x00", "keccak256": EMPTY}


def run(folder: Path) -> tuple[int, list[str]]:
    result = subprocess.run([program(), str(folder)], capture_output=True, text=True, timeout=60)
    return result.returncode, result.stdout.splitlines()


def write(path: Path, cases: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(cases))


def test_files_of_any_part_are_read(tmp_path):
    write(tmp_path / "a/hashes.dev.json", [GOOD])
    write(tmp_path / "a/hashes.heldout.json", [GOOD, GOOD])
    write(tmp_path / "hashes.json", [GOOD])
    write(tmp_path / "of/another/name.json", [GOOD])
    status, lines = run(tmp_path)
    assert status == 0
    assert "a/hashes.heldout: 2 passed, 0 failed, 0 skipped" in lines
    assert "of/another/name: 1 passed, 0 failed, 0 skipped" in lines
    assert lines[-1] == "5 passed, 0 failed, 0 skipped"


def test_a_wrong_case_is_named_and_ends_non_zero(tmp_path):
    write(tmp_path / "hashes.dev.json", [GOOD, WRONG])
    status, lines = run(tmp_path)
    assert status == 1
    assert any(line.startswith("FAILED hashes.dev: wrong (1): keccak256: found ") for line in lines)
    assert lines[-1] == "1 passed, 1 failed, 0 skipped"


def test_a_broken_file_fails(tmp_path):
    write(tmp_path / "hashes.json", [GOOD])
    (tmp_path / "rlp.json").write_text("{")
    write(tmp_path / "accounts.json", [])
    status, lines = run(tmp_path)
    assert status == 1
    assert any(line.startswith("FAILED rlp: the file: ") for line in lines)
    assert any(line.startswith("FAILED accounts: the file: ") for line in lines)


def test_skips_are_counted_with_their_reason(tmp_path):
    write(tmp_path / "hashes.json", [GOOD])
    write(tmp_path / "unheard-of.json", [{"x": 1}, {"x": 2}])
    status, lines = run(tmp_path)
    assert status == 0
    assert lines[-1] == "1 passed, 0 failed, 2 skipped"
    assert "  skipped 2: a format that is not known" in lines


def test_a_folder_without_vectors_fails(tmp_path):
    assert run(tmp_path)[0] == 1
    assert run(tmp_path / "missing")[0] == 1
