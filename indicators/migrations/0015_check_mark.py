"""Which figures a reviewer has looked at."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('indicators', '0014_typed_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure_version', models.PositiveIntegerField(verbose_name='version')),
                ('at', models.DateTimeField(verbose_name='time')),
            ],
            options={
                'verbose_name': 'check mark',
                'verbose_name_plural': 'check marks',
                'ordering': ['submission', 'series', 'figure_version'],
            },
        ),
        migrations.AddField(
            model_name='checkmark',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='checkmark',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_marks', to='indicators.series', verbose_name='series'),
        ),
        migrations.AddField(
            model_name='checkmark',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='check_marks', to='indicators.submission', verbose_name='submission'),
        ),
        migrations.AddConstraint(
            model_name='checkmark',
            constraint=models.UniqueConstraint(fields=('submission', 'series', 'figure_version'), name='checkmark_once_a_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkmark',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ceb177f625fe58157ad044878a1abba6288c9fa9', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_fd8d0', table='indicators_checkmark', when='BEFORE')),
        ),
    ]
