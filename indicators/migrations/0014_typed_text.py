"""What was typed and cannot be read, kept until it is corrected."""

import django.db.models.deletion
import indicators.models.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('indicators', '0013_attainment_one_narrow_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='TypedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', indicators.models.fields.QuarterField(verbose_name='quarter')),
                ('texts', models.JSONField(verbose_name='typed')),
                ('typed_at', models.DateTimeField(verbose_name='time')),
            ],
            options={
                'verbose_name': 'typed text',
                'verbose_name_plural': 'typed texts',
                'ordering': ['submission', 'series'],
            },
        ),
        migrations.AddField(
            model_name='typedtext',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='typed_texts', to='indicators.series', verbose_name='series'),
        ),
        migrations.AddField(
            model_name='typedtext',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='typed_texts', to='indicators.submission', verbose_name='submission'),
        ),
        migrations.AddField(
            model_name='typedtext',
            name='typed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='typedtext',
            constraint=models.UniqueConstraint(fields=('submission', 'series'), name='typedtext_one_a_row'),
        ),
        migrations.AddConstraint(
            model_name='typedtext',
            constraint=models.CheckConstraint(condition=models.Q(('texts', {}), _negated=True), name='typedtext_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='typedtext',
            trigger=pgtrigger.compiler.Trigger(name='guarded_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='38dac8692ec01c616d1e93de273bb57e7b8d7b74', operation='INSERT', pgid='pgtrigger_guarded_insert_eb954', table='indicators_typedtext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='typedtext',
            trigger=pgtrigger.compiler.Trigger(name='guarded_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='2f37ec9448157160e465c65cea034e5fdc3bf86a', operation='UPDATE', pgid='pgtrigger_guarded_update_8877c', table='indicators_typedtext', when='BEFORE')),
        ),
    ]
