-- facts: What is looked at in the properties of events, in their order. {read} reads texts, {pulled} takes properties out.
SELECT {pulled} FROM (SELECT code, target, properties{read} FROM events);

-- traits: One row a person with traits, each as it stood at the cut-off.
SELECT person, {terms} FROM (
    SELECT {person} AS person, f.row, f.key, f.value FROM traits AS f {whose} WHERE f."at" < {cutoff} AND f.known < {cutoff}
) GROUP BY person ORDER BY person;
