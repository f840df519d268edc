"""What stands under a published story, for moderators who take something of it down."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.admin import desk
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.published.shown import shown
from tellback.stories.models import Story


def describe(story: Story, account: Account, public_url: str) -> dict[str, Any]:
    """The replies and changes under a story, as `staff/thread.html` shows them."""
    (one,) = shown([story], public_url)
    why_not = desk.barred(story, account)
    return {
        "story": one,
        "replies": [
            {**reply, "url": url_for("admin.take_down_reply", reply_id=reply["id"])}
            for reply in one["replies"]
        ],
        "changes": [
            {
                **change,
                "url": url_for("admin.take_down_change", change_id=change["id"], story=story.public_id),
                "unlink_url": url_for(
                    "admin.unlink_change", story_id=story.public_id, change_id=change["id"]
                ),
            }
            for change in one["changes"]
        ],
        "reasons": list(REMOVED_ANSWERS.items()),
        "may_decide": not why_not,
        "why_not": why_not,
        "back_url": url_for("admin.story", story_id=story.public_id),
    }
