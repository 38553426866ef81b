"""The files here are what the derivation gives."""

import subprocess
import sys
from pathlib import Path


def test_the_vectors_are_as_derived():
    make = Path(__file__).resolve().parent / "make.py"
    done = subprocess.run([sys.executable, make, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
