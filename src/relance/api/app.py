"""The HTTP application: everything that answers, and who may ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.config.response_cache import ResponseCacheConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from prometheus_client import CollectorRegistry

import relance
from relance.api.auth import require_key
from relance.api.health import health_routes
from relance.api.keys import key_routes
from relance.api.ports import Services
from relance.api.problems import on_deep_nesting, on_exception, on_http_exception, on_overflow, on_relance_error
from relance.api.segment_templates import segment_template_router
from relance.api.tracking import Tracking
from relance.errors import RelanceError


class App(Litestar):
    """The application. Whoever serves it asks `tracking` for the tracking routes: they take the short way (see gateway.py)."""

    tracking: Tracking


def create_app(services: Services, routes: Sequence[Any] = ()) -> App:
    """Build the application.

    Args:
        services: what the handlers use.
        routes: more route handlers. What answers without a key says so with `opt=PUBLIC`.
    """
    registry = CollectorRegistry()
    app = App(
        route_handlers=[
            *health_routes(services, registry),
            *key_routes(services),
            segment_template_router(),
            *routes,
        ],
        guards=[require_key(services)],
        exception_handlers={
            RelanceError: on_relance_error,
            HTTPException: on_http_exception,
            RecursionError: on_deep_nesting,
            OverflowError: on_overflow,
            Exception: on_exception,
        },
        openapi_config=OpenAPIConfig(
            title="relance",
            version=relance.__version__,
            path="/api",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
            components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"key": []}],
            use_handler_docstrings=True,
        ),
        request_max_body_size=services.settings.max_body_bytes,
        response_cache_config=ResponseCacheConfig(),
        logging_config=None,
        debug=False,
    )
    app.tracking = Tracking(services, registry)
    return app
