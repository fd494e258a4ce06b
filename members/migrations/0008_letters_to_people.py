"""A letter goes to a contact of a university or to somebody with a published profile.

A worker of the version before knows only contacts: it leaves a letter to a person waiting, and the new one sends it.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('members', '0007_published_profiles'),
    ]

    operations = [
        migrations.AlterField(
            model_name='enquiry',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='enquiries', to='members.contact'),
        ),
        migrations.AddField(
            model_name='enquiry',
            name='expert',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='enquiries', to='members.expert'),
        ),
        AddIndexConcurrently(
            model_name='enquiry',
            index=models.Index(fields=['expert'], name='enquiry_to_an_expert'),
        ),
        AddConstraintNotValid(
            model_name='enquiry',
            constraint=models.CheckConstraint(condition=models.Q(('contact__isnull', False), ('expert__isnull', False), _connector='XOR'), name='an_enquiry_is_to_a_contact_or_an_expert'),
        ),
        ValidateConstraint(model_name='enquiry', name='an_enquiry_is_to_a_contact_or_an_expert'),
    ]
