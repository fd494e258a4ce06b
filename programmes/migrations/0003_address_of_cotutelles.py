"""No programme takes the address of the list of cotutelles. The wider rule holds for new rows first, then for all."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('programmes', '0002_cotutelles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='programme',
            name='a_programme_address_is_not_a_page',
        ),
        AddConstraintNotValid(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ('add', 'compare', 'cotutelles', 'desk', 'wishlist')), _negated=True), name='a_programme_address_is_not_a_page', violation_error_message='This address belongs to a page of the portal; choose another one.'),
        ),
        ValidateConstraint(
            model_name='programme',
            name='a_programme_address_is_not_a_page',
        ),
    ]
