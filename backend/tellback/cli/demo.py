"""`tellback demo`: the invented hospital of a checkout."""

import runpy
import sys
from pathlib import Path

import click

from tellback.errors import SettingsError


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Show the whole journey with invented stories, on this machine only (from a checkout)."""
    script = Path(__file__).parents[3] / "demo" / "serve.py"
    if not script.exists():
        raise SettingsError("the demo's pages come with the source: clone it and run `python3 demo/run.py`")
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")
