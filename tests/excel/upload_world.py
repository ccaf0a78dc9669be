"""The world of entry, with a form given out and files sent in."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from departments.models import User
from indicators.actions.workbook_upload import ReceivedFile, apply_upload, stage_upload
from indicators.excel.form_content import describe_form
from indicators.excel.form_reader import read_form
from indicators.excel.form_writer import write_form
from indicators.excel.layout import FIRST_ROW, Column
from indicators.models import Series, Submission, WorkbookUpload
from indicators.selectors.entry import load_grid
from tests.excel.forms import fill_in
from tests.integration.entry_world import World


def give_out(world: World, cells: dict[str, Any] | None = None, **more: Any) -> bytes:
    """Return the submission's form, filled in."""
    submission = Submission.objects.get(pk=world.submission.pk)
    content = write_form(describe_form(load_grid(submission)))
    return fill_in(content, cells, **more) if cells or more else content


def locate(world: World, series: Series, column: Column) -> str:
    """Return the cell of a series in the form."""
    rows = [row.series.pk for row in load_grid(world.submission).rows]
    return f"{column}{FIRST_ROW + rows.index(series.pk)}"


def receive(content: bytes, *, name: str = "填报表.xlsx") -> ReceivedFile:
    """Return a file as the views hand it on."""
    return ReceivedFile(name=name, digest=sha256(content).hexdigest(), size=len(content), read=read_form(content))


def send(world: World, content: bytes, *, by: User | None = None, **more: Any) -> WorkbookUpload:
    """Return the upload of a file."""
    return stage_upload(file=receive(content), batch=uuid4(), by=by or world.clerk, **more)


def send_and_apply(world: World, content: bytes, *, by: User | None = None) -> WorkbookUpload:
    """Return the upload of a file after its confirmation."""
    return apply_upload(upload=send(world, content, by=by), by=by or world.clerk)
