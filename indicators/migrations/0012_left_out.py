"""Sentences of a programme that set no target, with the reason."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0011_target_growth_on_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quote", models.CharField(max_length=25, verbose_name="words of the sentence")),
                ("reason_zh", models.TextField(verbose_name="Chinese reason")),
                ("reason_en", models.TextField(verbose_name="English reason")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "clause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="indicators.clause",
                        verbose_name="clause",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="indicators.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "sentence left out",
                "verbose_name_plural": "sentences left out",
                "ordering": ["programme", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "position"), name="leftout_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quote", ""), _negated=True),
                            models.Q(("reason_zh", ""), _negated=True),
                            models.Q(("reason_en", ""), _negated=True),
                        ),
                        name="leftout_words_and_reason",
                    ),
                ],
            },
        ),
    ]
