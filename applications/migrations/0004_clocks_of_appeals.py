from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """Checked row by row only after the lock is gone."""

    atomic = False

    dependencies = [
        ('applications', '0003_appeals'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('appeal_by__isnull', True), models.Q(('released_at__isnull', False), models.Q(('outcome', 'offer'), _negated=True)), _connector='OR'), name='only_a_released_refusal_can_be_appealed'),
        ),
        ValidateConstraint(model_name='decision', name='only_a_released_refusal_can_be_appealed'),
        AddConstraintNotValid(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('appeal_answer_days__gte', 1), ('appeal_answer_days__lte', 60), ('appeal_days__lte', 30)), name='an_appeal_has_a_clock', violation_error_message='An appeal is filed within 30 and answered within 60 working days.'),
        ),
        ValidateConstraint(model_name='round', name='an_appeal_has_a_clock'),
    ]
