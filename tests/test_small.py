"""A plain install stays small: an operator can read the list of what runs, on the cheapest server."""

import pathlib
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Passkeys brought five of them: whoever moderates should not have to ask an operator for an extra to be safe.
DISTRIBUTIONS = 51
MEGABYTES = 90
PACKAGE = pathlib.Path(__file__).resolve().parent.parent / "backend" / "tellback"


def plain_install():
    """Return tellback and, by name, all that it brings without extras, on this machine's Python."""
    found, wanted = {}, ["tellback"]
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        found[name] = metadata.distribution(name)
        for needed in map(Requirement, found[name].requires or ()):
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                wanted.append(str(needed).partition(";")[0])
    return found


def size_on_disk(distribution):
    """Return the bytes of its files, the Python ones twice: Python keeps a compiled copy about as large."""
    paths = [distribution.locate_file(file) for file in distribution.files or () if file.suffix != ".pyc"]
    if distribution.name == "tellback":  # installed in place, so the metadata lists a pointer only
        paths = [path for path in PACKAGE.rglob("*") if path.suffix != ".pyc"]
    return sum(path.stat().st_size * (1 + (path.suffix == ".py")) for path in paths if path.is_file())


def test_a_plain_install_is_few_distributions():
    names = sorted(plain_install())
    assert len(names) <= DISTRIBUTIONS, f"{len(names)}: {', '.join(names)}"


def test_a_plain_install_is_small_on_disk():
    sizes = {name: size_on_disk(found) / 1e6 for name, found in plain_install().items()}
    largest = sorted(sizes, key=sizes.get, reverse=True)[:5]
    said = ", ".join(f"{name} {sizes[name]:.1f}" for name in largest)
    assert sum(sizes.values()) <= MEGABYTES, f"{sum(sizes.values()):.1f} MB, the largest of it {said}"


def test_extras_are_not_part_of_a_plain_install():
    assert (
        not {"psycopg", "redis", "authlib", "py3langid", "prometheus-client", "numpy"}
        & plain_install().keys()
    )
