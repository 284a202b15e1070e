SELECT
  "t5"."profile_id"
FROM (
  SELECT
    "t4"."profile_id",
    COALESCE(VALUE_TEXT("t4"."value") = 'EUR', FALSE) AS "figure0_yes"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t2"."profile_id",
        "t2"."event_at",
        "t2"."event_seq",
        "t2"."value",
        ROW_NUMBER() OVER (
          PARTITION BY "t2"."profile_id"
          ORDER BY NOT (
            COALESCE(NOT (
              "t2"."value" IN ('', 'null')
            ), FALSE)
          ) ASC, "t2"."event_at" DESC, "t2"."event_seq" DESC
          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        ) - 1 AS "place"
      FROM (
        SELECT
          "t1"."profile_id",
          "t1"."event_at",
          "t1"."event_seq",
          VALUE_KEY("t1"."properties", 'currency') AS "value"
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
            AND "t0"."name" = 'Order Completed'
        ) AS "t1"
      ) AS "t2"
    ) AS "t3"
    WHERE
      "t3"."place" = 0 AND COALESCE(NOT (
        "t3"."value" IN ('', 'null')
      ), FALSE)
  ) AS "t4"
) AS "t5"
WHERE
  COALESCE("t5"."figure0_yes", FALSE)
