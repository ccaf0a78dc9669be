"""The project as an installed application: its commands and system checks are found through it."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Bring in the system checks and make the message catalogues ready before the first request."""

    name = "qscounty"

    def ready(self) -> None:
        """Register the checks and compile catalogues that are older than their source."""
        from qscounty import static_files, translations

        static_files.register_checks()
        translations.compile_catalogues()
