-- users: all of them, by their address.
SELECT user_id, email, name, role, password <> '', created_at, signed_in_at FROM users ORDER BY email;

-- user: one of them.
SELECT user_id, email, name, role, password <> '', created_at, signed_in_at FROM users WHERE user_id = :user_id;

-- user_by_email: one of them, with the password.
SELECT user_id, password FROM users WHERE email = :email;

-- password: what is kept of a user's password.
SELECT password FROM users WHERE user_id = :user_id;

-- any_user: whether anybody can sign in.
SELECT 1 FROM users LIMIT 1;

-- other_admins: how many admins there are besides one user.
SELECT count(*) FROM users WHERE role = 'admin' AND user_id <> :user_id;

-- add_user: somebody who may sign in.
INSERT INTO users (email, name, role, password, created_at) VALUES (:email, :name, :role, '', :now)
ON CONFLICT (email) DO NOTHING
RETURNING user_id;

-- update_user: their name and role.
UPDATE users SET name = :name, role = :role WHERE user_id = :user_id;

-- set_password: what is kept of it.
UPDATE users SET password = :password WHERE user_id = :user_id;

-- note_sign_in: when somebody came last.
UPDATE users SET signed_in_at = :now WHERE user_id = :user_id;

-- remove_user: they may sign in no more.
DELETE FROM users WHERE user_id = :user_id;

-- add_session: somebody signed in.
INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (:token_hash, :user_id, :now, :expires_at);

-- session: whose it is, and what they may.
SELECT s.token_hash, s.session_id, u.user_id, u.email, u.name, u.role, s.expires_at
FROM sessions s JOIN users u ON u.user_id = s.user_id
WHERE s.token_hash = :key_hash;

-- end_session: signed out.
DELETE FROM sessions WHERE session_id = :session_id;

-- end_sessions: signed out everywhere, but for one session.
DELETE FROM sessions WHERE user_id = :user_id AND session_id <> :kept;

-- prune_sessions: forget those that have expired.
DELETE FROM sessions WHERE expires_at <= :now;

-- add_link: a link that lets somebody in once.
INSERT INTO sign_in_links (token_hash, purpose, user_id, created_at, expires_at)
VALUES (:token_hash, :purpose, :user_id, :now, :expires_at);

-- link: what it is for.
SELECT l.token_hash, l.purpose, l.user_id, u.email, u.name
FROM sign_in_links l LEFT JOIN users u ON u.user_id = l.user_id
WHERE l.token_hash = :token_hash AND l.expires_at > :now AND (l.user_id = 0 OR u.user_id IS NOT NULL);

-- drop_links: those of a user, and all that have expired.
DELETE FROM sign_in_links WHERE user_id = :user_id OR expires_at <= :now;
