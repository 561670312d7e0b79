"""The types of questions, and what kind of answer each gives."""

TEXTS = frozenset({"text", "barcode", "hidden", "calculate", "username", "deviceid"})
NUMBERS = frozenset({"integer", "decimal", "range"})
MOMENTS = frozenset({"dateTime", "start", "end"})
DATES = frozenset({"date", "today"})
FILES = frozenset({"image", "file"})
WITH_CHOICES = frozenset({"select_one", "select_multiple", "rank"})
METADATA = frozenset({"start", "end", "today", "deviceid", "username"})
# Nobody is asked these.
UNSEEN = METADATA | {"calculate", "hidden"}

TYPES = TEXTS | NUMBERS | MOMENTS | DATES | FILES | WITH_CHOICES | {"time", "note", "acknowledge", "geopoint"}


def answer_kind(type_: str) -> str:
    """Answers of one kind can be counted together; a note has none."""
    for kind, types in (("text", TEXTS), ("number", NUMBERS), ("moment", MOMENTS), ("date", DATES), ("file", FILES)):
        if type_ in types:
            return kind
    return "" if type_ == "note" else type_


ROLES = frozenset({"age", "age_band", "birth_date", "sex", "occupation"})
OTHER = "other"
