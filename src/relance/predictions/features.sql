-- facts: What is looked at in the events, in their order. {names} numbers the names, {read} reads texts, {pulled} takes properties out.
SELECT CAST({names} AS BIGINT) AS code{pulled} FROM (SELECT name, target, properties{read} FROM events);

-- events_done: Facts were made of them.
DROP TABLE events;

-- traits: One row a person with traits, each as it stood at the cut-off.
SELECT person, {terms} FROM (
    SELECT {person} AS person, f.row, f.key, f.value FROM traits AS f {whose} WHERE f."at" < {cutoff} AND f.known < {cutoff}
) GROUP BY person ORDER BY person;
