"""How a message leaves: one port (`base`), one file for each way behind it.

Owns no table. Called by `outbox.drain` alone; knows nothing of people, journeys or stores. `async` lives here and in
`api/` only.
"""

from relance.channels.base import Channel, OutboundMessage, Receipt
from relance.channels.recording import RecordingChannel

__all__ = ["Channel", "OutboundMessage", "Receipt", "RecordingChannel"]
