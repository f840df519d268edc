"""The number under which a story is also a complaint, kept by its organisation for itself alone."""

from tellback import clock, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.organisations.models import Organisation
from tellback.replies.models import ComplaintReference
from tellback.stories.models import Story

LONGEST = 40


def keep(story: Story, organisation: Organisation, reference: str, *, by: Account) -> None:
    """Keep an organisation's number for a story, in the place of another; an empty one is forgotten.

    The record says that it was kept, not what it is. Raises NotAllowed, InvalidInput when it is too long.
    """
    require(by, Action.WRITE_REPLIES, organisation)
    said = reference.strip()
    if len(said) > LONGEST:
        raise InvalidInput(errors={"reference": [f"Keep it to {LONGEST} characters."]})
    with transaction():
        own = (ComplaintReference.story == story) & (ComplaintReference.organisation == organisation)
        forgotten = ComplaintReference.delete().where(own).execute()
        if said:
            ComplaintReference.create(
                story=story,
                organisation=organisation,
                account=by,
                reference_sealed=sealing.seal(said),
                kept_at=clock.now(),
            )
        if said or forgotten:
            act = acts.Act.COMPLAINT_NOTED if said else acts.Act.COMPLAINT_FORGOTTEN
            facts = {"organisation": organisation.code}
            acts.record(act, acts.staff(by.id), "complaint", story.public_id, **facts)


def of(story: Story, organisation: Organisation) -> str:
    """An organisation's number for a story; empty where it has none."""
    row = ComplaintReference.get_or_none(
        ComplaintReference.story == story, ComplaintReference.organisation == organisation
    )
    return sealing.unseal(row.reference_sealed) if row else ""
