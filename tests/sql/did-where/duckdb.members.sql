SELECT
  "t3"."profile_id"
FROM (
  SELECT
    "t2"."profile_id",
    COUNT(*) AS "scan0_n0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."profile_id",
        "t0"."name",
        "t0"."properties",
        "t0"."machine",
        "t0"."at" AS "event_at",
        "t0"."seq" AS "event_seq"
      FROM "events" AS "t0"
      WHERE
        "t0"."name" IN ('Order Completed')
        AND "t0"."at" <= 8000000000000000001
        AND "t0"."at" >= 1772323200000000
    ) AS "t1"
    WHERE
      CASE
        WHEN "t1"."name" = 'Order Completed'
        THEN COALESCE(
          CASE
            WHEN CONTAINS("t1"."properties", '[')
            THEN CASE
              WHEN STARTS_WITH(VALUE_KEY("t1"."properties", 'total'), '[')
              THEN ARRAY_LENGTH(
                LIST_FILTER(
                  VALUE_ITEMS(VALUE_KEY("t1"."properties", 'total')),
                  LAMBDA __ibis_param_value__ : VALUE_NUMBER(__ibis_param_value__) > 50.0
                )
              ) > 0
              ELSE VALUE_NUMBER(VALUE_KEY("t1"."properties", 'total')) > 50.0
            END
            ELSE VALUE_NUMBER(VALUE_KEY("t1"."properties", 'total')) > 50.0
          END,
          FALSE
        )
        ELSE FALSE
      END
  ) AS "t2"
  GROUP BY
    1
) AS "t3"
WHERE
  COALESCE("t3"."scan0_n0", 0) >= 1
