"""An export whose worker is killed in the middle: taken up again, never two files, never half of one."""

from pathlib import Path

import pytest
from django.conf import settings
from django_celery_beat.models import PeriodicTask

from needs.surveys.exports import making
from needs.surveys.exports.models import ExportJob
from tests.crash.conftest import every_second
from tests.factories import surveys_exports as factory

pytestmark = pytest.mark.xdist_group("crash")

BEFORE_IT_IS_OFFERED = "needs.surveys.exports.making:_sha256"


@pytest.fixture
def job(platform, monkeypatch):
    monkeypatch.setattr("needs.surveys.exports.tasks.make_export.apply_async", lambda *args, **how: None)
    platform.environment |= {"MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    campaign = factory.two_versions()
    for age in range(3):
        factory.answer(campaign, age=20 + age)
    return factory.asked(campaign, columns=("age",))


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def killed_in_the_middle(platform, job) -> None:
    platform.stops_at(BEFORE_IT_IS_OFFERED)
    worker = platform.worker()
    platform.run(f"from needs.surveys.exports.tasks import make_export; make_export.delay({job.pk})\n")
    platform.wait_for_stop()
    platform.kill(worker)
    platform.queue.flushall()
    platform.runs_on()


def test_a_killed_worker_leaves_no_file_on_offer_and_the_sweep_has_it_made_again(platform, job):
    killed_in_the_middle(platform, job)
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == ("running", False)
    assert [path.parent for path in files()] == [making.work_folder(job.pk)]

    every_second(PeriodicTask(name="exports", task="needs.surveys.sweep_exports"))
    platform.worker()
    platform.beat()
    platform.wait_for(lambda: ExportJob.objects.get().state == "ready", "the sweep to have it made again")
    job.refresh_from_db()
    assert (job.rows_written, job.rows_expected, job.attempts) == (3, 3, 2)
    assert files() == [Path(job.file.path)]


def test_control_without_the_sweep_it_stays_unmade(platform, job):
    killed_in_the_middle(platform, job)
    platform.worker()
    platform.run("from talentmap.notices.tasks import deliver_due; deliver_due.delay()\n")
    platform.wait_for(lambda: not platform.queue.exists("celery", "unacked"), "the worker to have nothing more to do")
    assert ExportJob.objects.get().state == "running"
