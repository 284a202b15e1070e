SELECT
  "t12"."moment" AS "moment"
FROM (
  SELECT
    "t2"."moment" AS "moment",
    "t2"."profile_id" AS "profile_id",
    "t2"."at" AS "at",
    "t2"."seq" AS "seq",
    "t11"."scan0_key" AS "scan0_key",
    "t11"."scan0_n0" AS "scan0_n0"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t9"."moment" AS "scan0_key",
      "t9"."scan0_n0" AS "scan0_n0"
    FROM (
      SELECT
        "t8"."moment" AS "moment",
        COUNT(*) AS "scan0_n0"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t6".*
            EXCEPT ("owner")
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t2"."moment" AS "moment",
                "t2"."profile_id" AS "profile_id",
                "t2"."at" AS "at",
                "t2"."seq" AS "seq",
                "t4"."name" AS "name",
                "t4"."properties" AS "properties",
                "t4"."machine" AS "machine",
                "t4"."owner" AS "owner",
                "t4"."event_at" AS "event_at",
                "t4"."event_seq" AS "event_seq"
              FROM "moments" AS "t2"
              INNER JOIN (
                SELECT
                  "t1"."name" AS "name",
                  "t1"."properties" AS "properties",
                  "t1"."machine" AS "machine",
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
                WHEN position("t7"."properties", '[') > 0
                THEN CASE
                  WHEN startsWith(value_key("t7"."properties", 'total'), '[')
                  THEN length(
                    arrayFilter(
                      __ibis_param_value__ -> value_number(__ibis_param_value__) > 50.0,
                      value_items(value_key("t7"."properties", 'total'))
                    )
                  ) > 0
                  ELSE value_number(value_key("t7"."properties", 'total')) > 50.0
                END
                ELSE value_number(value_key("t7"."properties", 'total')) > 50.0
              END,
              FALSE
            )
            ELSE FALSE
          END
      ) AS "t8"
      GROUP BY
        "t8"."moment"
    ) AS "t9"
  ) AS "t11"
    ON "t2"."moment" = "t11"."scan0_key"
) AS "t12"
WHERE
  COALESCE("t12"."scan0_n0", 0) >= 1
