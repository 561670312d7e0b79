"""Maps of tiles: shades, legend, and colours that everybody can read."""

import re
from itertools import pairwise

import pytest
from django.conf import settings
from django.utils import translation

from talentmap.ui.tiles import Place, legend, shade_of, tile_map

HUES = ("needs", "growth", "support", "service_quality")


def words(bound):
    return f"{bound:g}"


def test_five_equal_parts_between_the_least_and_the_greatest():
    assert [shade_of(each, [0, 100]) for each in (None, 0, 19, 20, 99, 100)] == [0, 1, 1, 2, 5, 5]


@pytest.mark.parametrize(("known", "shade"), [([0, 0], 1), ([7, 7], 5)])
def test_where_all_are_alike_there_is_one_shade(known, shade):
    places = [Place(str(number), number, 0, value, "") for number, value in enumerate(known)]
    drawn = tile_map(places, words)
    assert {tile.shade for tile in drawn.tiles} == {shade}
    assert drawn.legend == ((shade, str(known[0])),)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([18, 29, 70, 73], ["18–28", "29–39", "40–50", "51–61", "62–73"]),
        ([0, 100], ["0–19", "20–39", "40–59", "60–79", "80–100"]),
        ([0, 1, 2], ["0", "1", "2"]),  # no whole number lies in the other shades
        ([0.0, 2.5], ["0 to below 0.5", "0.5 to below 1", "1 to below 1.5", "1.5 to below 2", "2–2.5"]),
        ([], []),
    ],
)
def test_every_number_lies_in_one_range_of_the_legend_alone(known, said):
    with translation.override("en"):
        assert [text for _shade, text in legend(known, words)] == said
    if known and all(isinstance(each, int) for each in known):
        bounds = {shade: [int(n) for n in text.split("–")] for shade, text in legend(known, words)}
        for number in range(min(known), max(known) + 1):
            inside = [shade for shade, ends in bounds.items() if ends[0] <= number <= ends[-1]]
            assert inside == [shade_of(number, known)]


def at(*places):
    """Where the tiles stand, in columns and rows."""
    drawn = tile_map(places, words)
    return drawn, {tile.name: (tile.x // 102, tile.y // 102) for tile in drawn.tiles}


def test_nobody_is_missing_from_a_map():
    """What has no tile stands in rows of its own below the others, as wide as these."""
    drawn, found = at(Place("a", 3, 2, 1, "1"), Place("b", None, None, 2, "2"), Place("c", 5, 2, 1, "1"),
                      *(Place(name, None, None, None, "—") for name in "def"))  # fmt: skip
    assert found == {"a": (0, 0), "c": (2, 0), "b": (0, 1), "d": (1, 1), "e": (2, 1), "f": (0, 2)}
    assert (drawn.unplaced, drawn.is_unplaced) == (4, False)
    assert (drawn.width, drawn.height) == (2 * 102 + 96, 2 * 102 + 96)


def test_where_nobody_has_a_tile_all_stand_in_a_square():
    drawn, found = at(*(Place(name, None, None, 1, "1") for name in "abcde"))
    assert found == {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1)}
    assert drawn.is_unplaced


def test_no_places_are_no_map():
    assert tile_map([], words) is None


def shades(css, hue):
    """The five shades and both inks of a hue as the stylesheet has them."""
    found = dict(re.findall(r"--(shade-[\w-]+): (#[0-9a-f]+)", "".join(rules(css, ":root, "))))
    found |= dict(re.findall(r"--(shade-[\w-]+): (#[0-9a-f]+)", "".join(rules(css, f'[data-map="{hue}"]'))))
    return found


def rules(css, selector):
    return re.findall(re.escape(selector) + r"[^{}]*\{([^}]*)\}", css)


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("sheet", ["talentmap", "board"])
def test_every_shade_carries_its_label_and_differs_in_lightness(sheet, hue):
    """WCAG: 4.5 to 1. Shades differ in lightness, which those see who see no hues."""
    css = (settings.BASE_DIR / f"static/css/{sheet}.css").read_text()
    base = (settings.BASE_DIR / "static/css/talentmap.css").read_text()
    found = shades(base, hue) | shades(css, hue)
    if sheet == "board":
        found |= dict(re.findall(r"--(shade-ink[\w-]*): (#[0-9a-f]+)", css))
    for number in range(1, 6):
        ink = found["shade-ink-dark" if number >= 4 else "shade-ink"]
        assert contrast(found[f"shade-{number}"], ink) >= 4.5, (number, found[f"shade-{number}"])
    steps = [luminance(found[f"shade-{number}"]) for number in range(1, 6)]
    ordered = steps if steps[0] < steps[-1] else steps[::-1]
    assert all(after > before for before, after in pairwise(ordered))
    for before, after in pairwise(range(1, 6)):
        assert contrast(found[f"shade-{before}"], found[f"shade-{after}"]) > 1.2, (before, after)
