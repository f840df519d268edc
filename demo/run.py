"""Show Tellback at work: `python3 demo/run.py`. Needs only Python 3.11; options go to `tellback demo`."""

import os
import pathlib
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Tellback needs Python 3.11 or newer, this is %d.%d: apt-get install -y python3 (Debian 12 on)"
        % sys.version_info[:2]
    )

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "backend"))

import bootstrap


def main():
    """Set up what is missing, then become `tellback demo`, so that Ctrl-C and exit codes are its own."""
    python = str(bootstrap.ensure("run"))
    os.chdir(bootstrap.ROOT)
    os.execv(python, [python, "-m", "tellback", "demo", *sys.argv[1:]])


if __name__ == "__main__":
    main()
