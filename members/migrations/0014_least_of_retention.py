import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0013_mandates_taken_back'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='retentionperiod',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='retentionperiod',
            name='update_update',
        ),
        migrations.AddField(
            model_name='retentionperiod',
            name='at_least',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='at least'),
        ),
        migrations.AddField(
            model_name='retentionperiodevent',
            name='at_least',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='at least'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "members_retentionperiodevent" ("at_least", "days", "id", "is_on", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."at_least", NEW."days", NEW."id", NEW."is_on", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='06f969c5af3adc063aca90727176a3a127087b17', operation='INSERT', pgid='pgtrigger_insert_insert_a1dfd', table='members_retentionperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionperiod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "members_retentionperiodevent" ("at_least", "days", "id", "is_on", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."at_least", NEW."days", NEW."id", NEW."is_on", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='edebb3e047225a7af2a2246a47cb6dae8005f4b0', operation='UPDATE', pgid='pgtrigger_update_update_f649a', table='members_retentionperiod', when='AFTER')),
        ),
    ]
