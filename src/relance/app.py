"""The wiring: the only place that picks engines and providers, and that knows all parts of an installation."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from relance.clock import DAY, SECOND, SystemClock
from relance.demo.desk import DemoDesk
from relance.erasure.performing import Eraser
from relance.eventlog import GroupCommitter, NewChunk, open_log
from relance.imports.desk import ImportDesk
from relance.ingest.keys import ensure_admin_key, ensure_source
from relance.ingest.rejected import record_rejected
from relance.journeys import requests
from relance.journeys.engine import Engine
from relance.predictions.live.refresh import Refresher
from relance.predictions.live.registry import scores_for_templates
from relance.predictions.live.runner import Runner
from relance.registry.seen import Recorder
from relance.runtime.engine_loop import EngineLoop
from relance.runtime.loop import Loop
from relance.runtime.mending import Mender
from relance.runtime.rebuild import make_agree
from relance.runtime.relay import OWN_SOURCE
from relance.runtime.segment_loop import SegmentLoop
from relance.segments.judge import WarehouseJudge
from relance.segments.kept.keeper import Keeper
from relance.simulate.backtest.apart import live_apart
from relance.simulate.backtest.desk import BacktestDesk
from relance.simulate.trial.desk import TrialDesk
from relance.store import open_database
from relance.users import UserDesk
from relance.warehouse.opening import open_warehouse
from relance.warehouse.shared import SharedWarehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from relance.api.management import PeopleReader
    from relance.channels.base import Channel
    from relance.clock import Clock
    from relance.errors import RelanceError
    from relance.outbox.drain import Drain
    from relance.settings import Settings
    from relance.store import Connection
    from relance.workspace import Workspace

OWN_SINK = "relance-links"  # the source of opens, clicks and callbacks
DEFAULT_SOURCE = "default"
PREDICTIONS_PAUSE_SECONDS = 0.5


class Sink:
    """Puts events that come from our own links and from providers into the log, like any others."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer = committer

    def append_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Write events and wait until they are on the disk."""
        if not events:
            return
        ids = [str(event["messageId"]) if event.get("messageId") is not None else None for event in events]
        body = msgspec.json.encode({"batch": list(events)})
        self._committer.commit_now(NewChunk(source=OWN_SINK, body=body, message_ids=ids, trusted=True, correct_skew=False))


def default_channels(settings: Settings) -> dict[str, Channel]:
    """The providers that are set up. Messages of a channel without one wait."""
    from relance.channels.http import HttpChannel, HttpSettings, WebhookChannel
    from relance.channels.smtp import SmtpChannel, SmtpSettings

    channels: dict[str, Channel] = {
        "webhook": WebhookChannel(secret=settings.webhook_secret, allowed_hosts=settings.webhook_hosts),
    }
    if settings.smtp.host:
        smtp = settings.smtp
        channels["email"] = SmtpChannel(
            SmtpSettings(
                smtp.host, smtp.from_address, port=smtp.port, security=smtp.security, username=smtp.username or None,
                password=smtp.password or None, from_name=smtp.from_name, reply_to=smtp.reply_to or None,
            )
        )  # fmt: skip
    for name, provider in (("sms", settings.sms), ("push", settings.push)):
        if provider.url:
            headers = {"Authorization": provider.authorization} if provider.authorization else None
            channels[name] = HttpChannel(HttpSettings(provider.url, secret=provider.secret, headers=headers), provider=name)
    return channels


def _without_secrets(url: str) -> str:
    """An address as it may be shown: a user, a password and a query stay out, since some gateways take their key there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if url else ""


def told_providers(settings: Settings, channels: Mapping[str, Channel]) -> list[dict[str, Any]]:
    """Who carries each channel, without secrets: what the settings page shows."""
    smtp = settings.smtp
    places = {
        "email": {"host": smtp.host, "port": smtp.port, "from_address": smtp.from_address, "from_name": smtp.from_name},
        "sms": {"url": _without_secrets(settings.sms.url)},
        "push": {"url": _without_secrets(settings.push.url)},
        "webhook": {"hosts": list(settings.webhook_hosts)},
    }
    callbacks = {"email": smtp.callback_secret, "sms": settings.sms.secret, "push": settings.push.secret}
    return [
        {
            "channel": name,
            "provider": getattr(channels.get(name), "provider", None),
            "configured": name in channels,
            "place": place,
            "callbacks": f"{settings.public_url}/hooks/{name}" if callbacks.get(name) else None,
        }
        for name, place in places.items()
    ]


