"""Counting what waits, is held, is late or was given up reads these rows only, however many were sent."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('notifications', '0005_calendar_addresses'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'digest', 'claimed', 'failed'])), fields=['state', 'due_at'], name='delivery_not_over'),
        ),
    ]
