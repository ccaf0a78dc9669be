"""Files attached to figures."""

import django.db.models.deletion
import indicators.models.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_audit_entry_written_once'),
        ('indicators', '0008_carried_denominator'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', indicators.models.fields.QuarterField(verbose_name='quarter')),
                ('name', models.CharField(max_length=120, verbose_name='file name')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('png', 'PNG'), ('jpg', 'JPG'), ('xlsx', 'Excel'), ('docx', 'Word')], max_length=4, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('digest', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed at')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='removed by')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='indicators.series', verbose_name='series')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='indicators.submission', verbose_name='submission')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'evidence file',
                'verbose_name_plural': 'evidence files',
                'ordering': ['uploaded_at', 'pk'],
                'indexes': [models.Index(fields=['series', 'quarter'], name='evidence_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'png', 'jpg', 'xlsx', 'docx'])), name='evidence_kind_known'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='evidence_digest_is_sha256'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='evidence_removed_by_someone'), models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('series', 'quarter', 'digest'), name='evidence_once_a_figure')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='guarded_insert', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='baeec869ff0de74050fda44a37b350ad1f2f2278', operation='INSERT', pgid='pgtrigger_guarded_insert_51f70', table='indicators_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='guarded_update', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE closed boolean; home indicators_submission%ROWTYPE;', func="SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id;\n    SELECT (w.closed_at IS NOT NULL OR (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date > w.closes_on)\n       AND NOT EXISTS (\n           SELECT 1 FROM indicators_extension x\n           WHERE x.window_id = w.id AND x.department_id = home.department_id AND (transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date <= x.closes_on\n             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))\n      INTO closed FROM indicators_reportingquarter w\n      WHERE w.programme_id = home.programme_id AND w.quarter = NEW.quarter FOR SHARE;\nSELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id FOR SHARE;\n    IF closed IS DISTINCT FROM FALSE AND NOT home.is_correction THEN\n        RAISE EXCEPTION 'The quarter is closed or was never opened.' USING ERRCODE = 'restrict_violation';\n    END IF;\n\n    IF home.status NOT IN ('draft', 'reopened', 'returned', 'withdrawn') OR home.quarter <> NEW.quarter THEN\n        RAISE EXCEPTION 'The submission takes no changes now.' USING ERRCODE = 'restrict_violation';\n    END IF;\nRETURN NEW;", hash='7fe740e97f23cf7a1d566e240d1c513b88a126a5', operation='UPDATE', pgid='pgtrigger_guarded_update_4c0b2', table='indicators_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0eebe0b3d3b067373b5757659f69e21e5805d47b', operation='DELETE', pgid='pgtrigger_never_deleted_8c674', table='indicators_evidence', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='content_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."quarter" IS DISTINCT FROM (NEW."quarter") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='63fc698639f3fb85f619dac301294e1d8c768322', operation='UPDATE', pgid='pgtrigger_content_kept_37290', table='indicators_evidence', when='BEFORE')),
        ),
    ]
