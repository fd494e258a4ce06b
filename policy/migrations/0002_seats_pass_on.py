import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The day on which a seat passes on may move in one act: the constraints can be looked at when it ends."""

    safe_because = "the seats of a consortium are a few hundred rows: the indexes are there again in a moment"

    dependencies = [
        ('members', '0012_typed_tags_into_the_vocabulary'),
        ('policy', '0001_bodies_and_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bodymembership',
            name='a_person_sits_once_in_a_body',
        ),
        migrations.RemoveConstraint(
            model_name='bodymembership',
            name='a_university_has_one_seat_of_its_own',
        ),
        migrations.AddConstraint(
            model_name='bodymembership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('person__isnull', False)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[(models.Func(models.F('body'), models.F('body'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('person'), models.F('person'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), django.db.models.functions.comparison.Greatest(django.db.models.functions.comparison.Coalesce(models.F('ends_on'), django.db.models.functions.comparison.Cast(models.Value('infinity'), models.DateField())), models.F('starts_on')), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='daterange'), '&&')], name='a_person_sits_once_in_a_body', violation_error_message='This person already sits in this body in that time.'),
        ),
        migrations.AddConstraint(
            model_name='bodymembership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('person__isnull', True)), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[(models.Func(models.F('body'), models.F('body'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('university'), models.F('university'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), django.db.models.functions.comparison.Greatest(django.db.models.functions.comparison.Coalesce(models.F('ends_on'), django.db.models.functions.comparison.Cast(models.Value('infinity'), models.DateField())), models.F('starts_on')), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='daterange'), '&&')], name='a_university_has_one_seat_of_its_own', violation_error_message='This university already has a seat of its own in this body in that time.'),
        ),
    ]
