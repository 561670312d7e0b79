"""The yardstick: as many rows from one query, in a plain table, with nothing around it."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from talentmap.accounts.access import requires
from talentmap.accounts.permissions import Permission
from talentmap.casework.models import Application
from talentmap.casework.views.common import SENSITIVE

_TEMPLATE = Engine().from_string(
    "<!doctype html><title>Cases</title><table>{% for row in rows %}<tr>"
    "<td>{{ row.number }}</td><td>{{ row.applicant.name }}</td><td>{{ row.region.name }}</td>"
    "<td>{{ row.get_state_display }}</td><td>{{ row.due_on }}</td><td>{{ row.submitted_at }}</td>"
    "</tr>{% endfor %}</table>"
)


@requires(Permission.PUBLIC)
def bare(request: HttpRequest) -> HttpResponse:
    count = int(request.GET.get("rows", "25"))
    rows = Application.objects.select_related("applicant", "region").defer(*SENSITIVE).order_by("-id")[:count]
    return HttpResponse(_TEMPLATE.render(Context({"rows": rows})))
