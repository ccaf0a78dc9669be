"""Memberships: which role a person has, and where."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from departments.models.department import Department
from departments.models.region import Region
from departments.roles import DEPARTMENT_ROLES, REGION_ROLES, SYSTEM_ROLES, Role


class Membership(models.Model):
    """One role of one person: in a department (clerk, reviewer), for a region (office, leader), or for the system."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("department"),
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(DEPARTMENT_ROLES), department__isnull=False, region__isnull=True)
                | Q(role__in=sorted(REGION_ROLES), department__isnull=True, region__isnull=False)
                | Q(role__in=sorted(SYSTEM_ROLES), department__isnull=True, region__isnull=True),
                name="membership_place_fits_role",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "department", "region"],
                nulls_distinct=False,
                name="membership_unique",
            ),
            # Nobody reviews what his own department role enters: one of the two in a department, never both.
            models.UniqueConstraint(
                fields=["user", "department"],
                condition=Q(department__isnull=False),
                name="membership_clerk_or_reviewer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
