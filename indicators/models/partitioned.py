"""Tables with one partition a programme, so that a programme's results can be replaced as a whole."""

from typing import Any

from django.db.migrations import CreateModel


class CreatePartitionedModel(CreateModel):
    """Creates the table PARTITION BY LIST (programme_id); partitions are added by `ensure_partitions`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = plain + " PARTITION BY LIST (programme_id)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
