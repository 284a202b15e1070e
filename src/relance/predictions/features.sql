-- facts: Events with what is looked at in their properties, by person and time. {names} numbers the names, {columns} takes the properties out.
CREATE OR REPLACE TABLE facts AS
SELECT subject, "at", known, {names} AS code, target, mask, CAST(value AS DECIMAL(18, 4)) AS value{columns}
FROM events ORDER BY subject, "at", row;

-- events_done: Facts were made of them.
DROP TABLE events;

-- seen: What had happened and was known before the cut-off, of the people as they were known then.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT {person} AS person, f.* FROM facts AS f {whose} WHERE f."at" < {cutoff} AND f.known < {cutoff};

-- sums: One row a person with events: counts, recency, sums, distinct values.
SELECT person, {terms} FROM seen GROUP BY person ORDER BY person;

-- rhythm: One row a person with occasions of {what}: a day (or hour) on which it happened at least once.
WITH occasions AS (SELECT DISTINCT person, "at" // {grain} AS d FROM seen WHERE {what}),
gaps AS (
    SELECT person, d, d - lag(d) OVER w AS gap, row_number() OVER (PARTITION BY person ORDER BY d DESC) AS back
    FROM occasions WINDOW w AS (PARTITION BY person ORDER BY d)
)
SELECT person, count(*) AS occasions, min(d) AS first_d, max(d) AS last_d, sum(gap) AS gap_sum, sum(gap * gap) AS gap_squares,
    max(gap) AS gap_max, min(gap) AS gap_min, max(gap) FILTER (back = 1) AS gap_last, max(gap) FILTER (back = 2) AS gap_before,
    median(gap) AS gap_median{seasons}
FROM gaps GROUP BY person ORDER BY person;

-- traits: One row a person with traits, each as it stood at the cut-off.
SELECT person, {terms} FROM (
    SELECT {person} AS person, f.row, f.key, f.value FROM traits AS f {whose} WHERE f."at" < {cutoff} AND f.known < {cutoff}
) GROUP BY person ORDER BY person;

-- known_people: Everybody who was known before the cut-off, in order.
SELECT DISTINCT {person} AS person FROM people AS f {whose} WHERE f.first_at < {cutoff} ORDER BY person;

-- outcomes: Who did it in the window from the cut-off on, as the person known in the end, with what it was worth.
SELECT {final} AS person, count(*) AS n, bit_or(mask) AS mask, sum(value) AS value FROM facts AS f {whose}
WHERE f.target AND f."at" >= {cutoff} AND f."at" < {until} GROUP BY 1 ORDER BY 1;
