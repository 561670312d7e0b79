"""Appearances: what only changes the look is kept, what would change the answers is refused."""

import re
from collections.abc import Iterable

from needs.surveys.xlsform.fields import Fields, words
from needs.surveys.xlsform.messages import REASONS
from needs.surveys.xlsform.mistakes import Findings

# Only the look, the keyboard or the order on the screen; the same answers can be given without them.
_LOOK = re.compile(
    r"""w\d+ | field-list | table-list | pages | theme-\w+ | minimal | quick | quickcompact | compact | likert | label
    | list-nolabel | list | columns(-\d+|-pack|-flex)? | columns-\d+ | horizontal(-compact)? | vertical | no-buttons
    | compact-\d+ | quickcompact-\d+ | horizontal-\d+ | autocomplete(_chars)? | search | multiline | numbers
    | thousands-sep | masked | no-calendar | month-year | year | week-number | time | date | map | maps | placement-map
    | no-ticks | picker | rating | hidden-answer | new(-front|-rear)? | selfie | file | textarea | url
    | bearing | counter | image-map | analog-scale | hide-input | dn | first-column""".replace(" ", "").replace(
        "\n", ""
    )
)
_REFUSED = (
    (re.compile(r"ex:|printer:|intent:"), "phone_app"),
    (re.compile(r"search\(|query\(|pulldata\("), "external_data"),
    (re.compile(r"(signature|draw|annotate)$"), "appearance_data"),
    (re.compile(r"(ethiopian|coptic|islamic|bikram-sambat|myanmar|persian|buddhist)$"), "appearance_data"),
)


def check_appearance(row: Fields, kind: str, found: Findings, text: str) -> str:
    """The appearance as written, with what is wrong with it found."""
    place = row.place("appearance")
    for word in words(text):
        reason = _refused(word)
        if reason == "phone_app" and row.text("no_app") and word.startswith("ex:"):
            # The questionnaire itself says what holds without the app: the respondent types the answer.
            found.warn("app_by_hand", place, name=row.text("name"))
        elif reason:
            found.wrong("appearance_not_supported", place, name=word, reason=REASONS[reason])
        elif not _LOOK.fullmatch(word):
            found.warn("appearance_unknown", place, name=word)
    return text


def _refused(word: str) -> str:
    return next((reason for pattern, reason in _REFUSED if pattern.match(word)), "")


def has_word(appearance: str, wanted: Iterable[str]) -> bool:
    return bool(set(words(appearance)) & set(wanted))
