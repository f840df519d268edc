"""What happens, counted for Prometheus over all processes of this host. Until `begin` nothing is counted.

Each process counts in files that it maps into its memory, and whoever is asked adds up all of them
(https://prometheus.github.io/client_python/multiprocess/). The files bear the worker's name rather than its
number: one that takes a dead one's place counts on where that stopped, so nothing is lost or counted twice.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tellback import logs
from tellback.errors import SettingsError

if TYPE_CHECKING:
    from prometheus_client.core import Metric

# Seconds. What is given again takes tenths of a millisecond, a page some milliseconds, a slow disk seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


@dataclass(frozen=True)
class Measure:
    """A number that is looked up when somebody asks: its name, whether it only grows, and what it is.

    `values` are those of each value of `label`; without one, the only value stands under "".
    """

    name: str
    kind: Literal["gauge", "counter"]
    meaning: str
    values: Mapping[str, float]
    label: str = ""


class _Counted:
    """The instruments, once prometheus_client is there."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        self.requests = Histogram(
            "tellback_request_seconds",
            "Requests by how they were answered, and how long that took.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=None,
        )
        self.kept = Counter("tellback_kept_answers", "Requests that were given a kept answer.", registry=None)
        self.refused = Counter(
            "tellback_limits_refused", "Requests that a limit refused.", ("limit",), registry=None
        )
        self.workers = Counter("tellback_workers_begun", "Processes that began to serve.", registry=None)
        self.rounds = Gauge(
            "tellback_rounds_last_end_timestamp_seconds",
            "When a process last ended a round of what it does by itself.",
            ("round",),
            registry=None,
            multiprocess_mode="max",
        )


_counted: _Counted | None = None


def begin(folder: Path) -> None:
    """Count from now on, in this process and those that it forks, in files of a folder that is theirs alone.

    Raises SettingsError when prometheus_client is not installed.
    """
    global _counted
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    try:
        from prometheus_client import values
    except ImportError as error:
        raise SettingsError("TELLBACK_METRICS_TOKEN needs: pip install 'tellback[metrics]'") from error
    values.ValueClass = values.MultiProcessValue(logs.worker)
    _counted = _Counted()


def worker_began() -> None:
    """Count a process that begins to serve."""
    if _counted:
        _counted.workers.inc()


def answered(method: str, route: str, status: int, seconds: float, *, kept: bool) -> None:
    """Count a request; `route` is its template, and `kept` whether a kept answer was given."""
    if _counted:
        _counted.requests.labels(method, route, f"{status // 100}xx").observe(seconds)
        if kept:
            _counted.kept.inc()


def refused(limit: str) -> None:
    """Count a request that was refused by the limit of this name."""
    if _counted:
        _counted.refused.labels(limit).inc()


def went_round(name: str) -> None:
    """Note that a round of this name ended just now."""
    if _counted:
        _counted.rounds.labels(name).set_to_current_time()


def exposition(measures: Iterable[Measure]) -> tuple[bytes, str]:
    """All that was counted, and these measures, in Prometheus's text format; and its media type."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(_Collected(measures))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Collected:
    """Measures as prometheus_client collects them."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self._measures = list(measures)

    def collect(self) -> Iterable["Metric"]:
        """Each with its values."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for measure in self._measures:
            made = {"gauge": GaugeMetricFamily, "counter": CounterMetricFamily}[measure.kind]
            family = made(measure.name, measure.meaning, labels=[measure.label] if measure.label else [])
            for label, value in measure.values.items():
                family.add_metric([label] if measure.label else [], value)
            yield family
