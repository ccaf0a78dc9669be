"""A person's token as another system uses it, and what such a system does with the answers."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from departments.actions.access_tokens import issue_token


class Reader:
    """Asks with a token of the person's own."""

    def __init__(self, client: Any, user: Any) -> None:
        self.client, self.user = client, user
        issued = issue_token(name="test", days=30, by=user)
        self.token, self.secret = issued.token, issued.secret

    def get(self, path: str, **query: Any) -> Any:
        """Return the answer to a GET under /api/v1/."""
        headers = {"authorization": f"Bearer {self.secret}", **query.pop("headers", {})}
        return self.client.get(f"/api/v1/{path}", query, headers={"accept-language": "en", **headers})

    def page(self, path: str, **query: Any) -> dict[str, Any]:
        """Return one page."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)

    def rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Return the rows of one page."""
        return self.page(path, **query)["rows"]

    def follow(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the rows of a page and of every page after it."""
        found = list(page["rows"])
        while page["next"]:
            address = urlsplit(page["next"])
            page = self.page(address.path.removeprefix("/api/v1/"), **dict(parse_qsl(address.query)))
            found += page["rows"]
        return found


def read_csv(answer: Any) -> list[dict[str, str]]:
    """Return the lines of a CSV answer by the names of its columns."""
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))
