"""Makes a brief: counts once, keeps what was counted, writes both documents from it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from talentmap.accounts.models import User
from talentmap.dashboards import actions, brief_figures, brief_text
from talentmap.dashboards.brief_models import Brief
from talentmap.documents import official_docx, official_pdf

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
FOLDER = "briefs"
ENDINGS = ("pdf", "docx")
LANGUAGE = "zh-hans"  # an official document is the office's, whoever asks for it


@translation.override(LANGUAGE)
def make(pk: int, now: Clock) -> bool:
    """True when this call brought it to an end; another worker's, or one that is over, is left alone."""
    system = User.objects.system()
    brief = actions.start_brief(by=system, at=now(), pk=pk)
    if brief is None:
        return False
    _discard(pk, range(1, brief.attempts))  # what a worker that is gone has left
    try:
        _make(brief, system, now)
        return True
    except actions.Overtaken:
        is_over = False
    except Exception:
        log.exception("brief %s failed", pk)
        is_over = actions.fail_brief(by=system, at=now(), brief=brief) is not None
    _discard_own(brief)
    return is_over


def _make(brief: Brief, system: User, now: Clock) -> None:
    figures = brief_figures.counted(brief.made_by, brief.region, brief.month, now=now())
    shows = brief_figures.permissions_of(brief.made_by)
    actions.keep_figures(by=system, brief=brief, figures=figures, shows=shows)
    document = brief_text.written(figures, str(settings.OFFICE_NAME))
    pdf = _stored(brief, "pdf", official_pdf.render(document))
    actions.note_progress(by=system, brief=brief, percent=70)
    docx = _stored(brief, "docx", official_docx.render(document))
    actions.finish_brief(by=system, at=now(), brief=brief, docx=docx, pdf=pdf)


def _stored(brief: Brief, ending: str, content: bytes) -> str:
    return default_storage.save(_name(brief.pk, brief.attempts, ending), ContentFile(content))


def _name(pk: int, run: int, ending: str) -> str:
    """Of one run alone: a run that was thought dead never writes over what another has made."""
    return f"{FOLDER}/brief-{pk}-{run}.{ending}"


def _discard_own(brief: Brief) -> None:
    """Unless they are offered after all: the answer to the commit may be what got lost."""
    if not Brief.objects.filter(pk=brief.pk, attempts=brief.attempts, state=Brief.State.READY).exists():
        _discard(brief.pk, [brief.attempts])


def _discard(pk: int, runs: Iterable[int]) -> None:
    for run in runs:
        for ending in ENDINGS:
            default_storage.delete(_name(pk, run, ending))
