"""The name `tags` passes from the column of typed words to the vocabulary; the column stays for the old version."""

import django.contrib.postgres.fields
from django.db import migrations, models


def typed() -> django.contrib.postgres.fields.ArrayField:
    words = models.CharField(max_length=40)
    return django.contrib.postgres.fields.ArrayField(words, blank=True, db_column="tags", default=list, editable=False)


class Migration(migrations.Migration):
    safe_because = "the column keeps its name in the table: only the new version's code calls it otherwise"

    dependencies = [("members", "0010_tags")]

    operations = [
        migrations.AlterField("university", "tags", typed()),
        migrations.AlterField("universityevent", "tags", typed()),
        migrations.RenameField("university", "tags", "tags_typed"),
        migrations.RenameField("universityevent", "tags", "tags_typed"),
        migrations.AddField(
            "university",
            "tags",
            models.ManyToManyField(
                blank=True,
                related_name="universities",
                through="members.UniversityTag",
                to="members.tag",
                verbose_name="tags",
            ),
        ),
    ]
