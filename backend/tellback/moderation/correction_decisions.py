"""A moderator reads the correction of a reply: it stands in its place here, or goes back with a note."""

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.replies import correcting
from tellback.replies.correcting import CorrectionState
from tellback.replies.models import ReplyCorrection
from tellback.replies.responding import check_note


def publish(correction: ReplyCorrection, by: Account) -> None:
    """Let it stand, and say that it was corrected and when. Raises NotAllowed, Conflict."""
    _require_decider(correction, by)
    with transaction():
        correcting.stands(correction)
        correcting.record(acts.Act.REPLY_CORRECTED, correction, acts.staff(by.id))


def send_back(correction: ReplyCorrection, by: Account, *, note: str) -> None:
    """Return it, saying what should change. Raises as `publish`, and InvalidInput without a note."""
    _require_decider(correction, by)
    said = check_note(note)
    with transaction():
        correcting.decided(correction, CorrectionState.RETURNED, note=said)
        correcting.record(acts.Act.CORRECTION_RETURNED, correction, acts.staff(by.id))


def _require_decider(correction: ReplyCorrection, by: Account) -> None:
    require(by, Action.DECIDE_REPLIES)
    require_no_interest(by, [correction.reply.service.organisation])
