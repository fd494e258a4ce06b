"""A mandate that has not begun can be taken back; the days it was for are then free for another.

While the old version still serves it reads a mandate taken back by the new one as one that stands: for minutes.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    safe_because = "mandates are some thousands of rows: both constraints are built again in a moment"

    dependencies = [
        ('members', '0012_typed_tags_into_the_vocabulary'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='mandate',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='mandate',
            name='update_update',
        ),
        migrations.RemoveConstraint(
            model_name='mandate',
            name='one_mandate_of_a_kind_per_person_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='mandate',
            name='one_official_per_university_at_a_time',
        ),
        migrations.AddField(
            model_name='mandate',
            name='taken_back_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='mandateevent',
            name='taken_back_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mandate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "members_mandateevent" ("created_at", "deputy_from", "deputy_id", "deputy_until", "ends_on", "given_by_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "role", "starts_on", "taken_back_at", "university_id") VALUES (NEW."created_at", NEW."deputy_from", NEW."deputy_id", NEW."deputy_until", NEW."ends_on", NEW."given_by_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."role", NEW."starts_on", NEW."taken_back_at", NEW."university_id"); RETURN NULL;', hash='4763e4cf41b8c6958b5e365c35215fe46e127542', operation='INSERT', pgid='pgtrigger_insert_insert_f1361', table='members_mandate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='mandate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "members_mandateevent" ("created_at", "deputy_from", "deputy_id", "deputy_until", "ends_on", "given_by_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "role", "starts_on", "taken_back_at", "university_id") VALUES (NEW."created_at", NEW."deputy_from", NEW."deputy_id", NEW."deputy_until", NEW."ends_on", NEW."given_by_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."role", NEW."starts_on", NEW."taken_back_at", NEW."university_id"); RETURN NULL;', hash='bab012d54db7e670c1525b250dbf236ec7b6d4d3', operation='UPDATE', pgid='pgtrigger_update_update_564f0', table='members_mandate', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('taken_back_at__isnull', True)), expressions=[(models.Func(models.F('person'), models.F('person'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('university'), models.F('university'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.Func(models.F('role'), function='hashtext'), models.Func(models.F('role'), function='hashtext'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), django.db.models.functions.comparison.Greatest(django.db.models.functions.comparison.Coalesce(models.F('ends_on'), django.db.models.functions.comparison.Cast(models.Value('infinity'), models.DateField())), models.F('starts_on')), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='daterange'), '&&')], name='one_mandate_of_a_kind_per_person_at_a_time', violation_error_message='This person already holds this role here in that time.'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('role', 'official'), ('taken_back_at__isnull', True)), expressions=[(models.Func(models.F('university'), models.F('university'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('starts_on'), django.db.models.functions.comparison.Greatest(django.db.models.functions.comparison.Coalesce(models.F('ends_on'), django.db.models.functions.comparison.Cast(models.Value('infinity'), models.DateField())), models.F('starts_on')), django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='daterange'), '&&')], name='one_official_per_university_at_a_time', violation_error_message='This university has an official in that time; end that mandate first.'),
        ),
    ]
