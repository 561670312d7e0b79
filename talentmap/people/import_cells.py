"""How one cell of a table of people is understood: the columns, and the words people write in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from talentmap.people import identifiers
from talentmap.people.choices import Category, Education, Team
from talentmap.people.models import Organisation, Talent
from talentmap.regions.models import Region
from talentmap.ui.workbooks import Column, read_date


def _column(name: str, title: Any, *aliases: str) -> Column:
    return Column(name, title, required=name == "name", aliases=aliases)


COLUMNS = (
    _column("name", pgettext_lazy("person", "Name"), "姓名"),
    _column("id_number", gettext_lazy("ID number"), "身份证号", "身份证号码", "公民身份号码"),
    _column("phone", gettext_lazy("Mobile phone"), "手机号", "手机", "联系电话"),
    _column("email", gettext_lazy("E-mail address"), "邮箱", "电子邮箱"),
    _column("region", gettext_lazy("Township or village"), "乡镇", "乡镇或村", "所属区域"),
    _column("address", gettext_lazy("Address"), "地址", "住址"),
    _column("education", gettext_lazy("Highest education"), "学历", "最高学历"),
    _column("school", pgettext_lazy("education", "School"), "毕业院校", "学校"),
    _column("major", gettext_lazy("Major"), "专业", "所学专业"),
    _column("graduated_on", gettext_lazy("Graduated on"), "毕业时间", "毕业日期"),
    _column("category", gettext_lazy("Talent category"), "人才类别", "类别"),
    _column("category_since", gettext_lazy("Recognised since"), "认定日期", "认定时间"),
    _column("team", gettext_lazy("Team"), "人才队伍", "队伍"),
    _column("is_civil_servant", gettext_lazy("Civil servant"), "是否公务员", "公务员"),
    _column("employer", gettext_lazy("Employer"), "工作单位", "单位"),
    _column("position", gettext_lazy("Position"), "职务", "岗位"),
    _column("employed_since", gettext_lazy("Employed since"), "入职时间", "入职日期"),
    _column("returned_on", gettext_lazy("Returned on"), "返乡时间", "返乡日期"),
)

_OTHER_WORDS = {
    Education.JUNIOR_SECONDARY: ("小学", "初中", "初中及以下"),
    Education.SENIOR_SECONDARY: ("高中", "中专", "中职", "职高", "技校"),
    Education.COLLEGE: ("大专", "专科", "高职"),
    Education.BACHELOR: ("本科", "大学本科", "学士"),
    Education.MASTER: ("硕士", "研究生", "硕士研究生"),
    Education.DOCTOR: ("博士", "博士研究生"),
    Team.PARTY_GOVERNMENT: ("党政", "党政人才"),
    Team.MANAGEMENT: ("企业经营管理", "企业经营管理人才"),
    Team.PROFESSIONAL: ("专业技术", "专业技术人才"),
    Team.SKILLED: ("高技能", "高技能人才"),
    Team.RURAL: ("农村实用", "农村实用人才"),
    Team.SOCIAL_WORK: ("社会工作", "社会工作人才"),
}
_YES, _NO = {"是", "yes", "y", "1", "true", "√"}, {"否", "no", "n", "0", "false", ""}


class BadCell(ValueError):
    """Carries a translated reason."""


@dataclass(frozen=True)
class Places:
    """The regions and organisations that a table names, fetched once."""

    regions: dict[str, list[Region]]
    organisations: dict[str, Organisation]

    @classmethod
    def named_by(cls, employers: set[str]) -> "Places":
        named = Organisation.objects.filter(name__in=employers)
        return cls(_regions(), {organisation.name: organisation for organisation in named})


def _regions() -> dict[str, list[Region]]:
    """Regions by code, name and full name; a village's bare name may stand for several."""
    found: dict[str, list[Region]] = {}
    for region in Region.objects.filter(is_active=True).select_related("parent"):
        for word in {region.code, region.alt_code, region.name, region.full_name} - {""}:
            found.setdefault(word, []).append(region)
    return found


def read_cell(name: str, text: str, today: date, places: Places) -> dict[str, Any]:
    """Give the entries that one cell writes; raises BadCell or BadIdentifier."""
    if name in ("graduated_on", "category_since", "employed_since", "returned_on"):
        return {name: _date(text, today)}
    readers: dict[str, Callable[[str], dict[str, Any]]] = {
        "id_number": lambda t: _id_number(t, today),
        "phone": lambda t: {"phone": identifiers.parse_mobile(t)},
        "email": lambda t: {"email": _email(t)},
        "region": lambda t: {"region": _region(t, places)},
        "education": lambda t: {"education": _choice(Education, t)},
        "category": lambda t: {"category": _choice(Category, t[:1].upper())},
        "team": lambda t: {"team": _choice(Team, t)},
        "is_civil_servant": lambda t: {"is_civil_servant": _yes(t)},
        "employer": lambda t: _employer(t, places),
    }
    reader = readers.get(name)
    return reader(text) if reader else {name: _short(name, text)}


def _short(name: str, text: str) -> str:
    limit = 50 if name == "name" else getattr(Talent._meta.get_field(name), "max_length", None) or 200
    clean = " ".join(text.split())
    if len(clean) > limit:
        raise BadCell(_("The text is longer than %(limit)s characters.") % {"limit": limit})
    return clean


def _id_number(text: str, today: date) -> dict[str, Any]:
    read = identifiers.parse_id_number(text, today)
    return {"id_number": read.value, "birth_date": read.birth_date, "sex": read.sex.value}


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise BadCell(_("This is not an e-mail address.")) from error
    return _short("email", text)


def _date(text: str, today: date) -> date:
    day = read_date(text)
    if day is None:
        raise BadCell(_("Please write the date like 1990-06-30."))
    if not date(1900, 1, 1) <= day <= today:
        raise BadCell(_("The date lies in the future or too far back."))
    return day


def _region(text: str, places: Places) -> Region:
    found = places.regions.get("".join(text.split()), [])
    if not found:
        raise BadCell(_("There is no such township or village."))
    if len({region.pk for region in found}) > 1:
        raise BadCell(_("Several places have this name: write the township in front of the village."))
    return found[0]


def _employer(text: str, places: Places) -> dict[str, Any]:
    if organisation := places.organisations.get(text):
        return {"employer": organisation, "employer_name": ""}
    return {"employer_name": _short("employer_name", text)}


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise BadCell(_("Please write yes or no."))
    return word in _YES


def _choice(choices: type[TextChoices], text: str) -> str:
    wanted = "".join(text.split())
    for member in choices:
        if wanted in _words(member):
            return str(member.value)
    labels = pgettext("list", ", ").join(str(member.label) for member in choices)
    raise BadCell(_("Please write one of: %(labels)s.") % {"labels": labels})


def _words(member: TextChoices) -> set[str]:
    """All that may stand for a choice: its code, its label in either language, what people also write."""
    words = {str(member.value), *_OTHER_WORDS.get(member, ())}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words.add("".join(str(member.label).split()))
    return words
