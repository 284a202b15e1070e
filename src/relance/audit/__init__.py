"""Who did what: an entry for every act of management that changed something.

Owns `audit_entries`. Written by whoever performs the act, in the act's own transaction, so that neither is there without the
other; read by the management interface and the command line.
"""

from relance.audit.entries import Entry, list_entries, record

__all__ = ["Entry", "list_entries", "record"]
