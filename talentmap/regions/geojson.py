"""Reads a GeoJSON file of outlines (RFC 7946) and says which shape belongs to which township. No database here."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from talentmap.regions.codes import prefix_of
from talentmap.ui.errors import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_FEATURES = 500
MOST_POINTS = 200_000
DIGITS = 5  # a hundred-thousandth of a degree is a metre
AREAS = ("Polygon", "MultiPolygon")
TOLD_PROBLEMS = 20


class BadBoundaries(Refused):
    """The file cannot be used; `problems` names what is wrong with which shape."""

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Outline:
    """One shape of the file: how it calls itself, all codes and names it bears, and its geometry."""

    label: str
    marks: frozenset[str]
    geometry: dict[str, Any]
    at: tuple[float, float]  # a point inside, longitude first


@dataclass(frozen=True)
class Known:
    """A township as it is stored."""

    pk: int
    name: str
    code: str
    alt_code: str = ""

    @property
    def marks(self) -> frozenset[str]:
        """What a file may call it: either code in full or without its zeros, its name with or without its kind."""
        codes = {code for each in (self.code, self.alt_code) if each for code in (each, prefix_of(each))}
        return frozenset(codes | {self.name, _bare(self.name)})


@dataclass(frozen=True)
class Matched:
    """`found` by township; `left_out` are shapes of no township, `missing` townships without a shape."""

    found: tuple[tuple[Known, Outline], ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read(content: bytes) -> tuple[Outline, ...]:
    """The outlines of a file. Raises BadBoundaries with every shape that cannot be used."""
    features = _features(content)
    outlines, problems, points = [], [], 0
    for number, feature in enumerate(features, start=1):
        label = _label(feature, number)
        problem = _problem(feature)
        if problem:
            problems.append(f"{label}: {problem}")
            continue
        points += sum(1 for _point in _points(feature["geometry"]["coordinates"]))
        outlines.append(_outline(label, feature))
    if points > MOST_POINTS:
        problems.append(_("%(count)s points; at most %(most)s are possible. Simplify the outlines.")
                        % {"count": points, "most": MOST_POINTS})  # fmt: skip
    if problems:
        raise BadBoundaries(_("Some shapes cannot be used. Nothing was saved."), problems[:TOLD_PROBLEMS])
    return tuple(outlines)


def match(outlines: Sequence[Outline], townships: Sequence[Known]) -> Matched:
    """Find the township of every shape by code or name. Raises BadBoundaries where a township has two shapes."""
    by_mark = {mark: township for township in townships for mark in township.marks}
    pairs, left_out = [], []
    for outline in outlines:
        township = _township(outline, by_mark)
        if township is None:
            left_out.append(outline.label)
        else:
            pairs.append((township, outline))
    _no_doubles(pairs)
    found = {township.pk for township, _outline in pairs}
    missing = tuple(each.name for each in townships if each.pk not in found)
    return Matched(tuple(pairs), tuple(left_out), missing)


def _township(outline: Outline, by_mark: Mapping[str, Known]) -> Known | None:
    """A code says more than a name: two counties may have townships of one name."""
    marks = sorted(outline.marks, key=lambda mark: not mark.isdigit())
    return next((by_mark[mark] for mark in marks if mark in by_mark), None)


def _no_doubles(pairs: Sequence[tuple[Known, Outline]]) -> None:
    counts = Counter(township for township, _outline in pairs)
    doubled = [
        _("%(township)s has %(count)s shapes: %(labels)s")
        % {
            "township": township.name,
            "count": count,
            "labels": ", ".join(outline.label for each, outline in pairs if each == township),
        }
        for township, count in counts.items()
        if count > 1
    ]
    if doubled:
        raise BadBoundaries(_("A township may have one shape only; join several areas to a MultiPolygon."), doubled)


# reading --------------------------------------------------------------------------------------------------


def _features(content: bytes) -> list[Any]:
    if not content.strip():
        raise BadBoundaries(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise BadBoundaries(_("The file is larger than 5 MB. Simplify the outlines."))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadBoundaries(_("This is no GeoJSON file: it cannot be read as JSON in UTF-8.")) from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise BadBoundaries(_("This is no GeoJSON file: a FeatureCollection is expected."))
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise BadBoundaries(_("The file holds no shapes."))
    if len(features) > MOST_FEATURES:
        raise BadBoundaries(_("The file holds more than 500 shapes."))
    return features


def _label(feature: Any, number: int) -> str:
    """How the file calls a shape, for people; its place in the file where it has no name."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if isinstance(properties, dict):
        for name in ("name", "NAME", "Name", "名称", "乡镇", "fullname"):
            if isinstance(properties.get(name), str) and properties[name].strip():
                return properties[name].strip()[:60]
    return _("Shape %(number)s") % {"number": number}


def _problem(feature: Any) -> str:
    """Why a shape cannot be drawn, "" where it can."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return _("is no Feature")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in AREAS:
        return _("is no area (Polygon or MultiPolygon)")
    if not _is_nested(geometry.get("coordinates"), 3 if geometry["type"] == "Polygon" else 4):
        return _("has rings that are not closed lines of at least four points")
    try:
        if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in _points(geometry["coordinates"])):
            return _("has coordinates that are not degrees (longitude first); project the file to WGS 84")
        area = shape(geometry)
        return "" if area.is_valid and not area.is_empty else _validity(area)
    except (ShapelyError, ValueError, TypeError):
        return _("cannot be read")


def _validity(area: Any) -> str:
    """Where the outline crosses itself: Shapely's own words name the place."""
    return _("crosses itself (%(where)s)") % {"where": explain_validity(area)}


def _is_nested(coordinates: Any, depth: int) -> bool:
    """Whether lists are nested as deep as the kind asks for, each ring closed and long enough."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth > 2:
        return all(_is_nested(each, depth - 1) for each in coordinates)
    return len(coordinates) >= 4 and all(_is_point(each) for each in coordinates) and coordinates[0] == coordinates[-1]


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and 2 <= len(point) <= 4
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in point)
    )


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:
    if _is_point(coordinates):
        yield coordinates[0], coordinates[1]
    else:
        for each in coordinates:
            yield from _points(each)


def _outline(label: str, feature: dict[str, Any]) -> Outline:
    geometry = feature["geometry"]
    inside = shape(geometry).representative_point()
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    return Outline(label, _marks(feature), rounded, (round(inside.x, DIGITS), round(inside.y, DIGITS)))


def _rounded(coordinates: Any) -> Any:
    if _is_point(coordinates):
        return [round(float(coordinates[0]), DIGITS), round(float(coordinates[1]), DIGITS)]
    return [_rounded(each) for each in coordinates]


def _marks(feature: dict[str, Any]) -> frozenset[str]:
    """Every short text or number that the shape bears, since no two sources name their columns alike."""
    properties = feature.get("properties")
    values = [feature.get("id"), *(properties.values() if isinstance(properties, dict) else ())]
    texts = [str(value).strip() for value in values if isinstance(value, str | int) and not isinstance(value, bool)]
    return frozenset(mark for text in texts if 1 < len(text) <= 60 for mark in (text, _bare(text)))


def _bare(name: str) -> str:
    """文江镇 is 文江: some sources leave the kind away."""
    bare = name.removesuffix("镇").removesuffix("乡").removesuffix("街道")
    return bare if len(bare) > 1 else name
