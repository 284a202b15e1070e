-- People who sign in to the web app, their sessions, and the links that let somebody in once.

-- email: in small letters. password: of users/passwords.py; '' until one is chosen.
CREATE TABLE users (
    user_id {{id}},
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT
);

CREATE TABLE sessions (
    session_id {{id}},
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

-- purpose: start (makes the first user, user_id 0), password (of the user), enter (signs the user in at once).
CREATE TABLE sign_in_links (
    token_hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_links_user ON sign_in_links (user_id);
