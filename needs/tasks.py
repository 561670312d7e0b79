"""Gathers the tasks of the needs map: Celery looks for them at app roots only."""

from needs.surveys.tasks import *  # noqa: F403
