"""Walk docs/server.md in an empty Debian: run each of its commands as it stands, look for what it promises.

    sudo .venv/bin/python -m tests.deploy.walk        # needs debootstrap, Debian's mirror and PyPI

A block ```sh is run by bash in a chroot that debootstrap has just filled; a block ```text after it holds
lines that must come out, where … is anything. Where the open internet or a machine of its own would be
needed, something stands in, and is named in `STAND_INS`; nothing else of the page is changed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.browser import free_port
from tests.deploy.certificates import make_certificate
from tests.outbox.conftest import Inbox

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GUIDE = ROOT / "docs" / "server.md"
NAME = "stories.example"
STAND_INS = {
    "DNS": f"/etc/hosts leads {NAME} to this machine",
    "Let's Encrypt and certbot": "a CA made here, once a token was read over HTTP as they do",
    "systemd as the first process": "a script that does what the units say, without shutting anything away",
    "the mail server of a provider": "aiosmtpd on loopback, without a password and TLS",
    "the address of the repository": "this checkout's last commit",
    "the registers of the NHS ODS": "a file with one invented hospital",
}
REGISTER = "OrganisationCode,OrganisationName,City,Postcode,ParentODSCode,ParentName\n"
HOSPITAL = "RXH01,St Elsewhere Hospital,Elsewhere,EX1 2AB,RXH,St Elsewhere NHS Trust\n"


@dataclass
class Step:
    """A part of the page: its heading, its blocks of commands with the lines promised, how long it took."""

    heading: str
    blocks: list[tuple[str, list[str]]] = field(default_factory=list)
    seconds: float = 0


def steps(page: str) -> list[Step]:
    """The parts of the guide that hold commands."""
    found = []
    for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        step = Step(part.partition("\n")[0])
        for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", part, flags=re.MULTILINE | re.DOTALL):
            if kind == "sh":
                step.blocks.append((text, []))
            else:
                step.blocks[-1][1].extend(text.splitlines())
        if step.blocks:
            found.append(step)
    return found


def missing(promised: list[str], output: str) -> list[str]:
    """The promised lines that did not come out; … stands for anything."""
    patterns = {line: ".*".join(re.escape(part) for part in line.split("…")) for line in promised}
    return [line for line, pattern in patterns.items() if not re.search(f"^{pattern}$", output, re.MULTILINE)]


class Debian:
    """An empty Debian in a folder, with what stands in for the open internet."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        self.folder = folder
        self.changes = {
            "REPOSITORY": "/srv/repository",
            "smtp://stories%40stories.example:PASSWORD@mail.example:587": f"smtp://127.0.0.1:{mail_port}",
            "host mail.example\nport 587\n": f"host 127.0.0.1\nport {mail_port}\n",
            "auth on\ntls on\ntls_starttls on\n": "auth off\ntls off\n",
        }

    def make(self) -> None:
        """Fill it."""
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm"]
        subprocess.run([*command, str(self.folder)], check=True, stdout=subprocess.DEVNULL)
        for name in ("proc", "sys", "dev"):
            kind = ["-t", "proc", "proc"] if name == "proc" else ["--rbind", f"/{name}"]
            subprocess.run(["mount", *kind, str(self.folder / name)], check=True)
        self._put("etc/hosts", f"127.0.0.1 localhost {NAME}\n")
        self._put("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
        self._put("usr/local/bin/systemctl", (HERE / "stand_in_systemctl.py").read_text(), 0o755)
        self._put("usr/local/bin/certbot", (HERE / "stand_in_certbot.sh").read_text(), 0o755)
        self._put("srv/registers/hospitals.csv", REGISTER + HOSPITAL)
        repository = str(self.folder / "srv" / "repository")
        subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), repository], check=True)
        self._put("root/.gitconfig", "[safe]\n\tdirectory = *\n")
        certificates = self.folder / "srv" / "certificates"
        certificates.mkdir()
        make_certificate(certificates, NAME)
        trusted = self.folder / "usr/local/share/ca-certificates"
        trusted.mkdir(parents=True, exist_ok=True)
        shutil.copy(certificates / "ca.pem", trusted / "walk.crt")
        # What this machine trusts on its way to Debian's mirror and PyPI.
        own = Path("/etc/ssl/certs/ca-certificates.crt")
        if own.exists():
            shutil.copy(own, trusted / "machine.crt")
        self.run("update-ca-certificates 2>/dev/null")

    def run(self, commands: str) -> str:
        """What the commands print. Raises AssertionError with it when one fails."""
        for before, after in self.changes.items():
            commands = commands.replace(before, after)
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "PIP_CERT": "/etc/ssl/certs/ca-certificates.crt",
        }
        environment |= {
            name: os.environ[name] for name in ("PIP_INDEX_URL", "https_proxy") if name in os.environ
        }
        done = subprocess.run(
            ["chroot", str(self.folder), "/bin/bash", "-euo", "pipefail", "-c", commands],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        """What the service wrote."""
        return "\n".join(path.read_text() for path in (self.folder / "var/log").glob("tellback*.log"))

    def _put(self, path: str, text: str, mode: int = 0o644) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        (self.folder / path).chmod(mode)


def walk(debian: Debian, inbox: Inbox) -> Iterator[Step]:
    """Go through the page, step by step. Raises AssertionError where it does not hold."""
    for step in steps(GUIDE.read_text(encoding="utf-8")):
        began = time.monotonic()
        for commands, promised in step.blocks:
            output = debian.run(commands)
            lost = missing(promised, output)
            assert not lost, (
                f"{step.heading}: {lost} did not come out of\n{commands}\nbut\n{output}\n{debian.logs()}"
            )
        step.seconds = time.monotonic() - began
        yield step
    until = time.monotonic() + 60
    while len(inbox.letters) < 2:
        assert time.monotonic() < until, f"one letter to root, one to the author: {inbox.letters}"
        time.sleep(0.2)
    addressed = {address for letter in inbox.letters for address in letter.rcpt_tos}
    assert addressed == {f"you@{NAME}"}
    nginx = "".join(path.read_text() for path in (debian.folder / "var/log/nginx").iterdir())
    assert "127.0.0.1" not in nginx + debian.logs().replace("http://127.0.0.1:8000", "")


def main() -> int:
    """Walk, and print a table of what each step took."""
    if "--inside" not in sys.argv:
        # Mounts and processes of its own, gone with it.
        own = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"]
        return subprocess.run(
            [*own, sys.executable, "-m", "tests.deploy.walk", "--inside"], check=False
        ).returncode
    inbox = Inbox()
    mail = Controller(inbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    with tempfile.TemporaryDirectory(prefix="tellback-walk-", ignore_cleanup_errors=True) as folder:
        debian = Debian(Path(folder) / "debian", mail.port)
        try:
            debian.make()
            print("| step | seconds |\n|---|---|")
            for step in walk(debian, inbox):
                print(f"| {step.heading} | {step.seconds:.0f} |", flush=True)
            print(f"letters that came: {len(inbox.letters)}")
        finally:
            mail.stop()
            for name in ("proc", "sys", "dev"):
                subprocess.run(
                    ["umount", "--recursive", "--lazy", str(Path(folder) / "debian" / name)], check=False
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
