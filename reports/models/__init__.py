"""What the reports own: publications with their frozen rows."""

from reports.models.publication import Publication
from reports.models.published import PublishedPart, PublishedResult, PublishedRollUp

__all__ = ["Publication", "PublishedPart", "PublishedResult", "PublishedRollUp"]
