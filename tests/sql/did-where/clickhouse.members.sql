SELECT
  "t9"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t4"."profile_id" AS "profile_id",
    "t8"."scan0_key" AS "scan0_key",
    "t8"."scan0_n0" AS "scan0_n0"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  INNER JOIN (
    SELECT
      "t6"."profile_id" AS "scan0_key",
      "t6"."scan0_n0" AS "scan0_n0"
    FROM (
      SELECT
        "t5"."profile_id" AS "profile_id",
        COUNT(*) AS "scan0_n0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t1"."profile_id" AS "profile_id",
            "t1"."name" AS "name",
            "t1"."properties" AS "properties",
            "t1"."machine" AS "machine",
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
                WHEN position("t3"."properties", '[') > 0
                THEN CASE
                  WHEN startsWith(value_key("t3"."properties", 'total'), '[')
                  THEN length(
                    arrayFilter(
                      __ibis_param_value__ -> value_number(__ibis_param_value__) > 50.0,
                      value_items(value_key("t3"."properties", 'total'))
                    )
                  ) > 0
                  ELSE value_number(value_key("t3"."properties", 'total')) > 50.0
                END
                ELSE value_number(value_key("t3"."properties", 'total')) > 50.0
              END,
              FALSE
            )
            ELSE FALSE
          END
      ) AS "t5"
      GROUP BY
        "t5"."profile_id"
    ) AS "t6"
  ) AS "t8"
    ON "t4"."profile_id" = "t8"."scan0_key"
) AS "t9"
WHERE
  COALESCE("t9"."scan0_n0", 0) >= 1
