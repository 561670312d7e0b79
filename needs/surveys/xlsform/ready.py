"""The county's three ready questionnaires, as documents to start from."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "ready"
# In the order in which they are offered.
READY = ("villagers", "enterprises", "talents")


def ready(code: str) -> dict[str, Any]:
    """A fresh copy of one of READY; KeyError for anything else."""
    if code not in READY:
        raise KeyError(code)
    document: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return document
