SELECT
  "t9"."profile_id"
FROM (
  SELECT
    "t4"."profile_id",
    "t8"."scan0_key",
    "t8"."scan0_n0"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t6"."profile_id" AS "scan0_key",
      "t6"."scan0_n0"
    FROM (
      SELECT
        "t5"."profile_id",
        COUNT(*) AS "scan0_n0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t1"."profile_id",
            "t1"."name",
            "t1"."properties",
            "t1"."machine",
            "t1"."at" AS "event_at",
            "t1"."seq" AS "event_seq"
          FROM "events" AS "t1"
          WHERE
            "t1"."name" IN ('Order Completed')
            AND "t1"."at" <= 8000000000000000001
            AND "t1"."at" >= 1772323200000000
        ) AS "t3"
        WHERE
          CASE
            WHEN "t3"."name" = 'Order Completed'
            THEN COALESCE(
              CASE
                WHEN CONTAINS("t3"."properties", '[')
                THEN CASE
                  WHEN STARTS_WITH(VALUE_KEY("t3"."properties", 'total'), '[')
                  THEN ARRAY_LENGTH(
                    LIST_FILTER(
                      VALUE_ITEMS(VALUE_KEY("t3"."properties", 'total')),
                      LAMBDA __ibis_param_value__ : VALUE_NUMBER(__ibis_param_value__) > 50.0
                    )
                  ) > 0
                  ELSE VALUE_NUMBER(VALUE_KEY("t3"."properties", 'total')) > 50.0
                END
                ELSE VALUE_NUMBER(VALUE_KEY("t3"."properties", 'total')) > 50.0
              END,
              FALSE
            )
            ELSE FALSE
          END
      ) AS "t5"
      GROUP BY
        1
    ) AS "t6"
  ) AS "t8"
    ON "t4"."profile_id" = "t8"."scan0_key"
) AS "t9"
WHERE
  COALESCE("t9"."scan0_n0", 0) >= 1
