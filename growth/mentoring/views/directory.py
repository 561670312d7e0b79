"""The public directory of mentors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from growth.mentoring import presentation
from growth.mentoring.filters import DirectoryFilter
from growth.mentoring.models import Mentor
from talentmap.accounts.access import requires
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.lists import ListPage

PUBLIC = (
    "name", "name_sort_key", "kind", "position", "offers", "industries", "skills", "stages", "languages", "formats",
    "bio", "capacity", "taken", "paused_from", "paused_until", "pause_reason", "organisation__name",
    "organisation_name", "region__name", "region__level", "region__code", "region__parent__name", "state",
    "region__parent__level", "region__parent__code",
)  # fmt: skip


@requires(P.PUBLIC)
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    found = Mentor.objects.public().select_related("organisation", "region__parent").only(*PUBLIC)
    page = ListPage(request, found, DirectoryFilter, sorts={"name": "name_sort_key"}, default_sort="name", page_size=24)
    today = timezone.localdate()
    cards = [(mentor, mentor.is_paused(today)) for mentor in page.rows]
    return render(request, "mentoring/directory.html", {"list": page, "cards": cards})


@requires(P.PUBLIC)
@require_safe
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    mentor = get_object_or_404(
        Mentor.objects.public().select_related("organisation", "region__parent").only(*PUBLIC), pk=pk
    )
    context = {
        "mentor": mentor,
        "facts": presentation.mentor_facts(mentor),
        "is_paused": mentor.is_paused(timezone.localdate()),
        "crumbs": [(_("Mentors"), reverse("mentoring:directory")), (mentor.name, "")],
    }
    return render(request, "mentoring/profile.html", context)
