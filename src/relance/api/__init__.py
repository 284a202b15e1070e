"""HTTP: the tracking API, the management interface, public links and health.

Owns no table. `create_app` builds the application from `Services` and the routes it is given; `serve` runs it in this process.
Called by `app`; calls `ingest` for what comes in, and the nouns for what is asked.
"""
