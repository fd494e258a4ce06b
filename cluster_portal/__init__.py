"""The roof of the house: settings, addresses, the Celery app, home and dashboard."""

from cluster_portal.celery import app as celery_app

__all__ = ["celery_app"]
