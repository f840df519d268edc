"""A copy of a PostgreSQL database by its own tools, and one brought in beside what was there before.

pg_dump, pg_restore and psql come with PostgreSQL (Debian: `postgresql-client`). They are told the password in
their environment, never on a command line that others on the machine can read.
"""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tellback import migrations
from tellback.backups.archive import CHUNK, NEVER, POSTGRESQL, STEP, Copied, Progress
from tellback.errors import NotDone

if TYPE_CHECKING:
    import psycopg

PART = "database.pgdump"
# Where our tables stand; nothing else is dumped, and so nothing that was set aside.
_SCHEMA = "public"
# Whoever restores owns what comes in.
_AS_OURS = ("--no-owner", "--no-privileges")
# Newer tools begin their script with it, also for servers that know it not.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
# By this psql says that it has come so far.
_DONE = "all-is-in"
# Letters of a tool's error that are shown.
_SENTENCE = 200
# Seconds in which the server notices that a program has just ended.
LEAVING = 3
_OTHERS = (
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND usesysid IS NOT NULL"
    " AND COALESCE(backend_type, 'client backend') = 'client backend' AND application_name <> %s"
)
_TOOLS = ("pg_dump", "pg_restore", "psql")
# What an extension brought stays with it.
_ROUTINES = (
    "SELECT proname, pg_get_function_identity_arguments(p.oid) FROM pg_proc p"
    " WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend"
    " WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')"
)
_TABLES = "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind "


def copy(url: str, folder: Path, progress: Progress) -> Copied:
    """Dump a database into a folder as it stands at this moment, whoever writes to it.

    The rows are counted in the very snapshot that is dumped. Raises NotDone when a tool is missing, older
    than the server, or fails.
    """
    to = folder / PART
    with connected(url) as connection:
        _require_tools(connection.info.server_version)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _one(connection, "SELECT pg_export_snapshot()")
        tables = _names(connection, "= 'r'")
        to.touch(mode=0o600)
        dump = ["pg_dump", "--format=custom", f"--schema={_SCHEMA}", f"--snapshot={snapshot}", *_AS_OURS]
        dump += [f"--exclude-table-data={_SCHEMA}.{name}" for name in NEVER]
        dump += ["--verbose", f"--file={to}"]
        with _running(url, dump, stderr=subprocess.PIPE) as process:
            said, done = [], 0
            for line in process.stderr or ():
                said.append(line)
                done += b"dumping contents of table" in line
                progress("Copying", min(done, len(tables)), len(tables))
        if process.returncode:
            raise NotDone(f"pg_dump failed, and no backup was kept: {_why(said)}")
        counts = {
            name: 0 if name in NEVER else _one(connection, f'SELECT COUNT(*) FROM {_SCHEMA}."{name}"')  # noqa: S608 (names of tables that are there)
            for name in tables
        }
        version = str(connection.info.server_version // 10_000)
        return Copied(to, POSTGRESQL, version, _one(connection, STEP), counts)


def tables(url: str) -> list[str]:
    """The tables that are there now. Raises NotDone when the server does not answer."""
    with connected(url) as connection:
        return _names(connection, "= 'r'")


def require_alone(url: str) -> None:
    """Raise NotDone while others are connected to the database: they would write to what is set aside."""
    end = time.monotonic() + LEAVING
    with connected(url) as connection:
        _require_tools(connection.info.server_version)
        while others := _one(connection, _OTHERS, _name()):
            if time.monotonic() > end:
                raise NotDone(
                    f"other programs are connected to the database ({others}): stop `tellback serve` and "
                    "`tellback outbox work`, on every host, first"
                )
            time.sleep(0.1)


def bring_in(url: str, dump: IO[bytes], size: int, aside: str, note: str, progress: Progress) -> None:
    """Bring a dump of `size` bytes in, in one transaction with setting aside what is there now.

    What was there is found under the schema `aside`. The table `migrations.UNFINISHED` comes in with it,
    holding `note`. Whatever fails or is killed leaves all as it was. Raises NotDone when a tool fails.
    """
    with connected(url) as connection:
        before = _set_aside(connection, aside)
    after = f"CREATE TABLE {_SCHEMA}.{migrations.UNFINISHED} AS SELECT $note${note}$note$::text AS note;"
    # Of what is in the schema, the schema itself is not: it is there.
    reading = ["pg_restore", f"--schema={_SCHEMA}", *_AS_OURS, "--exit-on-error", "--file=-"]
    running = ["psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--file=-"]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile() as said,
        _running(url, running, stdin=pipe, stdout=pipe, stderr=said) as psql,
        _running(url, reading, stdin=pipe, stdout=pipe, stderr=said) as pg_restore,
    ):
        into, told, script, out = psql.stdin, psql.stdout, pg_restore.stdout, pg_restore.stdin
        assert into
        assert told
        assert script
        assert out
        feeding = threading.Thread(target=_feed, args=(dump, size, out, progress), daemon=True)
        feeding.start()
        with suppress(BrokenPipeError), into:  # psql ended early, and said why.
            into.write("\n".join(before).encode() + b"\n")
            into.write(script.read(CHUNK).replace(_UNKNOWN_BEFORE_17, b""))
            shutil.copyfileobj(script, into, CHUNK)
            # Told to commit only once it says that all was done, psql never commits what broke off, nor
            # after we were killed, when somebody may serve again.
            if pg_restore.wait() == 0:
                into.write(f"{after}\n\\echo {_DONE}\n".encode())
                into.flush()
                if told.readline().strip() == _DONE.encode():
                    into.write(b"COMMIT;\n")
        script.close()
        feeding.join()
        psql.wait()
        said.seek(0)
        if psql.returncode or pg_restore.wait():
            raise NotDone(f"the backup did not come in, and nothing was changed: {_why(said.readlines())}")


