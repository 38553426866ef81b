"""What the demo and the end-to-end tests share: a chain, a service, parties with key files, and terms between them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
