SELECT
  "t12"."profile_id"
FROM (
  SELECT
    "t4"."profile_id",
    "t11"."figure0_key",
    "t11"."figure0_yes"
  FROM (
    SELECT
      "t0"."profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  LEFT OUTER JOIN (
    SELECT
      "t9"."profile_id" AS "figure0_key",
      "t9"."figure0_yes"
    FROM (
      SELECT
        "t8"."profile_id",
        COALESCE(VALUE_TEXT("t8"."value") = 'EUR', FALSE) AS "figure0_yes"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t6"."profile_id",
            "t6"."event_at",
            "t6"."event_seq",
            "t6"."value",
            ROW_NUMBER() OVER (
              PARTITION BY "t6"."profile_id"
              ORDER BY "t6"."event_at" DESC, "t6"."event_seq" DESC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) - 1 AS "place"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t3"."profile_id",
                "t3"."event_at",
                "t3"."event_seq",
                VALUE_KEY("t3"."properties", 'currency') AS "value"
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
                  AND "t1"."name" = 'Order Completed'
              ) AS "t3"
            ) AS "t5"
            WHERE
              COALESCE(NOT (
                "t5"."value" IN ('', 'null')
              ), FALSE)
          ) AS "t6"
        ) AS "t7"
        WHERE
          "t7"."place" = 0
      ) AS "t8"
    ) AS "t9"
  ) AS "t11"
    ON "t4"."profile_id" = "t11"."figure0_key"
) AS "t12"
WHERE
  COALESCE("t12"."figure0_yes", FALSE)
