"""The alert rules and the dashboard: Prometheus' promtool and Grafana's SDK judge them, and every name in them is one
that the program counts."""

import json
import re
import shutil

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from aws_calls import sources
from program import ROOT
from slack_side import BOT_TOKEN, SIGNING_SECRET, Signer, command
from tools import judged_by

MONITORING = ROOT / "deploy" / "monitoring"
ALERTS = MONITORING / "alerts.yaml"
DASHBOARD = MONITORING / "grafana-dashboard.json"
STORY = ROOT / "tests" / "judges" / "alerts_test.yaml"

# What PromQL can ask of a metric besides its own name, where it is a histogram or a summary.
PARTS = ("_bucket", "_sum", "_count")
# Labels that Prometheus sets.
PROMETHEUS_OWN = {"instance", "job", "le", "quantile"}


def dashboard():
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


def queries():
    """Each query of the dashboard, with the title of its panel."""
    return [
        (panel["title"], target["expr"]) for panel in dashboard()["panels"] for target in panel.get("targets", [])
    ]


def rules():
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [(rule["alert"], rule["expr"]) for group in groups for rule in group["rules"]]


def counted():
    """Every metric of the program, with its labels."""
    metrics = {}
    for text in sources():
        for name, rest in re.findall(r'metrics::(?:counter|gauge|histogram)!\(\s*"(\w+)"([^;]*?)\)\s*\.', text):
            metrics.setdefault(name, set()).update(re.findall(r'"(\w+)"\s*=>', rest))
    return metrics


def asked(expression):
    """The metrics of an expression, each with the labels that it is asked for by."""
    for name, selector in re.findall(r"\b(sso_why_\w+)(?:\{([^}]*)\})?", expression):
        yield name, set(re.findall(r"(\w+)\s*(?:=|!=|=~|!~)", selector))


def base_of(name, metrics):
    for part in PARTS:
        if name not in metrics and name.endswith(part):
            return name.removesuffix(part)
    return name


def test_promtool_takes_the_rules():
    status, said = judged_by("promtool", "check", "rules", ALERTS)

    assert (status, f"{len(rules())} rules found" in said) == (0, True), said


def test_each_alert_fires_when_it_should_and_a_quiet_day_fires_none(tmp_path):
    for file in (ALERTS, STORY):
        shutil.copy(file, tmp_path)
    status, said = judged_by("promtool", "test", "rules", tmp_path / STORY.name)

    assert status == 0, said
    story = STORY.read_text(encoding="utf-8")
    assert [alert for alert, _ in rules() if f'alertname="{alert}"' not in story] == []


def test_promtool_takes_every_query_of_the_dashboard(tmp_path):
    """As recording rules, which have to be PromQL as well; Grafana puts the durations in."""
    as_rules = [
        {"record": f"query_{index}", "expr": re.sub(r"\$__(rate_interval|range)", "5m", expression)}
        for index, (_, expression) in enumerate(queries())
    ]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": as_rules}]}), encoding="utf-8")

    status, said = judged_by("promtool", "check", "rules", file)
    assert status == 0, said


def test_grafana_keeps_all_of_the_dashboard():
    """Its SDK drops what it does not know, as Grafana does."""
    register_default_plugins()
    kept = json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard())))

    assert list(lost(dashboard(), kept)) == []

    mistyped = dashboard()
    mistyped["panels"][1]["gridPosition"] = mistyped["panels"][1].pop("gridPos")
    kept = json.loads(JSONEncoder().encode(Dashboard.from_json(mistyped)))
    assert any("gridPosition" in where for where in lost(mistyped, kept))


def lost(given, kept, where=""):
    if isinstance(given, dict):
        for key, value in given.items():
            if not isinstance(kept, dict) or key not in kept:
                yield f"{where}.{key}"
            else:
                yield from lost(value, kept[key], f"{where}.{key}")
    elif isinstance(given, list):
        if not isinstance(kept, list) or len(kept) != len(given):
            yield where
        else:
            for index, (one, other) in enumerate(zip(given, kept, strict=True)):
                yield from lost(one, other, f"{where}[{index}]")
    elif given != kept:
        yield f"{where}: {given!r} became {kept!r}"


def test_panels_neither_overlap_nor_share_an_id():
    panels = dashboard()["panels"]
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert taken.isdisjoint(cells), panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.mark.parametrize("where, expression", rules() + queries(), ids=lambda value: value if " " not in value else "")
def test_the_program_counts_what_is_asked_for(where, expression):
    metrics = counted()
    found = list(asked(expression))
    assert found, expression
    for name, labels in found:
        base = base_of(name, metrics)
        assert base in metrics, f"{where}: the program has no {name}"
        assert labels <= metrics[base] | PROMETHEUS_OWN, f"{where}: {name} has {metrics[base]}"
    grouped = {label.strip() for listed in re.findall(r"by \(([\w, ]+)\)", expression) for label in listed.split(",")}
    known = set().union(*(metrics[base_of(name, metrics)] for name, _ in found)) | PROMETHEUS_OWN
    assert grouped <= known, f"{where}: {grouped - known} is no label"


def test_the_dashboard_shows_every_metric():
    shown = {name for _, expression in queries() for name, _ in asked(expression)}

    assert {base_of(name, counted()) for name in shown} == set(counted())


def test_a_bot_that_runs_tells_these_names_and_no_others(program, sandbox):
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "DATABASE_URL": "sqlite://metrics.db",
    }
    with program.serve(sandbox, **settings) as bot:
        address = bot.wait_for_line(r"listening.*\b(127\.0\.0\.1:\d+)").group(1)
        slack = Signer(f"http://{address}", SIGNING_SECRET)
        assert slack.post("/slack/commands", command("help", "http://127.0.0.1:9/"))[0] == 200
        assert slack.get("/readyz") == (200, "ready")
        _, told = slack.get("/metrics")

    names = set(re.findall(r"^(sso_why_\w+)", told, re.MULTILINE))
    assert {base_of(name, counted()) for name in names} <= set(counted())
    assert 'sso_why_slack_requests_total{kind="command"} 1' in told
    assert "sso_why_build_info{version=" in told
    assert 'sso_why_slack_calls_total{method="auth.test",outcome="ok"}' in told
