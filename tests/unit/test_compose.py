"""docker-compose.yml and ops/Dockerfile, as far as they can be checked without a Docker engine."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for
from typer.main import get_command

from ledger.commands import app
from ledger.settings import Settings
from tests.each_case import each_case

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "ops" / "Dockerfile").read_text("utf-8")
EXPLORE_DOCKERFILE = (ROOT / "ops" / "explore" / "Dockerfile").read_text("utf-8")
OBSERVE = ["serve", "prometheus", "grafana"]
EXPLORE = ["copy", "datasette"]
LASTING = [name for name, service in SERVICES.items() if "restart" in service]
PINNED = re.compile(r"[a-z./-]+:v?[0-9]+\.[0-9]+\.[0-9]+[a-z-]*@sha256:[0-9a-f]{64}")


def test_it_is_a_compose_file() -> None:
    # The schema of the Compose specification, as check-jsonschema ships it; the program itself wants click >= 8.4.
    package = find_spec("check_jsonschema")
    assert package is not None
    assert package.origin is not None
    schema = json.loads(
        Path(package.origin).with_name("builtin_schemas").joinpath("vendor", "compose-spec.json").read_text()
    )
    validator_for(schema)(schema).validate(COMPOSE)


def test_there_is_a_broker_the_topics_and_a_worker() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" not in service] == ["kafka", "topics", "worker"]
    assert ["kafka", "worker", *OBSERVE, "datasette"] == LASTING


def test_a_profile_adds_server_and_monitoring() -> None:
    assert [name for name, service in SERVICES.items() if service.get("profiles") == ["observe"]] == OBSERVE
    prometheus = yaml.safe_load((ROOT / "ops" / "prometheus" / "prometheus.yml").read_text("utf-8"))
    (job,) = prometheus["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["serve:8000"]}]
    (secret,) = SERVICES["prometheus"]["secrets"]
    assert job["authorization"]["credentials_file"] == f"/run/secrets/{secret}"
    (tokens,) = SERVICES["serve"]["secrets"]
    assert SERVICES["serve"]["environment"]["LEDGER_TOKENS"] == f"/run/secrets/{tokens}"
    assert {tokens, secret} == COMPOSE["secrets"].keys()
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {each["file"].removeprefix(".") for each in COMPOSE["secrets"].values()} <= set(ignored)


def test_another_profile_adds_datasette_on_a_copy() -> None:
    assert [name for name, service in SERVICES.items() if service.get("profiles") == ["explore"]] == EXPLORE
    copy, datasette = (SERVICES[name] for name in EXPLORE)
    (file,) = copy["command"]
    shell, flag, script, _ = copy["entrypoint"]
    assert (shell, flag) == ("sh", "-c")
    assert "ip-ledger backup" in script
    assert f"--immutable={file}" in datasette["command"]
    mounts = dict(map(_mount, datasette["volumes"]))
    assert mounts["copy"] == f"{Path(file).parent}:ro"
    assert "book" not in mounts
    assert str(Path(file).parent) in DOCKERFILE, "a new volume gets the owner of this directory"
    assert datasette["depends_on"] == {"copy": {"condition": "service_completed_successfully"}}
    assert copy["depends_on"] == {"worker": {"condition": "service_healthy"}}, "there is a book"
    pins = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "ops/explore/requirements.lock").read_text(), re.MULTILINE)
    assert "datasette" in pins


@pytest.mark.parametrize("name", ["prometheus", "grafana", "datasette"])
def test_files_that_a_service_mounts_exist(name: str) -> None:
    mounts = dict(map(_mount, SERVICES[name]["volumes"]))
    own = {source: target for source, target in mounts.items() if source.startswith(".")}
    assert own
    assert all((ROOT / source).exists() and target.endswith(":ro") for source, target in own.items())


def test_foreign_images_are_pinned_by_tag_and_digest() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE + EXPLORE_DOCKERFILE, re.MULTILINE)
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert bases
    assert images
    for image in bases + images:
        assert PINNED.fullmatch(image), image


@each_case("name", SERVICES)
def test_a_service_has_few_rights(name: str) -> None:
    service = SERVICES[name]
    assert not str(service["user"]).startswith(("0", "root"))
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "network_mode" not in service


@each_case("name", SERVICES)
def test_ports_are_on_loopback(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@each_case("name", LASTING)
def test_long_running_services_have_a_health_check(name: str) -> None:
    assert {"test", "interval", "timeout", "retries", "start_period"} <= SERVICES[name]["healthcheck"].keys()


def test_the_order_of_starting() -> None:
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert SERVICES["worker"]["depends_on"] == {
        "kafka": {"condition": "service_healthy"},
        "topics": {"condition": "service_completed_successfully"},
    }


def test_book_and_log_are_on_named_volumes() -> None:
    mounts = {target: volume for name in LASTING for volume, target in map(_mount, SERVICES[name]["volumes"])}
    book = Path(SERVICES["worker"]["environment"]["LEDGER_BOOK"]).parent
    log = SERVICES["kafka"]["environment"]["KAFKA_LOG_DIRS"]
    assert {mounts[str(book)], mounts[log]} <= COMPOSE["volumes"].keys()


@pytest.mark.parametrize("name", ["topics", "worker", "serve"])
def test_our_services_run_commands_with_settings_that_exist(name: str) -> None:
    command: Any = get_command(app)
    words = SERVICES[name]["command"]
    while words and not words[0].startswith("-"):
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known
    settings = {f"LEDGER_{field.upper()}" for field in Settings.model_fields}
    assert SERVICES[name]["environment"].keys() <= settings


def test_the_worker_has_time_to_stop() -> None:
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > 10


def test_clients_inside_and_outside_get_an_address_of_the_broker() -> None:
    environment = SERVICES["kafka"]["environment"]
    advertised = dict(each.split("://") for each in environment["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert advertised["INTERNAL"] == SERVICES["worker"]["environment"]["LEDGER_BROKERS"]
    host, _, inside = SERVICES["kafka"]["ports"][0].rpartition(":")
    assert advertised["HOST"] == host
    assert f"HOST://:{inside}" in environment["KAFKA_LISTENERS"].split(",")
    assert int(environment["KAFKA_MESSAGE_MAX_BYTES"]) == 4 * 2**20


def test_the_image_runs_as_the_user_that_the_services_name() -> None:
    *_, user = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert {SERVICES[name]["user"] for name in ("topics", "worker", "serve", *EXPLORE)} == {user}
    assert re.findall(r"^USER (\S+)", EXPLORE_DOCKERFILE, re.MULTILINE) == [user]
    assert all("--require-hashes" in file for file in (DOCKERFILE, EXPLORE_DOCKERFILE))


def test_files_that_the_image_copies_exist_and_are_not_ignored() -> None:
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert "requirements-runtime.lock" in let_through
    assert all((ROOT / name).exists() for name in let_through)


def _mount(volume: str) -> tuple[str, str]:
    name, _, target = volume.partition(":")
    return name, target
