"""Say of each text that was not saved which version of the figure its typist saw."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0016_indicator_add_whole'),
    ]

    operations = [
        migrations.AddField(
            model_name='typedtext',
            name='version_seen',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='version'),
        ),
    ]
