"""Which indicator is a part of which."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0015_check_mark'),
    ]

    operations = [
        migrations.AddField(
            model_name='indicator',
            name='whole',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='indicators.indicator', verbose_name='part of'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('whole__isnull', True), models.Q(('whole', models.F('pk')), _negated=True), _connector='OR'), name='indicator_no_part_of_itself'),
        ),
    ]
