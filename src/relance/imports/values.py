"""Converters: what a cell holds → the value an event carries.

A converter takes the text of a CSV cell, or the value a JSON or Parquet file already has, and answers a JSON value or
None. It raises `ValueError` with a sentence that tells what is wrong.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from relance.imports.instants import compile_native_instant, compile_text_instant, utc_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from relance.imports.mapping import Column

    Converter = Callable[[Any], Any]

INT64 = 1 << 63
SAFE_INTEGER = 1 << 53

_TRUTHS = {
    "true": True, "t": True, "yes": True, "y": True, "1": True,
    "false": False, "f": False, "no": False, "n": False, "0": False,
}  # fmt: skip


def compile_converter(column: Column) -> Converter:
    """The converter of a column."""
    from_text = _FROM_TEXT[column.type](column)
    null = column.null
    if column.type == "text":
        only = next(iter(null)) if len(null) == 1 else None

        def text(cell: Any) -> Any:
            if type(cell) is str:
                return None if cell == only or cell in null else cell
            return _native_text(cell)

        return text
    from_native = _FROM_NATIVE[column.type](column)

    def convert(cell: Any) -> Any:
        if type(cell) is str:
            return None if cell in null else from_text(cell)
        return None if cell is None else from_native(cell)

    return convert


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…{text[-1]}"


def _native_text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date):
        return utc_instant(cell)
    if isinstance(cell, bytes):
        return cell.decode()  # UnicodeDecodeError is a ValueError
    if isinstance(cell, list | dict):
        return msgspec.json.encode(cell).decode()
    return str(cell)


# ---------------------------------------------------------------------------------------------------------- numbers
def _plain_number(column: Column) -> Callable[[str], str]:
    """What makes `1.234,50` into `1234.50`."""
    decimal, thousands = column.decimal, column.thousands

    def plain(text: str) -> str:
        if "_" in text:  # Python reads 1_000, and nobody else
            raise ValueError
        if thousands:
            text = text.replace(thousands, "")
        return text.replace(decimal, ".") if decimal != "." else text

    return plain


def _number(column: Column) -> Converter:
    plain = _plain_number(column)
    is_plain = column.decimal == "." and not column.thousands

    def convert(text: str) -> int | float:
        try:
            return _sound_number(float(text if is_plain and "_" not in text else plain(text)))
        except ValueError:
            msg = f"{_shown(text)} is no number"
            raise ValueError(msg) from None

    return convert


def _sound_number(value: float) -> int | float:
    if not math.isfinite(value):
        raise ValueError
    return int(value) if value.is_integer() and abs(value) < SAFE_INTEGER else value


def _native_number(_: Column) -> Converter:
    def convert(cell: Any) -> int | float:
        if type(cell) is int and abs(cell) < INT64:
            return cell
        if isinstance(cell, float | Decimal) and math.isfinite(cell):
            return _sound_number(float(cell))
        msg = f"{_shown(cell)} is no number"
        raise ValueError(msg)

    return convert


def _integer(column: Column) -> Converter:
    plain = _plain_number(column)

    def convert(text: str) -> int:
        if len(text) < 19 and text.isdecimal():
            return int(text)
        try:
            return _small_integer(int(plain(text)))
        except ValueError:
            return _whole(text, plain)

    return convert


def _whole(text: str, plain: Callable[[str], str]) -> int:
    """`12.0`, as spreadsheets and data frames write an integer, is one."""
    try:
        value = float(plain(text))
        if value.is_integer():
            return _small_integer(int(value))
    except (ValueError, OverflowError):
        pass
    msg = f"{_shown(text)} is no integer" if len(text) < 19 else f"{_shown(text)} is no integer of 64 bits"
    raise ValueError(msg)


def _small_integer(value: int) -> int:
    if not -INT64 <= value < INT64:
        raise ValueError
    return value


def _native_integer(_: Column) -> Converter:
    def convert(cell: Any) -> int:
        if type(cell) is int and -INT64 <= cell < INT64:
            return cell
        if isinstance(cell, float | Decimal) and math.isfinite(cell) and cell == int(cell):
            return int(cell)
        msg = f"{_shown(cell)} is no integer"
        raise ValueError(msg)

    return convert


# ----------------------------------------------------------------------------------------------------- truth, JSON
def _boolean(_: Column) -> Converter:
    def convert(text: str) -> bool:
        truth = _TRUTHS.get(text.strip().lower())
        if truth is None:
            msg = f"{_shown(text)} is neither true nor false"
            raise ValueError(msg)
        return truth

    return convert


def _native_boolean(_: Column) -> Converter:
    def convert(cell: Any) -> bool:
        if isinstance(cell, bool | int | float | Decimal) and cell in {0, 1}:
            return bool(cell)
        msg = f"{_shown(cell)} is neither true nor false"
        raise ValueError(msg)

    return convert


def _json(_: Column) -> Converter:
    def convert(text: str) -> Any:
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as e:
            msg = f"{_shown(text)} is not JSON: {e}"
            raise ValueError(msg) from None

    return convert


def _native_json(_: Column) -> Converter:
    return to_json


def to_json(cell: Any) -> Any:
    """A value of a JSON or Parquet file as JSON has it."""
    if isinstance(cell, str | bool | int) or cell is None:
        return cell
    if isinstance(cell, float | Decimal):
        return _sound_number(float(cell)) if math.isfinite(cell) else None
    if isinstance(cell, datetime | date):
        return utc_instant(cell)
    if isinstance(cell, dict):
        return {str(k): to_json(v) for k, v in cell.items()}
    if isinstance(cell, list | tuple):
        return [to_json(v) for v in cell]
    return _native_text(cell)


_FROM_TEXT: dict[str, Callable[[Column], Converter]] = {
    "text": lambda _: str, "number": _number, "integer": _integer, "boolean": _boolean, "datetime": lambda column: compile_text_instant(column, _shown), "json": _json,
}  # fmt: skip
_FROM_NATIVE: dict[str, Callable[[Column], Converter]] = {
    "number": _native_number, "integer": _native_integer, "boolean": _native_boolean, "datetime": lambda column: compile_native_instant(column, _shown),
    "json": _native_json,
}  # fmt: skip
