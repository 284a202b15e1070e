"""The YAML language server that editors run, spoken to as an editor does."""

from __future__ import annotations

import itertools
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "tests" / "editor" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
MODELINE = "# yaml-language-server: $schema=relance.schema.json"
PATIENCE_SECONDS = 60
SETTINGS = {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}
CAPABILITIES = {"completion": {"completionItem": {"snippetSupport": True}}, "hover": {"contentFormat": ["markdown"]}}


class LanguageServer:
    """One that runs, and the files that are open in it; each begins with the line that names its schema."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process, self.folder = process, folder
        self.numbers = itertools.count(1)
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.complaints: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.ask("initialize", processId=None, rootUri=None, capabilities={"textDocument": CAPABILITIES})
        self.send(method="initialized", params={})
        self.send(method="workspace/didChangeConfiguration", params={"settings": {"yaml": SETTINGS}})

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self) -> None:
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(self.process.stdout.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.complaints.put(message["params"])
            elif "method" in message and "id" in message:
                items = message.get("params", {}).get("items", [])
                self.send(id=message["id"], result=[SETTINGS if item.get("section") == "yaml" else {} for item in items])
            elif "id" in message:
                self.answers.put(message)

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.send(id=number, method=method, params=params)
        while True:
            answer = self.answers.get(timeout=PATIENCE_SECONDS)
            if answer["id"] == number:
                return answer["result"]

    def open(self, text: str) -> str:
        uri = (self.folder / f"file{next(self.numbers)}.yaml").as_uri()
        whole = f"{MODELINE}\n{text}"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": whole}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        return uri

    def at(self, text: str) -> dict[str, Any]:
        """The place that `|` marks, in a file without it."""
        before, _, after = text.partition("|")
        uri = self.open(before + after)
        position = {"line": before.count("\n") + 1, "character": len(before) - before.rfind("\n") - 1}
        return {"textDocument": {"uri": uri}, "position": position}

    def completions(self, text: str) -> dict[str, str]:
        """What is offered at `|`: labels, and what is said of them."""
        found = self.ask("textDocument/completion", **self.at(text))
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: told(item.get("documentation")) for item in items}

    def hover(self, text: str) -> str:
        return told(self.ask("textDocument/hover", **self.at(text))["contents"])

    def complaints_about(self, text: str) -> list[tuple[int, str]]:
        """Line (from 1) and words of what is marked as wrong."""
        uri = self.open(text)
        while True:
            found = self.complaints.get(timeout=PATIENCE_SECONDS)
            if found["uri"] == uri:
                return [(one["range"]["start"]["line"], one["message"]) for one in found["diagnostics"]]


def told(documentation: Any) -> str:
    return documentation.get("value", "") if isinstance(documentation, dict) else documentation or ""


@contextmanager
def running(folder: Path) -> Iterator[LanguageServer]:
    """A language server; the schema stands in the folder as `relance.schema.json`."""
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))
    if node is None or not SERVER.exists():
        pytest.fail("the language server is missing: run `make test`, or tests/prepare.sh")
    command = [node, str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield LanguageServer(process, folder)
        finally:
            process.kill()
