"""A warehouse that breaks while the process runs: opened again or made again, with nothing lost and nothing sent twice."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from relance.errors import WarehouseError, WarehouseUnavailable
from relance.segments.reader import PeopleNow
from tests.integration.engine.conftest import Shop, identify, subscribe, track
from tests.integration.engine.test_warehouse import fill, known

if TYPE_CHECKING:
    from collections.abc import Iterator


class Breaking:
    """A connection of DuckDB that fails at the first statement that begins like this, before it runs or after."""

    def __init__(self, connection: Any, start: str, error: Exception, *, after: bool) -> None:
        self._connection, self._start, self._error, self._after = connection, start, error, after
        self.lasts = isinstance(error, duckdb.FatalException)  # the instance is gone: all that comes later fails, too
        self.n_failed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *params: Any) -> Any:
        # DuckDB looks for what a statement reads from in the frame that calls it.
        asked = sys._getframe(1).f_locals
        batch, moments = asked.get("batch"), asked.get("moments")  # noqa: F841
        if (self.lasts and self.n_failed) or (not self.n_failed and sql.lstrip().startswith(self._start)):
            self.n_failed += 1
            if self._after and self.n_failed == 1:
                self._connection.execute(sql, *params)
            raise self._error
        return self._connection.execute(sql, *params)


def break_writer(shop: Shop, start: str, error: Exception, *, after: bool = False) -> Breaking:
    warehouse: Any = shop.installation.warehouse
    breaking = warehouse._writer = Breaking(warehouse._writer, start, error, after=after)
    warehouse._batches._connection = breaking
    return breaking


def more(shop: Shop) -> None:
    """News for each part: an event for a segment, a message, an exit."""
    shop.send(track("dee", "Order Completed"), identify("eve", first_name="Eve", plan="pro"), subscribe("eve"))
    shop.send(track("eve", "Cart Abandoned"))


GONE = duckdb.FatalException("FATAL Error: database has been invalidated because of a previous fatal error")
CORRUPT = duckdb.IOException("IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2 in block 3")
SEGMENTS = {
    "buyers": ["bo", "dee"], "reachable": ["ana", "bo", "eve"], "pros": ["ana", "bo", "eve"], "mailed": ["ana", "eve"],
    "told": ["ana", "bo", "eve"], "waiting": ["ana", "eve"],
}  # fmt: skip


@pytest.fixture
def sound(shop: Shop) -> Iterator[Shop]:
    fill(shop)
    yield shop
    assert [("ana@example.com", "Ana, come back"), ("eve@example.com", "Eve, come back")] == shop.to()
    assert [("active", 2), ("exited", 1)] == [
        ({0: "active", 2: "exited"}[status], n)
        for status, n in shop.rows("SELECT status, COUNT(*) FROM enrollments GROUP BY status ORDER BY status")
    ]
    names = [name for name, _ in shop.events()]
    assert (3, 2) == (names.count("Journey Entered"), names.count("Email Sent"))


@pytest.mark.parametrize("place", ["BEGIN", "INSERT INTO events", "COMMIT", "after COMMIT"])
def test_a_fatal_error_is_got_over_by_opening_the_file_again(sound: Shop, place: str) -> None:
    shop = sound
    more(shop)
    breaking = break_writer(shop, place.removeprefix("after "), GONE, after=place.startswith("after"))
    before = shop.rows("SELECT tick, position FROM engine_state")

    with pytest.raises(WarehouseError, match="invalidated"):
        shop.work()

    assert breaking.n_failed
    assert before == shop.rows("SELECT tick, position FROM engine_state"), "the store's tick was not rolled back"
    assert "opened again" in (shop.installation.mender.trouble() or "")
    shop.work()
    assert SEGMENTS == known(shop)[1]
    assert (1, None) == (shop.installation.mender.n_mended, shop.installation.mender.trouble())
    assert not list(shop.folder.glob("*.damaged-*"))
    rows = known(shop)
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()
    shop.open()
    shop.installation.engine_loop.refresh()
    assert rows == known(shop), "what was mended is not what the log makes"


def test_a_fatal_error_of_duckdb_itself(sound: Shop) -> None:
    """Nothing is injected here: DuckDB gives up a checkpoint, and with it the whole instance."""
    shop = sound
    people = PeopleNow(shop.installation.shared_warehouse, shop.installation.workspace, shop.clock)
    warehouse: Any = shop.installation.warehouse
    cursor = warehouse._root.cursor()
    cursor.execute("SET GLOBAL debug_checkpoint_abort = 'before_header'")
    with pytest.raises(duckdb.FatalException):
        cursor.execute("CHECKPOINT")
    more(shop)

    with pytest.raises(WarehouseUnavailable):
        people.count_segments()
    shop.work()

    assert shop.installation.mender.n_mended == 1
    assert {name: len(members) for name, members in SEGMENTS.items()} == {
        counted["id"]: counted["members"] for counted in people.count_segments()
    }
    assert SEGMENTS == known(shop)[1]


@pytest.mark.parametrize("place", ["INSERT INTO events", "COMMIT", "after COMMIT"])
def test_an_error_that_passes_leaves_nothing_of_its_tick_behind(sound: Shop, place: str) -> None:
    shop = sound
    more(shop)
    full = duckdb.IOException("IO Error: could not write to the file: No space left on device")
    break_writer(shop, place.removeprefix("after "), full, after=place.startswith("after"))

    with pytest.raises(WarehouseError, match="No space"):
        shop.work()
    shop.work()

    assert SEGMENTS == known(shop)[1]
    assert shop.installation.mender.n_mended == 0
    rows = known(shop)
    shop.close()
    (shop.folder / "warehouse.duckdb").unlink()
    shop.open()
    shop.installation.engine_loop.refresh()
    assert rows == known(shop), "rows of the tick that failed are there"


def test_damage_that_is_met_while_running_is_moved_aside_and_made_again(sound: Shop) -> None:
    shop = sound
    more(shop)
    break_writer(shop, "INSERT INTO events", CORRUPT)

    with pytest.raises(WarehouseError, match="checksum"):
        shop.work()
    shop.work()

    assert SEGMENTS == known(shop)[1]
    assert (shop.folder / "warehouse.duckdb.damaged-1").exists()
    assert shop.installation.mender.n_mended == 1


@pytest.mark.parametrize("garbage", [b"", b"no warehouse at all" * 5000])
def test_a_file_that_is_overwritten_while_it_is_open_is_made_again_once_it_is_opened_again(sound: Shop, garbage: bytes) -> None:
    shop = sound
    file = shop.folder / "warehouse.duckdb"
    file.write_bytes(garbage)
    (shop.folder / "warehouse.duckdb.wal").write_bytes(garbage)
    more(shop)
    break_writer(shop, "BEGIN", GONE)

    with pytest.raises(WarehouseError):
        shop.work()
    shop.work()

    assert SEGMENTS == known(shop)[1]
    counts = known(shop)[0]
    shop.close()
    shop.open()
    assert not shop.installation.rebuilt
    assert counts == known(shop)[0]


def test_the_loop_gets_over_it_by_itself_while_screens_ask(sound: Shop) -> None:
    shop = sound
    installation = shop.installation
    people = PeopleNow(installation.shared_warehouse, installation.workspace, shop.clock)
    more(shop)
    shop.clock.at += 1
    break_writer(shop, "INSERT INTO events", CORRUPT)
    wrong: list[object] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                names = {event["name"] for event in people.events_of(1, 100)}
                if "Cart Abandoned" not in names:
                    wrong.append(names)
            except WarehouseUnavailable:
                pass
            except Exception as e:  # noqa: BLE001 - told by the test's own thread
                wrong.append(e)

    screens = [threading.Thread(target=look) for _ in range(3)]
    for screen in screens:
        screen.start()
    thread = installation._engine_thread
    thread.start()
    for _ in range(200):
        if installation.mender.n_mended and installation.trouble() is None:
            break
        done.wait(0.05)
    thread.stop()
    done.set()
    for screen in screens:
        screen.join()

    assert [] == wrong
    assert (1, None) == (installation.mender.n_mended, installation.mender.trouble())
    shop.work()
    assert SEGMENTS == known(shop)[1]


def test_what_a_screen_meets_is_mended_by_the_engine(sound: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = sound
    installation = shop.installation
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            msg = "the warehouse can not be read: invalidated"
            raise WarehouseError(msg, fatal=True, damaged=False)

        patch.setattr(installation.warehouse, "counts", fail)
        with pytest.raises(WarehouseUnavailable):
            installation.shared_warehouse.counts()
    assert "invalidated" in (installation.mender.trouble() or "")

    more(shop)
    shop.work()

    assert (1, None) == (installation.mender.n_mended, installation.mender.trouble())
    assert installation.shared_warehouse.counts()["events"]
    assert SEGMENTS == known(shop)[1]
