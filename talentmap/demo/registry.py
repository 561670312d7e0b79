"""Which areas take part in the demo county: each puts its share into its own `demo.py`."""

import importlib
import importlib.util
from collections.abc import Callable

from talentmap.demo.world import World
from talentmap.reference import areas

Part = Callable[[World], None]
PARTS: list[Part] = []


def demo_part(part: Part) -> Part:
    """Have `part(world)` plan its events when the demo county is made."""
    PARTS.append(part)
    return part


def discover() -> list[Part]:
    for area in sorted(areas()):
        if area != "talentmap.demo" and importlib.util.find_spec(f"{area}.demo"):
            importlib.import_module(f"{area}.demo")
    return PARTS
