"""Talentmap: the spine that the three maps share."""

from talentmap.celery import app as celery_app

__all__ = ["celery_app"]
