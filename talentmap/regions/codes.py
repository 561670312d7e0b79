"""Twelve digits: county 6, township 3, village 3. A prefix of the code is the ancestor."""

COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12


def prefix_of(code: str) -> str:
    """The significant digits: 511525000000 → 511525, 511525100000 → 511525100."""
    if code.endswith("000000"):
        return code[:COUNTY_DIGITS]
    return code[:TOWNSHIP_DIGITS] if code.endswith("000") else code


def level_of(code: str) -> str:
    if code.endswith("000000"):
        return "county"
    return "township" if code.endswith("000") else "village"


def parent_code(code: str) -> str:
    """The code one level up, "" for a county."""
    above = {"county": "", "township": code[:COUNTY_DIGITS] + "000000", "village": code[:TOWNSHIP_DIGITS] + "000"}
    return above[level_of(code)]


def lineage(code: str) -> list[str]:
    """A region's code and those of its ancestors."""
    return [code, *lineage(parent_code(code))] if code else []
