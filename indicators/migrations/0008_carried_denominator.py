"""Denominators that are entered once for many quarters."""

import django.db.models.deletion
import indicators.models.fields
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_audit_entry_written_once'),
        ('indicators', '0007_extension'),
    ]

    operations = [
        migrations.CreateModel(
            name='CarriedDenominator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', indicators.models.fields.FigureField(decimal_places=6, max_digits=20, verbose_name='denominator')),
                ('valid_from', indicators.models.fields.QuarterField(verbose_name='valid from')),
                ('valid_to', indicators.models.fields.QuarterField(blank=True, null=True, verbose_name='valid to')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carried_denominators', to='indicators.series', verbose_name='series')),
            ],
            options={
                'verbose_name': 'carried denominator',
                'verbose_name_plural': 'carried denominators',
                'ordering': ['series', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('series', 'valid_from'), name='carrieddenominator_unique'), models.CheckConstraint(condition=models.Q(('value__gt', 0), ('value__lte', Decimal('99999999999999.999999'))), name='carrieddenominator_positive'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='carrieddenominator_quarters_in_order'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='carrieddenominator_has_source')],
            },
        ),
    ]
