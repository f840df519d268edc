"""The demo: the service, and websites of other origins that carry its tag, all on this machine only.

Run by `python3 demo/run.py` (which makes what is missing) or `tellback demo`.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask

from demo import seeding
from demo.cast import GUIDE, OPERATOR, SITES, STAFF
from demo.sites import HOST, Server
from tellback import config, db, migrations, rounds, sealing, server
from tellback.accounts import registration
from tellback.accounts.models import Account
from tellback.app import create_app
from tellback.config import Settings
from tellback.errors import SettingsError
from tellback.outbox.models import OutboxMessage
from tellback.stories import private_links, topics
from tellback.stories.models import Story, StoryVersion

FIRST_PORT = 8700
# Marks a data folder as the demo's own, so that nobody's real stories are ever taken for it.
MARKER = "invented-stories.txt"
# The story whose private link the guide opens: it was redacted and answered.
GUIDE_STORY = "She put Mum's own blanket on the bed"


def main() -> None:
    """Run the demo until Ctrl+C."""
    asked = _arguments()
    try:
        with _sites(asked.port) as sites, _data_folder(asked.keep) as folder:
            _run(asked.port, sites, folder, kept=asked.keep is not None)
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    print("Stopped.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="demo/run.py", description="Show Tellback with invented stories, on this machine only."
    )
    parser.add_argument(
        "--port",
        type=int,
        default=FIRST_PORT,
        help=f"the service's port; the websites take the {len(SITES)} after it (default: %(default)s)",
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="keep the stories in this folder, and go on with them next time",
    )
    asked = parser.parse_args()
    if not 1 <= asked.port <= 65535 - len(SITES):
        parser.error(f"--port must be between 1 and {65535 - len(SITES)}")
    return asked


@contextlib.contextmanager
def _sites(port: int) -> Iterator[list[Server]]:
    """The websites, their ports held; ends the program with one line when a port is taken."""
    with contextlib.ExitStack() as held:
        sites: list[Server] = []
        taken = port
        try:
            server.listen(HOST, port).close()
            for taken, site in enumerate(SITES, start=port + 1):
                sites.append(Server(site, taken))
                held.callback(sites[-1].stop)
        except (OSError, SettingsError):
            sys.exit(
                f"Port {taken} is taken. Stop what uses it, or choose other ports: "
                f"python3 demo/run.py --port {port + 1000 if port < 60000 else 20000}"
            )
        yield sites


@contextlib.contextmanager
def _data_folder(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that goes with the demo. Ends the program when it holds something else."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="tellback-demo-") as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())) and not (keep / MARKER).exists():
        sys.exit(f"{keep} holds something that is not the demo's. Choose an empty folder or a new one.")
    keep.mkdir(parents=True, exist_ok=True)
    (keep / MARKER).write_text("Every story and every person in this folder is invented.\n")
    yield keep


def _run(port: int, sites: list[Server], folder: Path, *, kept: bool) -> None:
    settings = _settings(port, folder)
    origins = {site.site.folder: site.origin for site in sites}
    password = _prepare(settings, origins)
    facts = _facts(settings, origins, password)
    for site in sites:
        site.start(facts)
    try:
        server.serve(
            lambda: _application(settings),
            host=HOST,
            port=port,
            ready=lambda _address: print(_welcome(settings, origins, password, kept=kept), flush=True),
        )
    finally:
        db.database.close_all()


def _application(settings: Settings) -> Flask:
    """The service, with what it does by itself: a decision takes effect, the ledger's head is signed."""
    app = create_app(settings)
    rounds.begin(settings)
    return app


def _settings(port: int, folder: Path) -> Settings:
    """The demo's own settings: those of the environment may be a real installation's."""
    return config.load(
        {
            "TELLBACK_DATA_DIR": str(folder),
            "TELLBACK_OPERATOR": OPERATOR,
            "TELLBACK_OPERATOR_INDEPENDENT": "true",
            "TELLBACK_PUBLIC_URL": f"http://{HOST}:{port}",
        }
    )


def _prepare(settings: Settings, origins: dict[str, str]) -> str:
    """Have the stories there, and return the password that all staff sign in with until the next start."""
    db.connect(settings.database_url)
    migrations.upgrade()
    topics.bring_themes()
    sealing.use(settings.contact_key)
    password = registration.make_password()
    if Account.select().exists():
        seeding.renew(password, origins)
    else:
        # Half a demo would be taken for a whole one at the next start.
        with db.transaction():
            seeding.seed(password, origins)
    return password


def _facts(settings: Settings, origins: dict[str, str], password: str) -> dict[str, str]:
    """What the pages' templates name."""
    versions = StoryVersion.select(StoryVersion, Story).join(Story)
    story = versions.where(StoryVersion.title == GUIDE_STORY).get().story
    return {
        "stories": settings.public_url,
        "password": password,
        "letters": str(OutboxMessage.select().count()),
        "story": f"{settings.public_url}/stories/{story.public_id}",
        "private_link": private_links.address(settings.public_url, private_links.again(story)),
        **{folder.replace("-", "_"): origin for folder, origin in origins.items()},
    }


def _welcome(settings: Settings, origins: dict[str, str], password: str, *, kept: bool) -> str:
    """What is where, and who to sign in as: all that a newcomer has to read."""
    where = {
        "The guide: begin here": f"{origins[GUIDE.folder]}/",
        **{f"{s.name}, {s.is_a}": f"{origins[s.folder]}/" for s in SITES if s is not GUIDE},
        "The service itself": f"{settings.public_url}/",
        "Staff sign in": f"{settings.public_url}/admin/",
    }
    end = "What you do here is kept." if kept else "What you do here is forgotten then."
    who = {person.email: f"{person.role} {person.at}" for person in STAFF}
    return "\n".join(
        [
            "",
            "Tellback, with invented stories. Open the guide; it leads you through the journey.",
            "",
            *_rows(where),
            "",
            f"Staff sign in with one of these and the password  {password}",
            "",
            *_rows(who),
            "",
            f"Stop with Ctrl+C. {end}",
        ]
    )


def _rows(facts: dict[str, str]) -> list[str]:
    longest = max(map(len, facts))
    return [f"  {name:<{longest}}  {fact}" for name, fact in facts.items()]


if __name__ == "__main__":
    main()
