-- What the warehouse was told of passages and messages, because some condition asks about them.

-- The journeys and campaigns that conditions ask about, and whose past was told. kind: journey, message.
CREATE TABLE told_sources (
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (kind, source)
) {{clustered}};

-- Up to which visit the way of a passage was told, and whether its end was.
CREATE TABLE told_passages (
    enrollment_id {{key}},
    visit BIGINT NOT NULL,
    ended BIGINT NOT NULL
);

-- Messages whose outcome was told.
CREATE TABLE told_messages (
    message_id {{key}}
);
