"""What the parts of a bulletin are called on its pages."""

from django.utils.translation import gettext as _

from reports.bulletins import words


def name_section(key: str) -> str:
    """Return what a section is called on the page: its heading, or what opens the document."""
    opening = {words.ADDRESSEE: _("Whom it addresses"), words.OPENING: _("Opening")}
    return opening.get(key) or words.HEADINGS[key]
