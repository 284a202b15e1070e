-- Who is in the segments that some journey waits for, as it was last told by `Segment Entered` and `Segment Left`.

-- The segments that are watched. body: what their membership depends on; with another one they are another segment.
CREATE TABLE watched_segments (
    segment TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE segment_members (
    profile_id BIGINT NOT NULL,
    segment TEXT NOT NULL,
    since_at BIGINT NOT NULL,
    PRIMARY KEY (profile_id, segment)
) {{clustered}};

-- When the passing of time alone may change the membership of somebody next.
CREATE TABLE segment_edges (
    profile_id {{key}},
    at BIGINT NOT NULL
);
CREATE INDEX segment_edges_at ON segment_edges (at);
