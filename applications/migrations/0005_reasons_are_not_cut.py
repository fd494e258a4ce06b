from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0004_clocks_of_appeals'),
    ]

    operations = [
        migrations.AlterField(
            model_name='choice',
            name='why',
            field=models.CharField(blank=True, help_text='The reason as the applicant reads it, with the numbers.', max_length=400),
        ),
        migrations.AlterField(
            model_name='choiceevent',
            name='why',
            field=models.CharField(blank=True, help_text='The reason as the applicant reads it, with the numbers.', max_length=400),
        ),
        migrations.AlterField(
            model_name='documentslot',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name='fileaccess',
            name='reason',
            field=models.CharField(max_length=400, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='review',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name='reviewevent',
            name='reason',
            field=models.CharField(blank=True, max_length=400),
        ),
    ]
