"""How many replies of a service were taken down is read along an index, however many it wrote."""


def up(_migrator, db):
    db.execute_sql("CREATE INDEX reply_service_id_state ON reply (service_id, state)")


def down(_migrator, db):
    db.execute_sql("DROP INDEX reply_service_id_state")
