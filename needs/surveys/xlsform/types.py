"""The column "type": the many ways to write a type, and what it means here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

TYPES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "string", "q string", "add text prompt"),
    "integer": ("integer", "int", "q int", "add integer prompt"),
    "decimal": ("decimal", "q decimal", "add decimal prompt"),
    "date": ("date", "q date", "add date prompt"),
    "time": ("time", "q time", "add time prompt"),
    "dateTime": ("datetime", "date time", "q datetime", "q date time", "add date time prompt", "add datetime prompt"),
    "range": ("range",),
    "note": ("note", "q note", "add note prompt"),
    "calculate": ("calculate", "calculation", "q calculate", "add calculate prompt"),
    "hidden": ("hidden",),
    "acknowledge": ("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"),
    "geopoint": ("geopoint", "gps", "location", "q geopoint", "q location", "add location prompt"),
    "image": ("image", "photo", "q image", "q picture", "add image prompt", "add photo prompt"),
    "file": ("file", "add file prompt"),
    "audio": ("audio", "q audio", "add audio prompt"),
    "video": ("video", "q video", "add video prompt"),
    "barcode": ("barcode", "q barcode", "add barcode prompt"),
    "start": ("start", "start time", "get start time"),
    "end": ("end", "end time", "get end time"),
    "today": ("today", "get today"),
    "deviceid": ("deviceid", "device id", "get device id", "imei", "uri:deviceid"),
    "username": ("username", "uri:username"),
    "phonenumber": ("phonenumber", "phone number", "get phone number", "uri:phonenumber"),
    "email": ("email", "uri:email"),
    "simserial": ("simserial", "sim id", "get sim id", "uri:simserial"),
    "subscriberid": ("subscriberid", "subscriber id", "get subscriber id", "uri:subscriberid"),
}
_ALIASES = {alias: name for name, aliases in TYPES.items() for alias in aliases}

# A file of a kind is a file question that takes this kind only; the browser's picker speaks in media types.
FILE_KINDS = {"audio": "audio/*", "video": "video/*"}
# What only a phone's system knows. Kept as a hidden question, so that expressions that use it still work.
UNKNOWN_METADATA = ("phonenumber", "email", "simserial", "subscriberid")

UNSUPPORTED: Mapping[str, str] = {
    "geotrace": "map_lines",
    "q geotrace": "map_lines",
    "geoshape": "map_lines",
    "q geoshape": "map_lines",
    "start-geopoint": "background",
    "background-geopoint": "background",
    "background-audio": "background",
    "audit": "background",
    "xml-external": "external_data",
    "csv-external": "external_data",
    "osm": "osm",
    "percentage": "percentage",
    "number of days in last month": "device_days",
    "number of days in last six months": "device_days",
    "number of days in last year": "device_days",
}

SELECTS: Mapping[str, tuple[str, ...]] = {
    "select_one": (
        "add select one prompt using",
        "select one using",
        "select one from",
        "select one",
        "select1",
        "q select1",
    ),
    "select_multiple": (
        "add select multiple prompt using",
        "select multiple using",
        "select multiple from",
        "select all that apply from",
        "select all that apply",
        "select multiple",
        "q select",
    ),
    "rank": ("rank",),
}
_SELECT_ALIASES = [(alias, name) for name, aliases in SELECTS.items() for alias in aliases]
_UNSUPPORTED_SELECTS: Mapping[str, str] = {
    "select one from file": "external_choices",
    "select multiple from file": "external_choices",
    "select one external": "external_choices",
    "cascading select": "cascading_select",
}
_OR_OTHER = re.compile(r"\s+(or[\s_]other|or[\s_]specify[\s_]other)$", re.IGNORECASE)
_CONTROL = re.compile(
    r"^(begin|end)[\s_]+(group|repeat|lgroup|looped[\s_]+group|loop)\b(?:[\s_]+over)?\s*(\S+)?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Type:
    """`kind` is begin, end, question, unsupported or unknown; `name` the type or the kind of group.

    `list_name` is of selects; `reason` (of messages.REASONS) tells why something is not supported;
    `near` is what was perhaps meant.
    """

    kind: str
    name: str
    list_name: str = ""
    or_other: bool = False
    reason: str = ""
    near: str = ""


def parse(text: str) -> Type:
    text = re.sub(r"\s+", " ", text.strip())
    if control := _CONTROL.match(text):
        return _control(control.group(1).lower(), re.sub(r"[\s_]+", " ", control.group(2).lower()))
    plain = text.lower().replace("_", " ")
    if plain in _ALIASES:
        return Type("question", _ALIASES[plain])
    # "osm" may name a list of tags.
    if reason := UNSUPPORTED.get(plain) or ("osm" if plain.startswith("osm ") else ""):
        return Type("unsupported", text, reason=reason)
    return _select(text, plain) or Type("unknown", text, near=_near(plain))


def _control(edge: str, word: str) -> Type:
    if word == "loop":
        return Type(edge, "loop", reason="loop")
    return Type(edge, "group" if word == "group" else "repeat")


def _select(text: str, plain: str) -> Type | None:
    for words, reason in _UNSUPPORTED_SELECTS.items():
        if plain == words or plain.startswith(words + " "):
            return Type("unsupported", text, reason=reason)
    for words, name in _SELECT_ALIASES:
        if plain == words or plain.startswith(words + " "):
            rest = text[len(words) :]
            # A select at the end of a text is one without a list: "select_one or_other" names the list or_other.
            bare = _OR_OTHER.sub("", rest)
            list_name = bare.strip()
            if list_name.startswith("${"):
                return Type("unsupported", text, reason="question_choices")
            return Type("question", name, list_name, or_other=bare != rest)
    return None


def _near(plain: str) -> str:
    known = [*TYPES, "select one", "select multiple", "rank", "begin group", "end group", "begin repeat", "end repeat"]
    words = plain.split(" ")
    # What names a list is compared without it: "slect one yes_no" by its first two words.
    attempts = (" ".join(words[:count]) for count in (len(words), 2, 1))
    close = next((found for attempt in attempts if (found := get_close_matches(attempt, known, n=1, cutoff=0.75))), [])
    return close[0].replace("select ", "select_") if close else ""
