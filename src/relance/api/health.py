"""Is it alive, is it ready, how much does it do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from relance.api.auth import PUBLIC
from relance.api.ports import Services
from relance.errors import RelanceError
from relance.ingest.scopes import METRICS

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _LogCollector(Collector):
    """Reads the figures of the log and of whoever gave gauges, when they are asked for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        committer = self._services.door.committer
        counters = (
            ("relance_events_accepted", "Items written to the log.", committer.n_accepted),
            ("relance_events_duplicate", "Items that were received before.", committer.n_duplicates),
            ("relance_requests_written", "Requests written to the log.", committer.n_requests),
            ("relance_log_commits", "Durable commits of the log.", committer.n_groups),
        )
        for name, told, value in counters:
            yield CounterMetricFamily(name, told, value=value)
        yield GaugeMetricFamily("relance_log_waiting_requests", "Requests that wait to be written.", value=committer.n_waiting)
        yield GaugeMetricFamily("relance_log_writable", "1 when requests can be acknowledged.", value=committer.trouble is None)
        for name, told, read in self._services.gauges:
            yield GaugeMetricFamily(name, told, value=read())


def find_trouble(services: Services) -> dict[str, str]:
    """Why the process can not do its work now, by part; empty when it can."""
    found: dict[str, str] = {}
    trouble = services.door.committer.trouble
    if trouble is not None:
        found["log"] = trouble.message
    try:
        with services.database.reading() as connection:
            connection.value("SELECT 1")
    except RelanceError as e:
        found["store"] = e.message
    for name, check in services.checks:
        told = check()
        if told:
            found[name] = told
    return found


def health_routes(services: Services, registry: CollectorRegistry) -> list[Any]:
    """The routes for those who watch the process."""
    registry.register(_LogCollector(services))

    @get("/healthz", opt=PUBLIC, sync_to_thread=False, summary="Whether the process is alive")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", opt=PUBLIC, sync_to_thread=True, summary="Whether it can do its work now")
    def readyz() -> Response[dict[str, Any]]:
        trouble = find_trouble(services)
        if not trouble:
            return Response({"status": "ready"})
        message = "; ".join(f"{part}: {told}" for part, told in trouble.items())
        body = {"status": "not ready", "code": "not_ready", "message": message, "trouble": trouble}
        return Response(body, status_code=503, headers={"retry-after": "1"})

    opt = PUBLIC if services.settings.public_metrics else {"scope": METRICS}

    @get("/metrics", opt=opt, sync_to_thread=True, media_type=METRICS_TYPE, summary="Figures for Prometheus")
    def metrics() -> bytes:
        return generate_latest(registry)

    return [healthz, readyz, metrics]
