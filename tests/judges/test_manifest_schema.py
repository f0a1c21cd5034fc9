"""The app manifests under the JSON schema that Slack publishes for them."""

import json

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT7

from prism import SPECS
from program import ROOT

MANIFESTS = sorted((ROOT / "manifest").glob("*.json"))
# The schema refers to its two versions by where they are published.
PUBLISHED = "https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas/manifest.schema."


def published(name):
    return json.loads((SPECS / f"slack-manifest.{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator():
    versions = ("1.0.0", "2.0.0")
    parts = [(f"{PUBLISHED}{version}.json", published(f"schema.{version}")) for version in versions]
    registry = Registry().with_resources((uri, DRAFT7.create_resource(part)) for uri, part in parts)
    return jsonschema.Draft7Validator(published("schema"), registry=registry)


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


def refused(validator, manifest):
    return [error.json_path for error in validator.iter_errors(manifest)]


@pytest.mark.parametrize("kind", ["http", "socket"])
def test_the_published_examples_are_taken(validator, kind):
    assert refused(validator, published(f"example.{kind}")) == []


def test_a_manifest_that_breaks_the_schema_is_refused(validator):
    for change in (
        lambda manifest: manifest["display_information"].pop("name"),
        lambda manifest: manifest["display_information"].update(name="x" * 36),
        lambda manifest: manifest["display_information"].update(description="x" * 141),
        lambda manifest: manifest["features"]["shortcuts"][0].update(name="x" * 25),
        lambda manifest: manifest["features"]["slash_commands"][0].update(command="sso-why"),
        lambda manifest: manifest["settings"].update(socket_mode="yes"),
    ):
        manifest = read(MANIFESTS[0])
        change(manifest)
        assert refused(validator, manifest) != []


@pytest.mark.parametrize("file", MANIFESTS, ids=[file.name for file in MANIFESTS])
def test_slacks_schema_takes_it(validator, file):
    assert refused(validator, read(file)) == []
