SELECT
  "t3"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t2"."profile_id" AS "profile_id",
    COUNT(*) AS "scan0_n0"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t0"."profile_id" AS "profile_id",
        "t0"."name" AS "name",
        "t0"."properties" AS "properties",
        "t0"."machine" AS "machine",
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
            WHEN position("t1"."properties", '[') > 0
            THEN CASE
              WHEN startsWith(value_key("t1"."properties", 'total'), '[')
              THEN length(
                arrayFilter(
                  __ibis_param_value__ -> value_number(__ibis_param_value__) > 50.0,
                  value_items(value_key("t1"."properties", 'total'))
                )
              ) > 0
              ELSE value_number(value_key("t1"."properties", 'total')) > 50.0
            END
            ELSE value_number(value_key("t1"."properties", 'total')) > 50.0
          END,
          FALSE
        )
        ELSE FALSE
      END
  ) AS "t2"
  GROUP BY
    "t2"."profile_id"
) AS "t3"
WHERE
  COALESCE("t3"."scan0_n0", 0) >= 1
