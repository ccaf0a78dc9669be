"""Lets a person keep a choice of columns."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One text beside the account; empty for everybody who has chosen nothing."""

    dependencies = [("departments", "0003_access_tokens")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="target_columns",
            field=models.CharField(
                blank=True, default="", max_length=100, verbose_name="columns of the list of targets"
            ),
        ),
    ]
