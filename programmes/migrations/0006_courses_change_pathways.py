import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two rows of a course may change pathways in one act: the constraint can be looked at when it ends."""

    safe_because = "a list has 200 rows at most and few programmes have one: the index is there again in a moment"

    dependencies = [
        ('programmes', '0005_tags_of_programmes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='programmecourse',
            name='a_course_once_per_programme_and_pathway',
        ),
        migrations.AddConstraint(
            model_name='programmecourse',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('programme', 'course', 'pathway'), name='a_course_once_per_programme_and_pathway', nulls_distinct=False, violation_error_message='This course stands in the list already.'),
        ),
    ]
