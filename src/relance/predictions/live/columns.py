"""What was gathered of a warehouse, as the sums read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from relance.predictions.facts import coded
from relance.predictions.intake import LATE, MOSTLY, EventColumns, flat
from relance.predictions.layout import Property
from relance.predictions.pull import pulling
from relance.warehouse.engines.duckdb_scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from relance.predictions.live.definition import Goal
    from relance.predictions.live.gather import Part

    Ints = NDArray[np.int64]

SPARSE = 8  # numbers of profiles a person of a part, up to which places are looked up


@dataclass(frozen=True)
class PartColumns:
    """One part of the people. Subjects are numbered in the order of `people`.

    Args:
        part: what was gathered.
        goal: which events are foretold.
        told_later: timestamps count as arrivals.
        keys: the traits that `tables` has; all of them are among the changes where none are given.
    """

    part: Part
    goal: Goal
    told_later: bool
    keys: Collection[str] | None = None

    @cached_property
    def ids(self) -> Ints:
        found: Ints = self.part.people["profile_id"].to_numpy()
        return found

    @cached_property
    def first_at(self) -> Ints:
        """When each was first known. Where timestamps count as arrivals: when they first did something."""
        first: Ints = self.part.people["first_at"].to_numpy().copy()
        if self.told_later:
            np.minimum.at(first, self.subjects(self.part.events), self.part.events["at"].to_numpy())
        return first

    def subjects(self, table: pa.Table) -> NDArray[np.int32]:
        """Whose each row is."""
        wanted, ids = table["profile_id"].to_numpy(), self.ids
        if not len(ids) or ids[-1] - ids[0] > SPARSE * len(ids):
            return np.asarray(np.searchsorted(ids, wanted), np.int32)
        places = np.zeros(ids[-1] - ids[0] + 1, np.int32)  # looking a place up costs a tenth of a search for it
        places[ids - ids[0]] = np.arange(len(ids))
        found: NDArray[np.int32] = places[wanted - ids[0]]
        return found

    def span(self) -> int:
        at = self.part.events["at"].to_numpy()
        return int(at.max() - at.min()) if len(at) else 0

    @cached_property
    def names(self) -> pa.DictionaryArray:
        """Of the events."""
        return coded(self.part.events["name"])

    @cached_property
    def masks(self) -> NDArray[np.int32]:
        codes = self.names.indices.to_numpy(zero_copy_only=False)
        at = self.part.events["at"].to_numpy()
        return self.goal.masks(self.names.dictionary.to_pylist(), codes, self.part.events["properties"], at)

    def tables(self) -> dict[str, dict[str, Any]]:
        """As `EventColumns.tables`: a row is numbered by its place in the order of events."""
        events = self.part.events
        at = events["at"].to_numpy()
        return {
            "events": {
                "row": events["seq"], "subject": self.subjects(events), "at": at,
                "known": at if self.told_later else events["known"], "name": self.names, "target": self.masks != 0,
                "mask": self.masks, "value": self.goal.worth(self.masks, events["properties"]), "properties": events["properties"],
            },
            "traits": self._traits(),
        }  # fmt: skip

    def _traits(self) -> dict[str, Any]:
        """The states of traits whenever they differ from those before, which is what their changes come to."""
        traits, keys = self.part.traits, sorted(self.keys or ())
        subject, known = self.subjects(traits), traits["known"].to_numpy()
        order = np.lexsort((traits["seq"].to_numpy(), subject))
        subject, known = subject[order], known[order]
        first = np.ones(len(order), bool)
        first[1:] = subject[1:] != subject[:-1]
        rows, which, values = [np.zeros(0, np.int64)], [], []
        for key, texts in _texts_of(traits["traits"], keys):
            words = coded(texts)
            codes = words.indices.fill_null(-1).to_numpy(zero_copy_only=False)[order]
            before = np.append(-1, codes[:-1])
            before[first] = -1
            changed = np.nonzero(codes != before)[0]
            rows.append(changed)
            which.append(pa.DictionaryArray.from_arrays(np.zeros(len(changed), np.int32), [key]).cast(pa.string()))
            values.append(words.dictionary.take(pa.array(codes[changed], mask=codes[changed] < 0)))
        row = np.concatenate(rows)
        return {
            "row": row, "subject": subject[row], "at": known[row], "known": known[row],
            "key": pa.chunked_array(which, pa.string()), "value": pa.chunked_array(values, pa.string()),
        }  # fmt: skip

    def trait_changes(self) -> Iterator[tuple[int, int, int, str, str | None]]:
        """Each change of a trait: its number, whose, when it was received, the key, the value as JSON (none: it was taken away)."""
        traits = self.part.traits
        order = np.lexsort((traits["profile_id"].to_numpy(), traits["seq"].to_numpy()))
        ordered = traits.take(order)
        subjects = self.subjects(ordered).tolist()
        decode, encode = msgspec.json.Decoder().decode, msgspec.json.Encoder(order="sorted").encode
        before: dict[int, dict[str, str]] = {}
        n = 0
        for who, at, text in zip(subjects, ordered["known"].to_pylist(), ordered["traits"].to_pylist(), strict=True):
            told = flat(decode(text)) if text != "{}" else ()
            now = {
                key: encode(value).decode()
                for key, value in told
                if value is not None and (self.keys is None or key in self.keys)
            }
            had = before.get(who, {})
            for key, value in now.items():
                if had.get(key) != value:
                    yield n, who, at, key, value
                    n += 1
            for key in had.keys() - now.keys():
                yield n, who, at, key, None
                n += 1
            before[who] = now

    def as_lists(self) -> EventColumns:
        """The same in the order of arrival, for choosing what to look at."""
        events = self.part.events
        order = np.lexsort((events["profile_id"].to_numpy(), events["seq"].to_numpy()))
        at, masks = events["at"].to_numpy()[order], self.masks[order]
        found = EventColumns(
            subject=self.subjects(events)[order].tolist(), at=at.tolist(),
            known=(at if self.told_later else events["known"].to_numpy()[order]).tolist(),
            name=events["name"].take(order).to_pylist(), target=(masks != 0).tolist(), mask=masks.tolist(),
            value=[0.0] * len(at), properties=events["properties"].take(order).to_pylist(),
        )  # fmt: skip
        for _, who, known, key, value in self.trait_changes():
            found.trait_subject.append(who)
            found.trait_at.append(known)
            found.trait_known.append(known)
            found.trait_key.append(key)
            found.trait_value.append(value)
        return found


def are_told_later(part: Part) -> bool:
    """Whether most events were received long after they happened, as when a past is imported in one go."""
    late = part.events["known"].to_numpy() - part.events["at"].to_numpy() > LATE
    return bool(late.mean() > MOSTLY) if len(late) else False


def _texts_of(traits: pa.ChunkedArray, keys: Sequence[str]) -> Iterator[tuple[str, pa.ChunkedArray]]:
    """By key, what each state has under it, as JSON; nothing where that is an object, whose own keys count."""
    pulled = pulling([Property(None, key, "word") for key in keys], ())
    if not pulled.columns:
        return
    inside = ", ".join(["target", "properties", *pulled.reading])
    statement = f"SELECT {', '.join(pulled.columns)} FROM (SELECT {inside} FROM states)"  # noqa: S608 - terms of our own
    with Scratch() as scratch:
        told = scratch.table(statement, states={"target": np.ones(len(traits), bool), "properties": traits})
    for i, key in enumerate(keys):
        texts = told[f"p{i}"]
        yield key, pc.if_else(pc.starts_with(texts, "{"), None, texts)
