from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="charterholder",
            name="erasmus_code",
            field=models.CharField(max_length=16, primary_key=True, serialize=False),
        ),
        migrations.AddField(
            model_name="charterholder",
            name="other_name",
            field=models.CharField(blank=True, max_length=255),
        ),
    ]
