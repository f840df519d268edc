#!/usr/bin/python3
"""Stands in for systemd where it is not the first process: does what a unit says, by its ExecStart.

It reads the shipped units as they were installed: user, settings, credentials, folders, what is to be run. It
shuts nothing away from them (`systemd-analyze security` judges that), and it starts no timers.
"""

import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

UNITS, RUNNING = pathlib.Path("/etc/systemd/system"), pathlib.Path("/run/stand-in")


def main(verb, *names):
    names = [name for name in names if not name.startswith("--")]
    if verb == "daemon-reload":
        return 0
    for name in names:
        if name == "nginx":
            subprocess.run(["nginx"] if verb == "start" else ["nginx", "-s", "reload"], check=True)
        elif not name.endswith(".timer"):
            unit = name.removesuffix(".service")
            if verb in ("stop", "restart"):
                stop(unit)
            if verb in ("start", "restart", "enable"):
                start(unit)
    return 0


def start(unit):
    """Run it as its user; wait for its end where it is of Type=oneshot."""
    lines = (UNITS / f"{unit}.service").read_text().splitlines()
    told = [line.partition("=")[::2] for line in lines if re.match(r"[A-Z][A-Za-z]+=", line)]
    said = {name: [value for other, value in told if other == name] for name, _ in told}
    keys = RUNNING / unit
    shutil.rmtree(keys, ignore_errors=True)
    keys.mkdir(parents=True)
    for credential in said["LoadCredential"]:
        name, _, source = credential.partition(":")
        shutil.copy(source, keys / name)
        (keys / name).chmod(0o400)
        shutil.chown(keys / name, "tellback", "tellback")
    shutil.chown(keys, "tellback", "tellback")
    environment = {"PATH": "/usr/bin:/bin"}
    for file in said["EnvironmentFile"]:
        settings = [line for line in pathlib.Path(file).read_text().splitlines() if not line.startswith("#")]
        environment |= dict(word.split("=", 1) for word in shlex.split("\n".join(settings)))
    environment |= dict(line.replace("%d", str(keys)).split("=", 1) for line in said["Environment"])
    command = ["setpriv", "--reuid=tellback", "--regid=tellback", "--clear-groups", "--no-new-privs"]
    command += ["--bounding-set=-all", *shlex.split(said["ExecStart"][0])]
    with pathlib.Path(f"/var/log/{unit}.log").open("a") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd="/", umask=0o077, start_new_session=True
        )
    if said["Type"] == ["oneshot"]:
        sys.exit(process.wait() and f"{unit} failed: {pathlib.Path(f'/var/log/{unit}.log').read_text()}")
    (RUNNING / f"{unit}.pid").write_text(str(process.pid))


def stop(unit):
    """End it as systemd does: SIGTERM, and TimeoutStopSec to finish in."""
    pid = int((RUNNING / f"{unit}.pid").read_text())
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + 15
    while is_running(pid):
        if time.monotonic() > until:
            sys.exit(f"{unit} did not end in time")
        time.sleep(0.05)


def is_running(pid):
    """Tell whether it does; one that ended may still be listed where the first process takes no notice."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
