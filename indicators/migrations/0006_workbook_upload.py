"""Returned workbooks, as they were read."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0005_target_add_baseline_quarter'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkbookUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.UUIDField(db_index=True, verbose_name='sent together')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('digest', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('issued', models.CharField(blank=True, max_length=20, verbose_name='form given out at')),
                ('sheet', models.CharField(blank=True, max_length=40, verbose_name='sheet')),
                ('rows', models.JSONField(default=list)),
                ('findings', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('refused', 'Refused'), ('ready', 'Ready'), ('applied', 'Applied'), ('repeated', 'Applied before')], max_length=8, verbose_name='state')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='applied at')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='figures changed')),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='applied by')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='indicators.submission', verbose_name='submission')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['-uploaded_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['refused', 'ready', 'applied', 'repeated'])), name='workbookupload_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('findings', []), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('findings', [])), _connector='OR'), name='workbookupload_refused_with_findings'), models.CheckConstraint(condition=models.Q(('state', 'refused'), ('submission__isnull', False), _connector='OR'), name='workbookupload_knows_its_form'), models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('applied_by__isnull', False), ('state', 'applied')), models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', True), ('applied_by__isnull', True)), _connector='OR'), name='workbookupload_applied_by_someone'), models.UniqueConstraint(condition=models.Q(('state', 'applied')), fields=('submission', 'digest'), name='workbookupload_applied_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workbookupload',
            trigger=pgtrigger.compiler.Trigger(name='content_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."batch" IS DISTINCT FROM (NEW."batch") OR OLD."submission_id" IS DISTINCT FROM (NEW."submission_id") OR OLD."file_name" IS DISTINCT FROM (NEW."file_name") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."rows" IS DISTINCT FROM (NEW."rows") OR OLD."findings" IS DISTINCT FROM (NEW."findings") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='333fdf76f92d3cb7cc5fb2ea899471f7f638331b', operation='UPDATE', pgid='pgtrigger_content_kept_a88cd', table='indicators_workbookupload', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workbookupload',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{ready:applied,ready:repeated}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='ecbd5463f54cbc1a0462d5dc927a2d85291fd96f', operation='UPDATE', pgid='pgtrigger_legal_moves_614a5', table='indicators_workbookupload', when='BEFORE')),
        ),
    ]
