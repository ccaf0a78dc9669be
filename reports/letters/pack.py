"""All issued letters of a programme in one archive: the same letters give the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable

from django.db.models import QuerySet

from indicators.models import Programme
from reports.letters import words
from reports.models import Letter

_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
_FOLDERS = {"region": "地区", "department": "部门"}


def list_issued(programme: Programme) -> QuerySet[Letter]:
    """Return all letters of a programme, regions first, each recipient's in the order of their numbers."""
    return Letter.objects.filter(programme=programme).order_by(
        "region__position", "region__code", "department__position", "department__code", "number"
    )


def pack_letters(letters: Iterable[Letter]) -> bytes:
    """Return a ZIP archive of the files as they were issued, regions and departments in a folder each."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for letter in letters:
            archive.writestr(zipfile.ZipInfo(name_entry(letter)), bytes(letter.file))
    return packed.getvalue()


def name_entry(letter: Letter) -> str:
    """Return the letter's place in the archive; what no file system takes in a name is left out of it.

    The recipient's key keeps two of one name apart.
    """
    recipient = letter.content["recipient"]
    name = _UNSAFE.sub("", f"{recipient['name']}_{words.name_title(letter.number)}")
    return f"{_FOLDERS[recipient['kind']]}/{letter.region_id or letter.department_id}_{name}.docx"