def unfinished(url: str) -> str | None:
    """The note of a backup that came in and was not finished with; None when there is none."""
    with connected(url) as connection:
        if migrations.UNFINISHED not in _names(connection, "= 'r'"):
            return None
        return str(_one(connection, f"SELECT note FROM {_SCHEMA}.{migrations.UNFINISHED}"))  # noqa: S608 (our name)


def finish(url: str) -> None:
    """Say that a backup that came in is finished with, and learn how its tables look."""
    with connected(url) as connection:
        connection.execute("ANALYZE")
        connection.execute(f"DROP TABLE {_SCHEMA}.{migrations.UNFINISHED}")


@contextmanager
def connected(url: str) -> "Iterator[psycopg.Connection[Any]]":
    """A connection of our own, whose statements may take their time; each is a transaction by itself.

    Raises NotDone when the server does not answer.
    """
    import psycopg

    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5, application_name=_name())
    except psycopg.OperationalError as error:
        # Not its words: they may hold the address, and that a password.
        raise NotDone("the database does not answer, or lets us not in: run `tellback check`") from error
    with closing(connection):
        yield connection


def _set_aside(connection: "psycopg.Connection[Any]", aside: str) -> list[str]:
    """The statements that begin a transaction and move all that is there into a schema.

    Object by object: the schema itself may belong to somebody else.
    """
    moved = [f'TABLE {_SCHEMA}."{name}"' for name in _names(connection, "IN ('r', 'p')")]
    for kind, catalogue, namespace, column in (
        ("TEXT SEARCH CONFIGURATION", "pg_ts_config", "cfgnamespace", "cfgname"),
        ("TEXT SEARCH DICTIONARY", "pg_ts_dict", "dictnamespace", "dictname"),
    ):
        query = f"SELECT {column} FROM {catalogue} WHERE {namespace} = 'public'::regnamespace"  # noqa: S608 (ours)
        moved += [f'{kind} {_SCHEMA}."{name}"' for (name,) in connection.execute(query).fetchall()]
    moved += [
        f'ROUTINE {_SCHEMA}."{name}"({arguments})'
        for name, arguments in connection.execute(_ROUTINES).fetchall()
    ]
    if not moved:
        return ["BEGIN;"]
    return ["BEGIN;", f"CREATE SCHEMA {aside};", *(f"ALTER {what} SET SCHEMA {aside};" for what in moved)]


def _names(connection: "psycopg.Connection[Any]", kinds: str) -> list[str]:
    return [name for (name,) in connection.execute(f"{_TABLES} {kinds} ORDER BY c.relname").fetchall()]


def _one(connection: "psycopg.Connection[Any]", query: str, *values: str) -> Any:
    return connection.execute(query, values).fetchone()[0]  # type: ignore[index]


@contextmanager
def _running(url: str, command: list[str], **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A tool at work on the database; it does not outlive its use."""
    with subprocess.Popen(command, env=_environment(url), **pipes) as process:  # noqa: S603 (our words, no shell)
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _name() -> str:
    """By this the server knows our own connections of this process apart from everybody else's."""
    return f"tellback command {os.getpid()}"


def _environment(url: str) -> dict[str, str]:
    """What the tools connect by, as libpq reads it from the environment."""
    import psycopg

    given = psycopg.pq.Conninfo.parse(url.encode())
    ours = {one.envvar.decode(): one.val.decode() for one in given if one.val and one.envvar}
    # Their messages are read here.
    return {**os.environ, **ours, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "5"}


def _feed(dump: IO[bytes], size: int, into: IO[bytes], progress: Progress) -> None:
    done = 0
    with suppress(OSError), into:  # Whoever reads it ended, and said why.
        while some := dump.read(CHUNK):
            into.write(some)
            done += len(some)
            progress("Bringing in", done, size)


def _require_tools(server: int) -> None:
    """Raise NotDone, with what to install, unless PostgreSQL's tools are here and as new as the server."""
    major = server // 10_000
    for tool in _TOOLS:
        if not shutil.which(tool):
            raise NotDone(
                f"{tool} is not here: apt-get install postgresql-client (of PostgreSQL {major} or newer)"
            )
    said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=False)  # noqa: S607 (the operator's PATH)
    found = re.search(r"\) (\d+)", said.stdout)
    if not found or int(found[1]) < major:
        raise NotDone(
            f"pg_dump is of PostgreSQL {found[1] if found else '?'} and the server of {major}, which it "
            f"cannot dump: apt-get install postgresql-client-{major}"
        )


def _why(lines: list[bytes]) -> str:
    """The first error that a tool or the server told of, without a value; more lines may quote a row."""
    told = [line.decode(errors="replace").strip() for line in lines if b"error: " in line.lower()]
    return told[0].partition(': "')[0][:_SENTENCE] if told else "it did not say why"
