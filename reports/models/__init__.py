"""What the reports own: publications with their frozen rows, letters, bulletins, and export jobs."""

from reports.models.bulletin import Bulletin
from reports.models.bulletin_version import BulletinVersion
from reports.models.export_job import ExportJob, ExportKind, ExportState
from reports.models.letter import Letter
from reports.models.own_layout import OwnLayout
from reports.models.publication import Publication
from reports.models.published import PublishedPart, PublishedResult, PublishedRollUp

__all__ = [
    "Bulletin",
    "BulletinVersion",
    "ExportJob",
    "ExportKind",
    "ExportState",
    "Letter",
    "OwnLayout",
    "Publication",
    "PublishedPart",
    "PublishedResult",
    "PublishedRollUp",
]
