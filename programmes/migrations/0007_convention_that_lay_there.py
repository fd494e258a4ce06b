from django.db import migrations, models


class Migration(migrations.Migration):
    """The new index asks less than the old one, so that no row there can break it."""

    safe_because = "a few papers of each doctorate are read in a moment; the old version asks for more than the index"

    dependencies = [
        ('programmes', '0006_courses_change_pathways'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='cotutellefile',
            name='a_file_once_per_cotutelle',
        ),
        migrations.AddConstraint(
            model_name='cotutellefile',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'convention'), _negated=True), fields=('cotutelle', 'sha256'), name='a_paper_once_per_cotutelle', violation_error_message='This file is there already.'),
        ),
    ]
