from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from needs.surveys.questionnaires import actions, differences, trouble
from needs.surveys.questionnaires.documents import question_count
from needs.surveys.questionnaires.forms import PublishForm
from needs.surveys.questionnaires.settled import before, settled
from needs.surveys.questionnaires.views.common import of_questionnaire, version_of
from talentmap.accounts.access import SignedInRequest, requires
from talentmap.accounts.outcomes import told_on
from talentmap.accounts.permissions import Permission as P


@requires(P.EDIT_QUESTIONNAIRES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def version_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """What changes for whom, before it is for good. The form carries the revision that its reader saw."""
    version = version_of(request, pk)
    if version.is_published:
        messages.info(request, _("Version %(number)s is published already.") % {"number": version.number})
        return redirect("surveys:questionnaire", version.questionnaire_id)
    form = PublishForm(request.POST or None, initial={"revision": version.revision, "note": version.note})
    if form.is_valid():
        with told_on(form):
            done = actions.publish(by=request.user, at=timezone.now(), version=version, **form.cleaned_data)
            messages.success(request, _("Version %(number)s is published.") % {"number": done.number})
            return redirect("surveys:questionnaire", done.questionnaire_id)
    document, previous = settled(version), before(version)
    context = {
        "form": form,
        "version": version,
        "questionnaire": version.questionnaire,
        "previous": previous,
        "problems": trouble.of(document),
        "questions": question_count(document),
        "changes": differences.between(previous.document, document) if previous else None,
        "crumbs": of_questionnaire(version.questionnaire, _("Publish")),
    }
    return render(request, "surveys/questionnaires/publish.html", context)
