"""Debian's own WordPress, served by PHP's own server from a folder of this test's, with the plugin in it."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.browser import PATIENCE, free_port

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "widget" / "wordpress" / "patient-stories"
# Where Debian's package puts it (`dpkg -L wordpress`).
SOURCE = Path("/usr/share/wordpress")
# A user there may make and drop databases. Only a server of this machine is taken.
MARIADB = urlsplit(os.environ.get("TELLBACK_TEST_MARIADB_URL") or "mysql://root@127.0.0.1:3306")

# What a careful host forbids: markup that could run, to everyone; and calls to anybody but this machine.
CONFIG = """<?php
define( 'DB_NAME', '%(database)s' );
define( 'DB_USER', '%(user)s' );
define( 'DB_PASSWORD', '%(password)s' );
define( 'DB_HOST', '%(host)s:%(port)d' );
define( 'AUTH_KEY', '%(key)s' );
define( 'SECURE_AUTH_KEY', '%(key)s-1' );
define( 'LOGGED_IN_KEY', '%(key)s-2' );
define( 'NONCE_KEY', '%(key)s-3' );
define( 'DISALLOW_UNFILTERED_HTML', true );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', '%(log)s' );
$table_prefix = 'wp_';
define( 'WP_HOME', '%(url)s' );
define( 'WP_SITEURL', '%(url)s' );
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
"""
# WordPress refuses to ask its own machine, and unusual ports: a service on the internet needs neither.
LET_IT_ASK_THIS_MACHINE = """<?php
add_filter( 'http_request_host_is_external', '__return_true' );
add_filter( 'http_allowed_safe_ports', function ( $ports ) { return array_merge( $ports, array( %d ) ); } );
"""
THEME = {
    "style.css": "/*\nTheme Name: Plain\n*/\nbody { font-family: Georgia, serif; }\n",
    "index.php": """<!doctype html>
<html <?php language_attributes(); ?>>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><?php wp_head(); ?></head>
<body><main>
<?php while ( have_posts() ) : the_post(); ?><h1><?php the_title(); ?></h1><?php the_content(); endwhile; ?>
</main><?php wp_footer(); ?></body></html>
""",
    "functions.php": "<?php\nadd_theme_support( 'title-tag' );\nadd_theme_support( 'responsive-embeds' );\n",
}
INSTALL = """
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'St Elsewhere', 'alice', 'alice@example.org', true, '', 'password of alice' );
wp_insert_user( array( 'user_login' => 'eve', 'user_email' => 'eve@example.org',
    'user_pass' => 'password of eve', 'role' => 'editor' ) );
switch_theme( 'plain' );
update_option( 'show_avatars', 0 );
"""


def lacks() -> str:
    """What this machine lacks for it, in words; "" when it has all."""
    if not (SOURCE / "wp-includes" / "version.php").exists():
        return "no WordPress: apt-get install -y --no-install-recommends wordpress php-cli php-mysql"
    if not shutil.which("php"):
        return "no PHP: apt-get install -y php-cli php-mysql php-xml php-mbstring"
    if MARIADB.hostname not in ("127.0.0.1", "localhost") or not _answers(MARIADB.port or 3306):
        return "no MariaDB on this machine: apt-get install -y mariadb-server, TELLBACK_TEST_MARIADB_URL=…"
    return ""


class WordPress:
    """A website of its own: Alice administers it, Eve is an Editor; nobody may write markup that runs."""

    def __init__(self, folder: Path, tellback_port: int) -> None:
        self.root = folder / "site"
        self.log = folder / "debug.log"
        self.port = free_port()
        self.url = f"http://wordpress.localhost:{self.port}"
        self.database = f"tellback_test_wordpress_{os.getpid()}"
        self.process: subprocess.Popen[bytes] | None = None
        self._put_files(tellback_port)

    def install(self) -> None:
        """Make the database and the people."""
        self._sql(f"DROP DATABASE IF EXISTS {self.database}")
        self._sql(f"CREATE DATABASE {self.database} CHARACTER SET utf8mb4")
        self.php(INSTALL, before="define( 'WP_INSTALLING', true );")

    def serve(self) -> None:
        """Start PHP's server; it answers when this returns."""
        environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "4"}
        log = (self.root.parent / "php.log").open("w")
        command = ["php", "-S", f"127.0.0.1:{self.port}", "-t", str(self.root)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + PATIENCE / 1000
        while not _answers(self.port):
            assert self.process.poll() is None, (self.root.parent / "php.log").read_text()
            assert time.monotonic() < deadline

    def close(self) -> None:
        """Stop it and drop its database."""
        if self.process:
            # PHP's workers are children that outlive the signal to their parent alone.
            os.killpg(self.process.pid, 15)
            self.process.wait(timeout=60)
        self._sql(f"DROP DATABASE IF EXISTS {self.database}")

    def php(self, code: str, before: str = "") -> str:
        """What `code` prints with WordPress loaded."""
        where = f"$_SERVER['HTTP_HOST'] = 'wordpress.localhost:{self.port}';"
        load = f"require '{self.root}/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/plugin.php';"
        return _run_php(f"{before} {where} {load} {code}")

    def complaints(self) -> list[str]:
        """What PHP or WordPress noted of the plugin."""
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text().splitlines() if re.search("patient.stories", line)]

    def _put_files(self, tellback_port: int) -> None:
        shutil.copytree(SOURCE, self.root, ignore=shutil.ignore_patterns("wp-content", "wp-config.php"))
        content = self.root / "wp-content"
        shutil.copytree(PLUGIN, content / "plugins" / "patient-stories")
        for folder in ("mu-plugins", "themes/plain", "uploads"):
            (content / folder).mkdir(parents=True)
        for name, text in THEME.items():
            (content / "themes" / "plain" / name).write_text(text)
        (content / "mu-plugins" / "asking.php").write_text(LET_IT_ASK_THIS_MACHINE % tellback_port)
        facts = {"database": self.database, "key": secrets.token_hex(32), "log": self.log, "url": self.url}
        (self.root / "wp-config.php").write_text(CONFIG % {**facts, **_server()})

    def _sql(self, statement: str) -> None:
        server = _server()
        login = f"'{server['host']}', '{server['user']}', '{server['password']}', '', {server['port']}"
        _run_php(f"(new mysqli({login}))->query('{statement}');")


def _server() -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": MARIADB.port or 3306,
        "user": MARIADB.username or "root",
        "password": unquote(MARIADB.password or ""),
    }


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _run_php(code: str) -> str:
    done = subprocess.run(["php", "-r", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
