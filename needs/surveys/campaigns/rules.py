"""How a sample is spread over quotas, when a township lags, and what stands in the way of opening a campaign. Pure.

Shares are computed in whole numbers, so that sums are exact to the last answer.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

BEHIND = Fraction(1, 10)
"""A township lags when it is more than a tenth of its target behind the calendar (own rule)."""
MOST_SAMPLE = 100_000
LONGEST = timedelta(days=2 * 366)


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Spread `total` over `weights` in whole numbers that sum to it: first the whole parts, then one each by the
    largest remainder, the earlier first among equals. No part is a whole one away from its exact share.

    Raises ValueError for a negative number, or where something is to be spread over nothing.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("shares are not negative")
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("nothing to spread over")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    last = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in last[: total - sum(parts)]:
        parts[place] += 1
    return parts


def spread(
    total: int, townships: Mapping[int, int], bands: Mapping[str, int], works: Mapping[str, int]
) -> dict[tuple[int, str, str], int]:
    """Quotas of a sample of `total`: over the townships by their population, and inside each over age band times
    occupation by their shares in the whole county, as if the two had nothing to do with each other.

    The quotas sum to `total` exactly, and those of a township to its part exactly. A margin that is empty is not
    asked: the quota then stands for any ("").
    """
    bands, works = bands or {"": 1}, works or {"": 1}
    cells = [(band, work, bands[band] * works[work]) for band in bands for work in works]
    parts = largest_remainder(total, list(townships.values()))
    found: dict[tuple[int, str, str], int] = {}
    for region, part in zip(townships, parts, strict=True):
        shares = largest_remainder(part, [weight for _band, _work, weight in cells])
        found |= {(region, band, work): n for (band, work, _w), n in zip(cells, shares, strict=True)}
    return found


def fingerprint(targets: Mapping[tuple[int, str, str], int]) -> str:
    """Tells whether the quotas a person saw are still the ones there are."""
    said = repr(sorted((place, target) for place, target in targets.items() if target))
    return hashlib.sha256(said.encode()).hexdigest()


def share_gone(starts_on: date, ends_on: date, today: date) -> Fraction:
    """How much of the period is over at the beginning of `today`, from 0 to 1; the first and last day count."""
    days = (ends_on - starts_on).days + 1
    return Fraction(min(max((today - starts_on).days, 0), days), days)


@dataclass(frozen=True)
class Pace:
    """`expected` is how many answers there would be by now, had they come in evenly."""

    target: int
    collected: int
    gone: Fraction

    @property
    def expected(self) -> int:
        return int(self.target * self.gone)

    @property
    def behind(self) -> int:
        return max(0, self.expected - self.collected)

    @property
    def lags(self) -> bool:
        return self.target > 0 and self.gone - Fraction(min(self.collected, self.target), self.target) > BEHIND


def planned(target: int, starts_on: date, ends_on: date, day: date) -> int:
    """How many answers an even pace would have brought in by the end of `day`."""
    days = (ends_on - starts_on).days + 1
    return target * min(max((day - starts_on).days + 1, 0), days) // days


@dataclass(frozen=True)
class Readiness:
    """What is there when a campaign is to be opened."""

    townships: int
    ends_on: date
    assigned: int
    reachable: int
    links: int
    quotas: int
    townships_without_interviewer: tuple[str, ...] = ()

    def obstacles(self, today: date) -> list[str]:
        """Codes of what forbids opening."""
        found = ["no_township"] if not self.townships else []
        return [*found, "period_over"] if self.ends_on < today else found

    @property
    def doubts(self) -> list[str]:
        """Codes of what is worth a second look."""
        found = []
        if not (self.assigned or self.reachable or self.links):
            found.append("nobody_asks")
        elif self.townships_without_interviewer and not self.links:
            found.append("townships_without_interviewer")
        if not self.quotas:
            found.append("no_quota")
        return found
