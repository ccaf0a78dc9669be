"""Later dates for one department's quarter, honoured by the guards of figures and submissions."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_audit_entry_written_once'),
        ('indicators', '0006_workbook_upload'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('closes_on', models.DateField(verbose_name='closes on')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='time')),
                ('granted_at', models.DateTimeField(blank=True, null=True, verbose_name='granted at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='departments.department', verbose_name='department')),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='indicators.reportingquarter', verbose_name='reporting quarter')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
                'ordering': ['window', 'department'],
                'constraints': [models.UniqueConstraint(fields=('window', 'department'), name='extension_unique'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('due_on'))), name='extension_dates_in_order'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='extension_has_reason'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('by')), _negated=True), _connector='OR'), name='extension_four_eyes'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), ('granted_at__isnull', False), _connector='OR'), name='extension_confirmed_is_granted')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='second_person', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."confirmed_by_id" IS NULL AND NEW."granted_at" IS NOT NULL)', declare='DECLARE closed boolean; place indicators_reportingquarter%ROWTYPE;', func="SELECT * INTO place FROM indicators_reportingquarter w WHERE w.id = NEW.window_id FOR SHARE;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = NEW.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = place.programme_id AND w.quarter = place.quarter FOR SHARE;\n\n    IF closed IS DISTINCT FROM FALSE AND NOT FALSE THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='8c15693b5ea20f55ba428eeab8431ada6189fab1', operation='INSERT OR UPDATE', pgid='pgtrigger_second_person_ec57d', table='indicators_extension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='81c91b3bf06cf2d5ded6093ab101c63d2405da5d', operation='DELETE', pgid='pgtrigger_never_deleted_fa10d', table='indicators_extension', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='place_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."window_id" IS DISTINCT FROM (NEW."window_id") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e7194e08aec2006928764036c28683b5b521edd6', operation='UPDATE', pgid='pgtrigger_place_kept_1788c', table='indicators_extension', when='BEFORE')),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='figure',
            name='guarded_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='figure',
            name='guarded_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='submission',
            name='guarded_move',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=pgtrigger.compiler.Trigger(name='guarded_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF NEW.version <> 1 THEN\n        RAISE EXCEPTION 'The version must move by one.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='b807339ca7ee89068494cc7342b3404e8e34a7e7', operation='INSERT', pgid='pgtrigger_guarded_insert_c9c4b', table='indicators_figure', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=pgtrigger.compiler.Trigger(name='guarded_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF NEW.version <> OLD.version + 1 THEN\n        RAISE EXCEPTION 'The version must move by one.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='df5dce5775790adb6f4c2763ef0580613458cc91', operation='UPDATE', pgid='pgtrigger_guarded_update_c4b0a', table='indicators_figure', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='guarded_move', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IS DISTINCT FROM (NEW."status"))', declare='DECLARE closed boolean;', func="\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = NEW.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = NEW.programme_id AND w.quarter = NEW.quarter FOR SHARE;\n\n    IF closed IS DISTINCT FROM FALSE AND NOT (OLD.is_correction OR NEW.is_correction) THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF NEW.status = 'approved' AND EXISTS (\n        SELECT 1 FROM indicators_figureevent e\n        WHERE e.submission_id = NEW.id AND e.entered_by_id = NEW.decided_by_id AND e.version > COALESCE((\n            SELECT max(a.figure_version) FROM indicators_approvedfigure a\n            WHERE a.submission_id = NEW.id AND a.series_id = e.series_id), 0))\n    THEN\n        RAISE EXCEPTION 'Whoever entered a figure since the last approval cannot approve it.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='7c1deb3a372b38335607b171dfe9edb01dec256f', operation='UPDATE', pgid='pgtrigger_guarded_move_87494', table='indicators_submission', when='BEFORE')),
        ),
    ]
