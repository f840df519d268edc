"""What falls due, or ends by its age, is found by an index: rounds ask every few seconds, the rest each day.

Indexes of few rows (replies that wait, replies never shown) cost next to nothing to keep.
"""

_INDEXES = (
    "auditevent_at ON audit_event (at)",
    "auditevent_act_at ON audit_event (act, at)",
    "authorcontact_created_at ON author_contact (created_at)",
    "usedkey_created_at ON used_key (created_at)",
    "story_state_state_since ON story (state, state_since)",
    "reply_waits ON reply (due_at) WHERE due_at IS NOT NULL",
    "reply_never_shown ON reply (written_at) WHERE published_at IS NULL",
)


def up(_migrator, db):
    for index in _INDEXES:
        db.execute_sql(f"CREATE INDEX {index}")


def down(_migrator, db):
    for index in _INDEXES:
        db.execute_sql(f"DROP INDEX {index.partition(' ')[0]}")
