"""What another index of the same table begins with has no index of its own: each story told wrote both.

Releases before go on: whatever they ask along one of these, the other answers.
"""

_INDEXES = (
    "storyversion_story_id ON story_version (story_id)",
    "storyservice_story_id ON story_service (story_id)",
    "storyservice_service_id ON story_service (service_id)",
    "storytopic_story_id ON story_topic (story_id)",
    "storytopic_topic_id ON story_topic (topic_id)",
)


def up(_migrator, db):
    for index in _INDEXES:
        db.execute_sql(f"DROP INDEX {index.partition(' ')[0]}")


def down(_migrator, db):
    for index in _INDEXES:
        db.execute_sql(f"CREATE INDEX {index}")
