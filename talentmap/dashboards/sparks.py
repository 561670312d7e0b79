"""The course of a number as a line too small for axes. Pure; drawn as SVG by the template."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 112, 28, 3


@dataclass(frozen=True)
class Spark:
    """`lines` are the points of each unbroken stretch, `last` is where the newest number stands."""

    lines: tuple[str, ...]
    last: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


def spark(values: Sequence[float | None]) -> Spark | None:
    """None where there are fewer than two numbers: one point has no course."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)

    def at(place: int, value: float) -> tuple[float, float]:
        up = (value - low) / (high - low) if high > low else 0.5
        return round(EDGE + place * step, 1), round(HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE), 1)

    points = [None if value is None else at(place, value) for place, value in enumerate(values)]
    return Spark(tuple(_stretches(points)), points[-1])


def _stretches(points: Sequence[tuple[float, float] | None]) -> list[str]:
    found: list[list[str]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(stretch) for stretch in found if len(stretch) > 1]
