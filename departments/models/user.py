"""People: accounts by which someone signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account. What it may do follows from its memberships alone, never from staff or superuser flags.

    `person_key` is the same for every account of one person (a staff number); it lets the audit find one
    person with two accounts. `is_demonstration` marks the accounts of the demonstration data.
    `target_columns` are the keys of the columns that the person keeps, parted by spaces; none for all of them.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("name"), max_length=60)
    person_key = models.CharField(_("staff number"), max_length=40, blank=True)
    is_demonstration = models.BooleanField(_("demonstration account"), default=False)
    target_columns = models.CharField(_("columns of the list of targets"), max_length=100, blank=True, default="")

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # Two flags of the framework that would pass by roles and scopes; this project knows neither.
            models.CheckConstraint(condition=models.Q(is_superuser=False, is_staff=False), name="user_no_superuser")
        ]

    def __str__(self) -> str:
        return self.full_name or self.username
