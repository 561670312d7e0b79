import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentmap.settings")

app = Celery("talentmap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_demo_secrets(**kwargs: object) -> None:
    from talentmap.accounts.checks import refuse_demo_secrets

    refuse_demo_secrets()


@worker_init.connect
def _live_on_the_demos_date(**kwargs: object) -> None:
    """Beat does not: it goes by the machine's nights, which are real."""
    from talentmap.demo import clock

    clock.start()
