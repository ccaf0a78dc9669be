"""One index instead of two for the results, and keys of four bytes: they are written by the hundred thousand."""

import django.db.models.deletion
import indicators.models.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

NARROWED = ("allocation_id", "department_id", "region_id", "target_id")
"""Not `programme_id`: the type of a partition key cannot change."""


def _alter(kind: str, *, key: str) -> str:
    types = ", ".join(f"ALTER COLUMN {name} TYPE {kind}" for name in NARROWED)
    return f"""
        ALTER TABLE indicators_attainment DROP CONSTRAINT indicators_attainment_pkey;
        ALTER TABLE indicators_attainment {types};
        ALTER TABLE indicators_attainment ADD CONSTRAINT indicators_attainment_pkey PRIMARY KEY ({key});
    """


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_audit_entry_written_once'),
        ('indicators', '0012_left_out'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX attainment_cells;"
                    + _alter("integer", key="region_id, quarter, allocation_id, programme_id"),
                    _alter("bigint", key="allocation_id, quarter, programme_id")
                    + "CREATE INDEX attainment_cells ON indicators_attainment (region_id, quarter);",
                ),
            ],
            state_operations=[
                migrations.RemoveIndex(
                    model_name='attainment',
                    name='attainment_cells',
                ),
                migrations.AlterField(
                    model_name='attainment',
                    name='allocation',
                    field=indicators.models.fields.NarrowKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='attainments', to='indicators.allocation'),
                ),
                migrations.AlterField(
                    model_name='attainment',
                    name='department',
                    field=indicators.models.fields.NarrowKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attainments', to='departments.department'),
                ),
                migrations.AlterField(
                    model_name='attainment',
                    name='pk',
                    field=models.CompositePrimaryKey('region', 'quarter', 'allocation', 'programme', blank=True, editable=False, primary_key=True, serialize=False),
                ),
                migrations.AlterField(
                    model_name='attainment',
                    name='region',
                    field=indicators.models.fields.NarrowKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attainments', to='departments.region'),
                ),
                migrations.AlterField(
                    model_name='attainment',
                    name='target',
                    field=indicators.models.fields.NarrowKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='attainments', to='indicators.target'),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='series',
            trigger=pgtrigger.compiler.Trigger(name='series_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."indicator_id" IS DISTINCT FROM (NEW."indicator_id") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2e150db445dd528b7bec31d9e6185cefa816d90d', operation='UPDATE', pgid='pgtrigger_series_stays_8bd34', table='indicators_series', when='BEFORE')),
        ),
    ]
