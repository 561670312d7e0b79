"""Every entry of the navigation, who sees it and where it stands. Add a line for a new page here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talentmap.accounts.permissions import Permission as P
from talentmap.accounts.permissions import Role


@dataclass(frozen=True)
class Item:
    label: Any
    url_name: str
    permissions: tuple[str, ...]
    icon: str
    short: Any = ""


@dataclass(frozen=True)
class Group:
    label: Any
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Entry:
    """An item as one person sees it on one page."""

    label: Any
    short: Any
    url: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True)
class Bar:
    """The bottom bar of a phone: as many entries as are read and met by a thumb, the others behind the last."""

    shown: tuple[Entry, ...]
    more: tuple[Entry, ...] = ()

    @property
    def is_under_more(self) -> bool:
        return any(entry.is_current for entry in self.more)


@dataclass(frozen=True)
class Section:
    label: Any
    entries: tuple[Entry, ...]


STAFF: tuple[Group, ...] = (
    Group(
        pgettext_lazy("navigation", "Cases"),
        (
            Item(pgettext_lazy("navigation", "Inbox"), "casework:inbox", (P.VIEW_CASES,), "inbox"),
            Item(_("Counter entry"), "casework:counter", (P.ENTER_FOR_PERSON,), "pencil-square"),
            Item(_("Objections"), "casework:objections", (P.ANSWER_OBJECTION,), "chat-square-quote"),
            Item(_("Ratings and call-backs"), "casework:ratings", (P.CALL_BACK,), "telephone-outbound"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "People"),
        (
            Item(_("Talent register"), "people:talent_list", (P.VIEW_PEOPLE,), "people"),
            Item(_("Organisations"), "people:organisation_list", (P.VIEW_ORGANISATIONS,), "building"),
            Item(_("Data requests"), "people:data_request_list", (P.ANSWER_DATA_REQUEST,), "shield-lock"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Money"),
        (
            Item(_("Running subsidies"), "housing:entitlement_list", (P.VIEW_ENTITLEMENTS,), "house-check"),
            Item(_("Payment batches"), "money:batch_list", (P.PREPARE_BATCH, P.RELEASE_BATCH), "send-check"),
            Item(_("Funds"), "money:fund_list", (P.VIEW_FUNDS,), "bank"),
            Item(_("Tariffs"), "money:tariff_list", (P.VIEW_TARIFFS,), "sliders"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Needs map"),
        (
            Item(_("Survey campaigns"), "surveys:campaign_list", (P.VIEW_SURVEYS,), "clipboard-data"),
            Item(_("Fill in surveys"), "surveys:fill_home", (P.FILL_SURVEYS,), "ui-checks"),
            Item(_("Survey results"), "surveys:result_list", (P.VIEW_RESULTS,), "bar-chart-line"),
            Item(_("Questionnaires"), "surveys:questionnaire_list", (P.VIEW_SURVEYS,), "card-checklist"),
            Item(_("Question bank"), "surveys:question_bank", (P.EDIT_QUESTIONNAIRES,), "collection"),
            Item(_("Population margins"), "surveys:margin_list", (P.WEIGHT_RESULTS,), "people-fill"),
            Item(_("API and webhooks"), "surveys:api", (P.MANAGE_API,), "plug"),
        ),
    ),
    Group(
        _("Growth roadmap"),
        (
            Item(_("Requests to me"), "mentoring:request_list", (P.MENTOR,), "envelope-paper"),
            Item(_("My mentoring"), "mentoring:my_pairs", (P.MENTOR,), "people"),
            Item(_("My profile as a mentor"), "mentoring:own", (P.MENTOR,), "person-badge"),
            Item(_("Waiting for a mentor"), "mentoring:waiting", (P.VIEW_MENTORING,), "hourglass-split"),
            Item(_("Mentoring pairs"), "mentoring:pair_list", (P.VIEW_MENTORING,), "people"),
            Item(_("Mentors"), "mentoring:mentor_list", (P.VIEW_MENTORING,), "person-video3"),
            Item(_("Loans"), "loans:loan_list", (P.VIEW_LOANS,), "cash-coin"),
            Item(_("Loan products"), "loans:product_list", (P.MANAGE_LOANS, P.LEND), "bank2"),
            Item(_("Roadmaps"), "pathways:list", (P.VIEW_PEOPLE,), "signpost-split"),
            Item(_("Roadmaps of my mentees"), "pathways:mentees", (P.MENTOR,), "signpost-split"),
            Item(_("Pathway templates"), "pathways:template_list", (P.EDIT_PATHWAYS,), "diagram-2"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Figures"),
        (
            Item(_("Overview of the three maps"), "dashboards:overview", (P.VIEW_DASHBOARDS,), "columns-gap"),
            Item(_("Monthly briefs"), "dashboards:brief_list", (P.VIEW_DASHBOARDS,), "file-earmark-text"),
            Item(_("Needs in figures"), "dashboards:needs", (P.VIEW_DASHBOARDS,), "binoculars"),
            Item(_("Growth in figures"), "dashboards:growth", (P.VIEW_DASHBOARDS,), "signpost-2"),
            Item(_("Support panorama"), "dashboards:support", (P.VIEW_DASHBOARDS,), "bar-chart"),
            Item(_("Service quality"), "dashboards:service_quality", (P.VIEW_DASHBOARDS,), "speedometer2"),
        ),
    ),
    Group(
        pgettext_lazy("navigation", "Office"),
        (
            Item(_("Working-day calendar"), "casework:calendar", (P.EDIT_CALENDAR,), "calendar3"),
            Item(_("Members"), "members", (P.MANAGE_MEMBERS,), "person-badge"),
            Item(_("Regions"), "regions:list", (P.MANAGE_REGIONS,), "geo-alt"),
            Item(_("Boundaries"), "regions:boundary_list", (P.EDIT_BOUNDARIES,), "map"),
            Item(_("Audit history"), "audit:history", (P.VIEW_AUDIT,), "clock-history"),
            Item(_("Message delivery"), "notices:deliveries", (P.WATCH_DELIVERIES,), "envelope-exclamation"),
        ),
    ),
)

# In the order of their use: on a phone the first four stand in the bottom bar.
APPLICANT: tuple[Item, ...] = (
    Item(_("My applications"), "casework:my", (P.APPLY,), "folder2-open", pgettext_lazy("navigation", "Applications")),
    Item(_("What can I get?"), "casework:benefits", (P.APPLY,), "patch-check", pgettext_lazy("navigation", "Benefits")),
    Item(_("My roadmap"), "pathways:my", (P.APPLY,), "signpost-split", pgettext_lazy("navigation", "Roadmap")),
    Item(_("Services"), "casework:services", (P.SIGNED_IN,), "grid", _("Services")),
    Item(_("My mentoring"), "mentoring:my_pairs", (P.OWN_FILE,), "people", _("Mentoring")),
    Item(_("My file"), "people:my_file", (P.OWN_FILE,), "person-vcard", _("My file")),
)

BAR = 5

OWN: tuple[Item, ...] = tuple(item for item in APPLICANT if P.SIGNED_IN not in item.permissions)

PUBLIC: tuple[Item, ...] = (
    Item(_("Services"), "casework:services", (P.PUBLIC,), "grid", _("Services")),
    Item(_("Mentors"), "mentoring:directory", (P.PUBLIC,), "people", _("Mentors")),
    Item(_("Loan calculator"), "loans:calculator", (P.PUBLIC,), "calculator"),
    Item(
        _("Public notices"), "casework:public_notices", (P.PUBLIC,), "megaphone", pgettext_lazy("navigation", "Notices")
    ),
)

_HOMES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({Role.TOWNSHIP_CADRE, Role.OFFICE_STAFF, Role.OFFICE_DIRECTOR}), "casework:inbox"),
    (frozenset({Role.COUNTY_LEADER}), "dashboards:overview"),
    (frozenset({Role.ADMINISTRATOR}), "members"),
    (frozenset({Role.MENTOR}), "mentoring:own"),
    (frozenset({Role.TALENT}), "casework:my"),
)


def home_of(user: Any) -> str:
    """The URL name where a person's day starts: the duties of an office come before one's own affairs."""
    for roles, url_name in _HOMES:
        if roles & user.roles:
            return url_name
    return "casework:inbox" if user.roles else "account"


def layout_of(user: Any) -> str:
    if not user.is_authenticated:
        return "public"
    return "staff" if user.roles - {Role.TALENT} else "applicant"


def staff_sections(user: Any, path: str) -> tuple[Section, ...]:
    """The groups in which the person may open something."""
    visible = [(group.label, _entries(group.items, user)) for group in STAFF]
    current = _current([entry for _label, entries in visible for entry in entries], path)
    return tuple(Section(label, _marked(entries, current)) for label, entries in visible if entries)


def flat_entries(items: Iterable[Item], user: Any, path: str) -> tuple[Entry, ...]:
    entries = _entries(items, user)
    return _marked(entries, _current(entries, path))


def bar(user: Any, path: str) -> Bar:
    """At most five targets: a visitor's entries, or a person's first four and what opens the others, with whatever is
    public beside them."""
    if not user.is_authenticated:
        return Bar(flat_entries(PUBLIC, user, path))
    items = [*APPLICANT, *(item for item in PUBLIC if item.url_name not in {own.url_name for own in APPLICANT})]
    entries = flat_entries(items, user, path)
    return Bar(entries[: BAR - 1], entries[BAR - 1 :])


def _entries(items: Iterable[Item], user: Any) -> list[Entry]:
    return [
        Entry(item.label, item.short or item.label, _address(item.url_name), item.icon)
        for item in items
        if _may(user, item.permissions)
    ]


@cache
def _address(url_name: str) -> str:
    """Two dozen of them on every page, and none ever changes."""
    return reverse(url_name)


def _may(user: Any, permissions: tuple[str, ...]) -> bool:
    if P.PUBLIC in permissions:
        return True
    if not user.is_authenticated:
        return False
    return P.SIGNED_IN in permissions or any(user.may(permission) for permission in permissions)


def _current(entries: Iterable[Entry], path: str) -> str:
    """The most particular address that the page lies under."""
    return max((entry.url for entry in entries if path.startswith(entry.url)), key=len, default="")


def _marked(entries: Iterable[Entry], current: str) -> tuple[Entry, ...]:
    return tuple(Entry(entry.label, entry.short, entry.url, entry.icon, entry.url == current) for entry in entries)
