"""The image's recipe and compose.yaml keep our rules. (There is no Docker here: CI builds and tries them.)"""

import re
import shlex
from typing import Any

import click
import pytest
import yaml

from tellback import rounds
from tellback.cli import tellback
from tellback.config import DECLARED
from tellback.server import limits
from tests.deploy.conftest import SHIPPED

ROOT = SHIPPED.parents[1]
# Each instruction on one line, without the comments.
DOCKERFILE = re.sub(
    r"\s*\\\n\s*", " ", re.sub(r"^#.*\n", "", (SHIPPED / "Dockerfile").read_text(), flags=re.MULTILINE)
)
INSTRUCTIONS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if line]
COMPOSE = yaml.safe_load((SHIPPED / "compose.yaml").read_text())


def said(instruction: str) -> list[str]:
    """What stands after an instruction, each time that it is given."""
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


def test_both_stages_are_of_the_same_named_release_of_python() -> None:
    building, running = said("FROM")
    assert building == f"{running} AS build"
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", running)


def test_whatever_is_installed_is_locked_by_its_hash_or_lies_there() -> None:
    parts = [part for line in said("RUN") for part in line.split("&&")]
    installing = [part for part in parts if re.search("pip .*(install|wheel)", part)]
    assert len(installing) >= 4
    for command in installing:
        assert "--require-hashes" in command or "--no-deps" in command, command
        assert "--no-build-isolation" in command or "--no-index" in command or "build.txt" in command, command


def test_what_is_copied_is_there_and_is_sent_to_the_builder() -> None:
    sent = re.findall(r"^!(.+)$", (SHIPPED / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    for line in said("COPY"):
        if not line.startswith("--from="):
            for source in line.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in sent, source
    assert not said("ADD")


def test_it_runs_as_nobody_special_and_stops_when_told() -> None:
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", said("USER")[-1])
    last = [name for name, _ in INSTRUCTIONS].index("USER")
    assert {name for name, _ in INSTRUCTIONS[last:]}.isdisjoint({"RUN", "COPY"})
    assert said("STOPSIGNAL") == ["SIGTERM"]
    # As a list: a shell in between would keep the signal to itself.
    assert yaml.safe_load(said("ENTRYPOINT")[0]) == ["tellback"]


@pytest.mark.parametrize("words", [yaml.safe_load(said("CMD")[0])])
def test_what_it_runs_is_a_command_of_ours(words: list[str]) -> None:
    command = tellback.get_command(click.Context(tellback), words[0])
    assert command
    with click.Context(command) as context:
        command.parse_args(context, words[1:])


def test_compose_names_settings_that_exist_and_secrets_that_it_defines() -> None:
    service = COMPOSE["services"]["tellback"]
    known = {declared.variable for declared in DECLARED}
    assert {name.removesuffix("_FILE") for name in service["environment"]} <= known
    shipped = (SHIPPED / service["env_file"]).read_text()
    assert set(re.findall(r"^(TELLBACK_\w+)=", shipped, re.MULTILINE)) <= known
    files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
    assert files == {f"/run/secrets/{name}" for name in service["secrets"]}
    assert set(service["secrets"]) == set(COMPOSE["secrets"])


def test_compose_waits_longer_than_it_takes_to_stop() -> None:
    grace = int(COMPOSE["services"]["tellback"]["stop_grace_period"].removesuffix("s"))
    assert grace > limits.GRACE + rounds.LAST_MOMENT


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_no_container_may_do_more_than_it_must(name: str) -> None:
    service: dict[str, Any] = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")


def test_only_the_proxy_is_reached_from_outside_and_it_waits_until_the_service_is_well() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["caddy"]["depends_on"]["tellback"]["condition"] == "service_healthy"
    assert "healthz" in said("HEALTHCHECK")[0]
    assert re.search(r":\d+\.\d+", services["caddy"]["image"]), "a named release"
    assert shlex.split(services["caddy"]["environment"]["TELLBACK_UPSTREAM"]) == ["tellback:8000"]
