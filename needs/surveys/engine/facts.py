"""Who answered: age band, sex and occupation, from the questions that have these roles."""

from datetime import date

from needs.surveys.engine.program import Compiled
from needs.surveys.engine.state import Instance
from needs.surveys.expressions import to_number
from needs.surveys.expressions.values import day_of

BANDS = ((25, "lt25"), (35, "25_34"), (45, "35_44"), (55, "45_54"))
OLDEST = "ge55"
OLDEST_AGE = 130
BAND_NAMES = frozenset({*(name for _age, name in BANDS), OLDEST})
SEXES = frozenset({"male", "female"})


def of(compiled: Compiled, answers: Instance, today: str) -> tuple[str, str, str]:
    said = {role: answers.texts.get(node.index, "") for role, node in compiled.roles.items()}
    sex = said.get("sex", "")
    return _band(said, today), sex if sex in SEXES else "", said.get("occupation", "")[:60]


def _band(said: dict[str, str], today: str) -> str:
    if said.get("age_band", "") in BAND_NAMES:
        return said["age_band"]
    born, now = day_of(said.get("birth_date", "")), day_of(today)
    if born and now:
        return band_of(age_on(born, now))
    age = to_number(said.get("age", ""))
    return band_of(int(age)) if 0 <= age <= OLDEST_AGE else ""


def age_on(born: date, day: date) -> int:
    """Whole years; on the birthday itself one year more."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(age: int) -> str:
    """The age band of the domain: under 25, 25–34, 35–44, 45–54, 55 and over; "" before birth and past 130."""
    if not 0 <= age <= OLDEST_AGE:
        return ""
    return next((name for below, name in BANDS if age < below), OLDEST)
