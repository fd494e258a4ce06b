from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Checked row by row only after the lock is gone."""

    atomic = False

    dependencies = [
        ('members', '0014_least_of_retention'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='languageskill',
            constraint=models.CheckConstraint(condition=models.Q(('language__regex', '^[a-z]{2}$')), name='members_languageskill_language_is_a_code'),
        ),
        ValidateConstraint(model_name='languageskill', name='members_languageskill_language_is_a_code'),
        AddConstraintNotValid(
            model_name='retentionperiod',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', models.F('at_least'))), name='kept_as_long_as_the_kind_wants', violation_error_message='These are too few days for this kind.'),
        ),
        ValidateConstraint(model_name='retentionperiod', name='kept_as_long_as_the_kind_wants'),
        AddConstraintNotValid(
            model_name='studentprofile',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['', 'bachelor', 'master', 'doctorate'])), name='members_studentprofile_level_known'),
        ),
        ValidateConstraint(model_name='studentprofile', name='members_studentprofile_level_known'),
        AddConstraintNotValid(
            model_name='universityname',
            constraint=models.CheckConstraint(condition=models.Q(('language__regex', '^([a-z]{2})?$')), name='members_universityname_language_is_a_code'),
        ),
        ValidateConstraint(model_name='universityname', name='members_universityname_language_is_a_code'),
    ]
