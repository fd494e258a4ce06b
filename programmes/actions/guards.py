"""What every act on a programme asks first."""

from django.utils.translation import gettext as _

from members.acts import Refused
from members.models import User
from programmes.models import Programme


def hold(programme: Programme, by: User, permission: str) -> Programme:
    """The programme as it stands, its row locked until the end of the transaction.

    All acts on one programme queue here. Raises Refused unless `by` has `permission` on it.
    """
    # Without its key, so that wishes and cotutelles, which point at the programme, can be written meanwhile.
    programme = Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    if not by.has_perm(f"programmes.{permission}", programme):
        raise Refused(_("This is not yours to do, or the moment for it has passed."))
    return programme
