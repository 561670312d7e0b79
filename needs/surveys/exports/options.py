"""What was chosen for one export, as it stands in `ExportJob.options`. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CODES, LABELS = "codes", "labels"
ONE, EACH = "one", "each"
FLAGGED, UNFLAGGED = "flagged", "unflagged"


@dataclass(frozen=True)
class Filters:
    """Dates are ISO days of the end of filling, both inclusive; empty means any."""

    states: tuple[str, ...] = ()
    townships: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    flags: str = ""


@dataclass(frozen=True)
class Options:
    """`columns` are codes of `columns.Layout`; `version` None merges all versions by stable id."""

    columns: tuple[str, ...]
    words: str = LABELS
    language: str = ""
    version: int | None = None
    multiple: str = ONE
    weights: int | None = None
    filters: Filters = Filters()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_labelled(self) -> bool:
        return self.words == LABELS


def from_json(stored: Mapping[str, Any]) -> Options:
    """Read what an export was asked with; what a later release added has its default."""
    known = {name: stored[name] for name in Options.__dataclass_fields__ if name in stored}
    filters = {name: _tupled(value) for name, value in stored.get("filters", {}).items()}
    return Options(**{**known, "columns": tuple(known.get("columns", ())), "filters": Filters(**filters)})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
