SELECT
  "t12"."moment"
FROM (
  SELECT
    "t2"."moment",
    "t2"."profile_id",
    "t2"."at",
    "t2"."seq",
    "t11"."scan0_key",
    "t11"."scan0_n0"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t9"."moment" AS "scan0_key",
      "t9"."scan0_n0"
    FROM (
      SELECT
        "t8"."moment",
        COUNT(*) AS "scan0_n0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t6".*
            EXCLUDE ("owner")
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t2"."moment",
                "t2"."profile_id",
                "t2"."at",
                "t2"."seq",
                "t4"."name",
                "t4"."properties",
                "t4"."machine",
                "t4"."owner",
                "t4"."event_at",
                "t4"."event_seq"
              FROM "moments" AS "t2"
              INNER JOIN (
                SELECT
                  "t1"."name",
                  "t1"."properties",
                  "t1"."machine",
                  "t1"."profile_id" AS "owner",
                  "t1"."at" AS "event_at",
                  "t1"."seq" AS "event_seq"
                FROM "events" AS "t1"
                WHERE
                  "t1"."name" IN ('Order Completed')
                  AND "t1"."at" <= 8000000000000000009
                  AND "t1"."at" >= 1772323200000000
              ) AS "t4"
                ON "t2"."profile_id" = "t4"."owner"
            ) AS "t5"
            WHERE
              "t5"."event_at" <= "t5"."at" AND "t5"."event_seq" <= "t5"."seq"
          ) AS "t6"
        ) AS "t7"
        WHERE
          CASE
            WHEN "t7"."name" = 'Order Completed'
            THEN COALESCE(
              CASE
                WHEN CONTAINS("t7"."properties", '[')
                THEN CASE
                  WHEN STARTS_WITH(VALUE_KEY("t7"."properties", 'total'), '[')
                  THEN ARRAY_LENGTH(
                    LIST_FILTER(
                      VALUE_ITEMS(VALUE_KEY("t7"."properties", 'total')),
                      LAMBDA __ibis_param_value__ : VALUE_NUMBER(__ibis_param_value__) > 50.0
                    )
                  ) > 0
                  ELSE VALUE_NUMBER(VALUE_KEY("t7"."properties", 'total')) > 50.0
                END
                ELSE VALUE_NUMBER(VALUE_KEY("t7"."properties", 'total')) > 50.0
              END,
              FALSE
            )
            ELSE FALSE
          END
      ) AS "t8"
      GROUP BY
        1
    ) AS "t9"
  ) AS "t11"
    ON "t2"."moment" = "t11"."scan0_key"
) AS "t12"
WHERE
  COALESCE("t12"."scan0_n0", 0) >= 1