def sizes_of(people: PeopleReader) -> dict[str, int]:
    """How many are in each segment, as they were last counted."""
    return {segment["id"]: segment["members"] for segment in people.count_segments()}


class Installation:
    """Everything of one installation, opened and ready to run.

    Opening creates what is missing, brings the schema up to date, and makes the warehouse agree with the store.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        channels: Mapping[str, Channel] | None = None,
        on_broken: Callable[[RelanceError], None] | None = None,
        tell_rebuild: Callable[[int, int], None] | None = None,
    ) -> None:
        """Args: `on_broken` is called when the disk of the log failed: the process must end."""
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        with ExitStack() as undo:
            self.database = open_database(settings.store)
            undo.callback(self.database.close)
            self.database.migrate()
            self.log = open_log(settings.log, clock=self.clock)
            undo.callback(self.log.close)
            self.log.claim()
            self.warehouse = open_warehouse(settings.warehouse, quarantine=True)
            undo.callback(self.warehouse.close)
            self.committer = GroupCommitter(self.log, on_broken=on_broken)
            undo.callback(self.committer.close)
            self._undo = undo.pop_all()
        self.sink = Sink(self.committer)
        self.admin_key: str | None = None  # on the first start only
        self.prefix, link_secret = self._first_steps()
        self.users = UserDesk(self.database, self.clock, SystemClock(), settings.public_url)
        self.recorder = Recorder(lambda: self.workspace().event_schemas)
        self.rebuilt = self._recover(tell_rebuild)
        engine = Engine(
            self.warehouse,
            lambda workspace: WarehouseJudge(self.warehouse, workspace),
            prefix=self.prefix,
            note=self.recorder.note,
        )
        self.shared_warehouse = SharedWarehouse(self.warehouse)
        self.mender = Mender(self.warehouse, self.shared_warehouse, self._recover)
        self.eraser = Eraser(self.database, self.log, self.warehouse)
        self.engine_loop = EngineLoop(
            self.database,
            self.log,
            engine,
            self.committer.commit_now,
            record_rejected,
            mender=self.mender,
            eraser=self.eraser,
            note_own=self.recorder.note_own,
        )
        self._engine_thread = Loop("engine", self._engine_round, self.engine_loop.wait)
        self.keeper = Keeper(self.warehouse, keep_ended=settings.membership_days * DAY or None)
        self.segment_loop = SegmentLoop(self.keeper, self.shared_warehouse, self.workspace, lambda: self.engine_loop.reached)
        self._segment_thread = Loop("segments", self.segment_loop.work, self.segment_loop.wait)
        self.backtests = BacktestDesk(
            self.database, self.shared_warehouse, self.log, self.clock, lambda: self.engine_loop.reached, live_apart
        )
        self.imports = ImportDesk(self.database, self.log, self.clock, settings.data / "uploads")
        self.trials = TrialDesk(
            self.database,
            self.clock,
            lambda: default_channels(settings) if channels is None else channels,
            closes=channels is None,
        )
        self.predictions = Runner(
            self.database,
            self.shared_warehouse,
            self.workspace,
            self.clock,
            lambda: self.engine_loop.reached,
            self.sink.append_events,
        )
        self.refresher = Refresher(
            self.database,
            self.shared_warehouse,
            self.workspace,
            self.clock,
            lambda: self.engine_loop.reached,
            self.predictions.curves,
        )
        self.demo_data = DemoDesk(
            self.database,
            self.log,
            self.shared_warehouse,
            self.clock,
            self.committer.commit_now,
            lambda: self.engine_loop.position,
            ours=(OWN_SINK, OWN_SOURCE, requests.SOURCE),
            look_again=self.recorder.look_again,
        )
        self._demo_data_thread = Loop("demo-data", self.demo_data.work, self.demo_data.wait)
        self._refresh_thread = Loop("refresh", self.refresher.work, self.refresher.wait)
        self._prediction_thread = Loop("predictions", self.predictions.work, lambda: time.sleep(PREDICTIONS_PAUSE_SECONDS))
        self._channels = channels if channels is not None else default_channels(settings)
        self.drain = self._make_drain(self._channels, link_secret)
        self._drain_thread = threading.Thread(target=lambda: asyncio.run(self.drain.run(alone=True)), name="drain", daemon=True)

    # ------------------------------------------------------------------------------------------ opening

    def _first_steps(self) -> tuple[str, str]:
        """What an installation gets once: its prefix for message ids, its secret, a source, a key for its owner."""
        now = self.clock.now()
        with self.database.writing() as connection:
            for name, value in (("message_prefix", f"m{secrets.token_hex(3)}-"), ("link_secret", secrets.token_urlsafe(32))):
                connection.execute(
                    "INSERT INTO installation (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
                    {"name": name, "value": value},
                )
            found = dict(connection.rows("SELECT name, value FROM installation"))
            ensure_source(connection, DEFAULT_SOURCE, name="Default", trusted=False, now=now)
            self.admin_key = ensure_admin_key(connection, now=now)
        return found["message_prefix"], found["link_secret"]

    def _recover(self, tell: Callable[[int, int], None] | None) -> bool:
        commit, note = self.committer.commit_now, self.recorder.note_own
        return make_agree(self.database, self.log, self.warehouse, commit, note_own=note, tell=tell)

    def _make_drain(self, channels: Mapping[str, Channel], link_secret: str) -> Drain:
        from relance.outbox.compose import Composer, TargetNumbers
        from relance.outbox.drain import Drain
        from relance.templates.links import LinkSigner

        self.links = LinkSigner(self.settings.public_url, [link_secret])
        composer = Composer(
            self.workspace, self.links, TargetNumbers(self.database), prefix=self.prefix, scores=self._scores_of
        )
        return Drain(self.database, self.clock, channels, composer, self.workspace, events=self.sink, prefix=self.prefix)

    # ------------------------------------------------------------------------------------------ running

    def _scores_of(self, profile_id: int) -> dict[str, dict[str, Any]]:
        with self.database.reading() as connection:
            return scores_for_templates(connection, profile_id)

    def workspace(self) -> Workspace:
        """The definitions in force."""
        return self.engine_loop.workspace

    def _engine_round(self) -> bool:
        worked = self.engine_loop.work()
        if worked:
            self.drain.wake()
        return worked

    def start(self) -> None:
        """Start the loops."""
        self.engine_loop.refresh()
        self._engine_thread.start()
        self._segment_thread.start()
        self._prediction_thread.start()
        self._refresh_thread.start()
        self._drain_thread.start()
        self.backtests.start()
        self.imports.start()
        self._demo_data_thread.start()

    def erase_alone(self, is_waiting: Callable[[Connection], bool]) -> None:
        """Do what erasures were asked for, where no loop was started: after all that was received before.

        Messages that a dead worker had claimed keep nobody waiting: no provider is being asked.
        """
        self.eraser.alone = True
        while True:
            self.engine_loop.work()
            with self.database.reading() as connection:
                if not is_waiting(connection):
                    break
            self.engine_loop.wait()
        while not self.eraser.finish(self.clock.now()):
            pass

    def stop(self) -> None:
        """Finish what is under way, then close everything."""
        if self._drain_thread.ident is not None:
            self.drain.stop()
            self._drain_thread.join(15)
        self.imports.stop()
        self.demo_data.stop()
        self._demo_data_thread.stop()
        self.trials.stop()
        self.backtests.stop()
        self.mender.stop()
        self.predictions.stop()
        self.refresher.stop()
        self._refresh_thread.stop()
        self.refresher.close()
        self._prediction_thread.stop()
        self._segment_thread.stop()
        self._engine_thread.stop()
        self._undo.close()

    def trouble(self) -> str | None:
        """Why the loops do not run as they should; None when they do."""
        failure = self._engine_thread.failure
        if failure is not None:
            return f"the engine stands still: {failure}"
        if not self._engine_thread.alive:
            return "the engine does not run"
        if self._segment_thread.failure is not None:
            return f"segments are not kept up to date: {self._segment_thread.failure}"
        if self._prediction_thread.failure is not None:
            return f"predictions are not kept up to date: {self._prediction_thread.failure}"
        if self._refresh_thread.failure is not None:
            return f"scores are not refreshed at once: {self._refresh_thread.failure}"
        return f"the outbox stands still: {self.drain.failure}" if self.drain.failure else None

    # ------------------------------------------------------------------------------------------ the HTTP side

    def make_api(self, *, demo_user: int | None = None) -> Any:
        """The HTTP application over this installation.

        Args:
            demo_user: whom a demo lets in without a password.
        """
        from relance.api.app import create_app
        from relance.api.audiences import audience_router
        from relance.api.backtests import backtest_router
        from relance.api.definitions import definition_router
        from relance.api.demo_data import demo_data_router
        from relance.api.event_types import EventSide, event_type_router
        from relance.api.explain import explain_router
        from relance.api.hooks import HookDesk, hook_routes
        from relance.api.imports import import_router
        from relance.api.journeys import audit_router, journey_router
        from relance.api.lists import list_router
        from relance.api.management import ReadSide, management_router
        from relance.api.overview import overview_router
        from relance.api.passages import PassageSide, passage_router
        from relance.api.playbooks import playbook_router
        from relance.api.ports import ApiSettings, make_services
        from relance.api.predictions import PredictionSide, prediction_router
        from relance.api.public_links import LinkDesk, link_routes
        from relance.api.segments import SegmentSide, segment_router
        from relance.api.sessions import session_router
        from relance.api.starts import start_router
        from relance.api.suggestions import suggestion_router
        from relance.api.template_drafts import template_draft_router
        from relance.api.trials import trial_router
        from relance.api.users import user_router
        from relance.api.web_app import web_routes
        from relance.api.webhooks import webhook_routes
        from relance.definitions.desk import JourneyDesk
        from relance.definitions.library import DefinitionLibrary
        from relance.journeys.explain.desk import ExplainDesk
        from relance.journeys.requests import StartDesk
        from relance.outbox.drafts import DraftDesk
        from relance.predictions.live.desk import Desk
        from relance.segments.desk import SegmentDesk
        from relance.segments.reader import PeopleNow
        from relance.web import read_built_files

        services = make_services(
            self.committer,
            self.database,
            clock=self.clock,
            users=self.users,
            settings=ApiSettings(
                self.settings.max_body_bytes,
                self.settings.public_metrics,
                public_url=self.settings.public_url,
                session_cookie=f"relance-{self.prefix.rstrip('-')}",
            ),
            checks=[("engine", self.trouble), ("warehouse", self.mender.trouble), ("log", self._log_trouble)],
            gauges=[
                (
                    "relance_engine_lag_positions",
                    "Positions of the log the engine has not read yet.",
                    lambda: self.engine_loop.lag,
                ),
                (
                    "relance_segments_lag_seconds",
                    "How far memberships of segments are behind what the engine has applied.",
                    lambda: max(self.engine_loop.reached - self.keeper.counted.at, 0) / SECOND,
                ),
                ("relance_engine_events", "Events the engine applied since the start.", lambda: self.engine_loop.n_events),
            ],
        )
        desk = LinkDesk(self.database, self.links, self.sink, self.clock, self.workspace, self.prefix)
        providers = {
            "sms": self.settings.sms.secret,
            "push": self.settings.push.secret,
            "email": self.settings.smtp.callback_secret,
        }
        hooks = HookDesk(self.database, self.sink, self.clock, {n: s for n, s in providers.items() if s}, self.prefix)
        people = PeopleNow(self.shared_warehouse, self.workspace, self.clock, lambda: self.keeper.counted)
        side = ReadSide(self.database, self.log, self.clock, people)
        starts = StartDesk(self.database, self.shared_warehouse, self.workspace, self.committer.commit_now, self.clock)
        predictions = Desk(self.database, self.shared_warehouse, self.workspace, self.clock, self.predictions.curves)
        segments = SegmentSide(SegmentDesk(self.shared_warehouse, self.workspace, self.clock), self.database, self.clock)
        drafts = DraftDesk(self.database, self.clock, self.drain, public_url=self.settings.public_url, scores=self._scores_of)
        events = EventSide(self.database, self.log, self.clock, self.settings.public_url)
        managed = [
            management_router(side),
            event_type_router(events),
            explain_router(ExplainDesk(self.database, self.shared_warehouse, self.workspace, self.clock)),
            passage_router(PassageSide(self.database, self.clock)),
            *webhook_routes(services, self.workspace, self.settings.public_url),
            list_router(self.database, self.clock),
            import_router(self.imports),
            demo_data_router(self.demo_data),
            audience_router(self.database),
            segment_router(segments),
            start_router(starts),
            backtest_router(self.backtests),
            trial_router(self.trials),
            playbook_router(self.database, self.clock),
            prediction_router(PredictionSide(predictions, self.database, self.clock)),
            journey_router(JourneyDesk(self.database, self.clock, lambda: sizes_of(people))),
            definition_router(DefinitionLibrary(self.database, self.clock, lambda: sizes_of(people))),
            suggestion_router(self.database, self.shared_warehouse),
            audit_router(self.database),
            template_draft_router(drafts),
            overview_router(self.database, self.clock, told_providers(self.settings, self._channels)),
            session_router(services, self.users, demo_user=demo_user),
            user_router(self.users),
        ]
        return create_app(services, [*link_routes(desk), *hook_routes(hooks), *managed, *web_routes(read_built_files())])

    def _log_trouble(self) -> str | None:
        trouble = self.committer.trouble
        return None if trouble is None else trouble.message
