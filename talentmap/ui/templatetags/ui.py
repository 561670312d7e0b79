"""Template tags and components: `{% load ui %}`.

Tags and filters
    {% icon "inbox" %}  {% icon "inbox" label=_("Inbox") %}      an icon, drawn into the page
    {% state_pill application.state application.get_state_display %}   word + icon + tone (talentmap/ui/tones.py)
    {% pill "wait" label icon="clock" %}                          tones: neutral info wait good bad over
    {% map_chip "support" %}                                      which of the three maps, in its hue
    {{ amount|money }}          ¥1,234.50, "—" when empty; put it into <td class="num">
    {{ number|grouped }}        1,234
    {{ 5|working_days }}        5 working days
    {{ bytes|file_size }}       1.4 MB
    {{ name|mask_name }} {{ phone|mask_phone }} {{ id|mask_id }} {{ last4|mask_account }}
    {{ value|dash }}            the value, or "—" when there is none
    {% sort_link list "name" as link %}                           used by list_head.html

Components (`templates/ui/components/`), each with its parameters
    form.html        form [submit cancel_url danger icon extra]   a whole POST form
    filter.html      list                                         the filter above a list; swaps #list
    list_head.html   list column label [num]                      one <th>, sortable where `list.sorts` names it
    list_count.html  list                                         "1–25 of 312", above or below the table
    pagination.html  list                                         the pages
    empty.html       title [advice action_url action icon]        an empty list says what to do next
    facts.html       facts=[(label, value), …]                    a definition list
    timeline.html    entries=[{title, at, text, by, tone, icon, current}, …]
    file.html        name url [size kind at remove_url]           a document with its link
    confirm.html     id title action [text submit danger fields]  a dialog; open it with <button data-opens="id">
    progress.html    url percent label [done]                     a long job that may be left
    alert.html       tone text [title]                            good bad wait info
    errors.html      title errors                                 row-wise errors of an uploaded file
    breadcrumbs.html crumbs=[(label, url), …, (label, "")]        put `crumbs` into the context and page.html shows it
    figure.html      label value [unit definition url tone]       one number of a dashboard

A list page
    {% extends "ui/page.html" %}{% load i18n ui %}
    {% block title %}{% translate "Inbox" %}{% endblock %}
    {% block content %}
      {% include "ui/components/filter.html" %}
      <section id="list" {% list_attributes %}>
        {% include "ui/components/list_count.html" %}
        {% if list.rows %}
          <div class="table-wrap"><table class="table table-list">
            <thead><tr>{% include "ui/components/list_head.html" with column="name" label=_("Name") %}…</tr></thead>
            <tbody>{% for row in list.rows %}<tr>
              <td data-label="{% translate 'Name' %}"><a href="…">{{ row.name }}</a></td>…
            </tr>{% endfor %}</tbody>
          </table></div>
          {% include "ui/components/pagination.html" %}
        {% else %}{% include "ui/components/empty.html" with title=… advice=… %}{% endif %}
      </section>
    {% endblock %}
On a phone each row of `.table-list` becomes a card: every <td> needs its `data-label`, the first is the title.

Page blocks (`ui/page.html`): title, heading (default: the title), lead, actions, content, aside, head, scripts,
map (needs|growth|support), width (narrow|reading|"" full).
Context: `crumbs`, and `layout="applicant"` to show staff an applicant's layout.
CSS classes: .card-box (white surface), .num (right, tabular), .muted, .stack (vertical rhythm), .split (content and
side), .sticky-actions (buttons that stay on the phone), .secret (masked value), .only-print, .no-print.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talentmap.people import masks
from talentmap.ui import icons
from talentmap.ui.lists import ListPage, SortLink
from talentmap.ui.tones import look

register = template.Library()
EMPTY = "—"
_MAPS = {"needs": "compass", "growth": "signpost-split", "support": "house-check"}


@register.simple_tag
def icon(name: str, label: str = "", css_class: str = "") -> SafeString:
    return icons.icon(name, str(label), css_class)


@register.simple_tag
def pill(tone: str, label: Any, icon: str = "") -> SafeString:
    drawing = icons.icon(icon) if icon else ""
    return format_html('<span class="pill pill-{}">{}{}</span>', tone, drawing, label)


@register.simple_tag
def state_pill(state: Any, label: Any = "") -> SafeString:
    """A state as icon and word; the word defaults to the state's own label."""
    shown = look(state)
    return pill(shown.tone, label or getattr(state, "label", state), shown.icon)


