"""Reminders that people find on the site."""

import django.db.models.deletion
import indicators.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_audit_entry_written_once'),
        ('indicators', '0009_evidence'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Quarter opened'), ('half_time', 'Half of the time is over'), ('day_before', 'Due on the next working day'), ('overdue', 'Past the date'), ('asked', 'Reminder by the leadership office')], max_length=12, verbose_name='kind')),
                ('quarter', indicators.models.fields.QuarterField(verbose_name='quarter')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('for_on', models.DateField()),
                ('is_review', models.BooleanField(default=False, verbose_name='about a review')),
                ('late_departments', models.JSONField(default=list)),
                ('sent_at', models.DateTimeField(verbose_name='sent at')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('emailed_at', models.DateTimeField(blank=True, null=True, verbose_name='e-mailed at')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='departments.department', verbose_name='department')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='indicators.programme', verbose_name='programme')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-sent_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='notice_unread'), models.Index(condition=models.Q(('emailed_at__isnull', True)), fields=['sent_at'], name='notice_unmailed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'half_time', 'day_before', 'overdue', 'asked'])), name='notice_kind_known'), models.UniqueConstraint(fields=('user', 'kind', 'programme', 'quarter', 'department', 'for_on'), name='notice_unique', nulls_distinct=False)],
            },
        ),
    ]
