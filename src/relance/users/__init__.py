"""Who signs in: users with their roles, passwords, sessions, and links that let somebody in once.

Owns the tables `users`, `sessions` and `sign_in_links`. What a role may is told in the scopes of API keys (`ingest/scopes.py`), so that
each route asks for one thing, whoever comes. Called by `api` for what comes with a session's cookie, and by `relance user`.
"""

from relance.users.desk import UserDesk
from relance.users.model import ROLES, SignedIn

__all__ = ["ROLES", "SignedIn", "UserDesk"]
