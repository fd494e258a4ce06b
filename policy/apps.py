from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Policy: bodies and events")

    def ready(self) -> None:
        from members import loading
        from notifications.registries import register_occasions
        from policy import (
            finding,
            occasions,
            permissions,  # noqa: F401  has_perm knows the room's rules from here on
            reference,
        )

        loading.register(reference.load)
        finding.announce()
        register_occasions("policy", occasions.occasions)