@register.simple_tag
def map_chip(code: str) -> SafeString:
    names = {"needs": _("Needs map"), "growth": _("Growth roadmap"), "support": _("Support panorama")}
    return format_html('<span class="map-chip map-{}">{}{}</span>', code, icons.icon(_MAPS[code]), names[code])


@register.simple_tag(takes_context=True)
def page_title(context: Any) -> str:
    """What the page put into its title block: the heading says the same unless the page says otherwise."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    title = blocks.get_block("title") if blocks else None
    return title.render(context) if title else ""


@register.simple_tag
def sort_link(list_page: ListPage, column: str) -> SortLink | None:
    return list_page.sort_links.get(column)


@register.simple_tag
def page_url(list_page: ListPage, number: int) -> str:
    return list_page.page_url(number)


@register.simple_tag
def filter_widget(field: BoundField) -> SafeString:
    """A filter's input in our look; a range's two inputs are told apart by their names."""
    looks = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
    css_class = next((name for kind, name in looks.items() if isinstance(field.field.widget, kind)), "form-control")
    attrs: dict[str, str | bool] = {"class": css_class}
    if field.errors:
        attrs = {"class": f"{css_class} is-invalid", "aria-describedby": f"{field.auto_id}_error"}
    return field.as_widget(attrs=attrs)


@register.simple_tag
def list_attributes() -> SafeString:
    """Sort and page links inside swap only the list, from the same page that a reload would give.

    Of two pressed one after the other the last counts: the answer to the first would leave the address of one
    page over the rows of the other.
    """
    return mark_safe(
        'hx-target="#list" hx-select="#list" hx-swap="outerHTML show:none"'
        ' hx-push-url="true" hx-indicator="#list" hx-sync="#list:replace" tabindex="-1"'
    )


@register.filter
def money(amount: Any) -> str:
    """CNY with two places and separators; what is no number is shown as empty rather than wrong."""
    if amount in (None, ""):
        return EMPTY
    try:
        value = Decimal(str(amount)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return EMPTY
    if value.is_nan():
        return EMPTY
    sign = "-" if value < 0 else ""
    return f"{sign}¥{abs(value):,.2f}"


@register.filter
def grouped(number: Any) -> str:
    return EMPTY if number in (None, "") else str(number_format(number, use_l10n=True, force_grouping=True))


@register.filter
def working_days(count: Any) -> str:
    if count in (None, ""):
        return EMPTY
    return ngettext("%(count)s working day", "%(count)s working days", int(count)) % {"count": count}


@register.filter
def file_size(size: Any) -> str:
    """Bytes in the unit people know; one decimal from a megabyte on."""
    if size in (None, ""):
        return EMPTY
    if int(size) < 1024 * 1024:
        return f"{max(1, round(int(size) / 1024))} KB"
    return f"{int(size) / 1024 / 1024:.1f} MB"


@register.filter
def dash(value: Any) -> Any:
    return EMPTY if value in (None, "") else value


@register.filter
def iso(day: date | None) -> str:
    return day.strftime("%Y-%m-%d") if day else EMPTY


register.filter("mask_name", masks.mask_name)
register.filter("mask_phone", masks.mask_phone)
register.filter("mask_id", masks.mask_id)
register.filter("mask_account", masks.mask_account)
