"""Let the ids of approved figures grow in the order in which approvals are committed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0017_typed_text_add_version_seen'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='approvedfigure',
            trigger=pgtrigger.compiler.Trigger(name='ids_in_order_of_commit', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM pg_advisory_xact_lock(20828, 0); RETURN NULL;', hash='024c24cb781ed02d928dbeeb267f85bb4baf279b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_ids_in_order_of_commit_0a799', table='indicators_approvedfigure', when='BEFORE')),
        ),
    ]
