"""The portal's Celery app with a clock in a hurry, for tests that run real processes: every job every two seconds.

A job in the hand of a worker that was killed is due again after a second, not after ten minutes.
"""

from cluster_portal.celery import app

app.conf.beat_schedule = {name: {**entry, "schedule": 2.0} for name, entry in app.conf.beat_schedule.items()}
app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 1}
