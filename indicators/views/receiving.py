"""How workbooks and other files come in over HTTP: in memory, bounded, whole or not at all.

No file is written, so an upload that is cut off leaves none. Source: trust rule 19, case T44, goal R19.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from departments.errors import Invalid
from indicators.actions.workbook_upload import ReceivedFile
from indicators.excel.form_reader import read_form
from indicators.excel.guard import MOST_BYTES

MOST_TOTAL = 64 * 1024 * 1024  # bytes of one request
FIELD, LAST_FIELD = "workbook", "complete"
"""The files, and the field after them: without it the request was cut off."""

View = Callable[..., HttpResponse]


class BoundedHandler(FileUploadHandler):
    """Keeps a file in memory; of one that is too large just enough to say so."""

    def __init__(self, request: HttpRequest, *, most_bytes: int) -> None:
        super().__init__(request)
        self.most_bytes = most_bytes

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  the framework's own name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse a request that is too large before it is read."""
        if content_length > MOST_TOTAL:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the piece as long as there is room."""
        self.kept += raw_data[: self.most_bytes + 1 - len(self.kept)]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file."""
        content = bytes(self.kept)
        return InMemoryUploadedFile(
            file=BytesIO(content),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=len(content),
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def receives_files(*, most_bytes: int) -> Callable[[View], View]:
    """Let a view take files by `BoundedHandler`; the form's token is checked as everywhere, after that is set."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def prepare(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.upload_handlers = [BoundedHandler(request, most_bytes=most_bytes)]
            return csrf_protect(view)(request, *args, **kwargs)

        return prepare

    return wrap


receives_workbooks = receives_files(most_bytes=MOST_BYTES)


def list_received(request: HttpRequest) -> list[ReceivedFile]:
    """Return the files of a request, read; Invalid for none and for a request that was cut off."""
    files = request.FILES.getlist(FIELD)
    if LAST_FIELD not in request.POST:
        raise Invalid(_("The file did not arrive whole; send it again. Nothing was kept."))
    if not files:
        raise Invalid(_("No file was chosen; choose the workbook and send it again."))
    return [_read(file.name or "", file.read()) for file in files]


def get_content(request: HttpRequest) -> tuple[str, bytes]:
    """Return name and bytes of the first file, unread; Invalid for none and for a request that was cut off."""
    files = request.FILES.getlist(FIELD)
    if LAST_FIELD not in request.POST:
        raise Invalid(_("The file did not arrive whole; send it again. Nothing was kept."))
    if not files:
        raise Invalid(_("No file was chosen; choose the workbook and send it again."))
    return files[0].name or "", files[0].read()


def _read(name: str, content: bytes) -> ReceivedFile:
    return ReceivedFile(name=name, digest=sha256(content).hexdigest(), size=len(content), read=read_form(content))
