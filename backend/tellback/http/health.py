"""Whether this process answers: for whoever restarts it when it does not."""

from flask import Flask, Response

from tellback import db


def init_app(app: Flask) -> None:
    """Answer /healthz with 200 while the database does, and with 503 (by `problems`) when it does not."""

    @app.get("/healthz")
    def healthz() -> Response:
        db.database.execute_sql("SELECT 1")
        return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
