"""Does the act behind a form once, however often the form is sent. Source: trust rule 5, case T11."""

import hashlib
import json
from collections.abc import Callable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from departments.actions.acts import act
from departments.errors import Invalid
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.models import IdempotencyKey


@act
def do_once(
    *, key: UUID, by: User, body: Mapping[str, object], act: Callable[[], Mapping[str, object]]
) -> dict[str, object]:
    """Return the answer of `act`, done now or when the same form came first; nothing is kept if it raises.

    `body` is everything that was sent. Whoever sends the same key while the first is at work waits for it. Errors:
    those of `act`; Invalid for a key that came before with another content or from another person.
    """
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    row = IdempotencyKey(key=key, by=by, digest=digest, created_at=read_database_time())
    # The insertion waits for a transaction that holds the same key, and then does nothing.
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    stored = IdempotencyKey.objects.select_for_update(no_key=True, of=("self",)).get(key=key)
    if stored.by_id != by.pk or stored.digest != digest:
        raise Invalid(_("This form was sent before with another content; reload the page and fill it in again."))
    answer: dict[str, object] = stored.answer
    if not answer:
        answer = dict(act())
        IdempotencyKey.objects.filter(key=key).update(answer=answer)
    return answer
