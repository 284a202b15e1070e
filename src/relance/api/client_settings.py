"""The documents that browser clients fetch before they send anything."""

from __future__ import annotations

from typing import Any


def segment_settings(key: str, source: str, url: str) -> dict[str, Any]:
    """For `@segment/analytics-next`: `GET {cdnURL}/v1/projects/KEY/settings`. Events go to this server, telemetry nowhere."""
    host, _, rest = url.partition("://")[2].partition("/")
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key,
                "apiHost": f"{host}/{rest}v1".replace("//", "/"),
                "protocol": url.partition("://")[0],
                "unbundledIntegrations": [],
                "addBundledMetadata": True,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            },
        },
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}, "identify": {}, "group": {}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
        "_source": source,
    }


def source_config(key: str, source: str, url: str) -> dict[str, Any]:
    """For `@rudderstack/analytics-js`: `GET {configUrl}/sourceConfig/?writeKey=KEY`. No destinations: events come here only."""
    off = {"enabled": False}
    return {
        "source": {
            "id": source,
            "name": source,
            "writeKey": key,
            "enabled": True,
            "workspaceId": "relance",
            "config": {"statsCollection": {"errors": off, "metrics": off}},
            "connections": [],
            "destinations": [],
            "dataplanes": {"US": [{"url": url, "default": True}]},
        },
        "updatedAt": "2026-01-01T00:00:00.000Z",
    }
