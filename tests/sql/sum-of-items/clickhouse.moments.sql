SELECT
  "t13"."moment" AS "moment"
FROM (
  SELECT
    "t2"."moment" AS "moment",
    "t2"."profile_id" AS "profile_id",
    "t2"."at" AS "at",
    "t2"."seq" AS "seq",
    "t12"."figure0_key" AS "figure0_key",
    "t12"."figure0_yes" AS "figure0_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t10"."moment" AS "figure0_key",
      "t10"."figure0_yes" AS "figure0_yes"
    FROM (
      SELECT
        "t9"."moment" AS "moment",
        COALESCE(SUM(value_millionths("t9"."value")), toDecimal128(0, 0)) >= toDecimal128(100000000, 0) AS "figure0_yes"
      FROM (
        SELECT
          "t8"."moment" AS "moment",
          arrayJoin(
            arrayFilter(
              __ibis_param_value__ -> NOT (
                __ibis_param_value__ IN ('', 'null')
              ),
              arrayFlatten(
                arrayMap(
                  __ibis_param_value__ -> CASE
                    WHEN startsWith(__ibis_param_value__, '[')
                    THEN arrayMap(
                      __ibis_param_item__ -> value_key(__ibis_param_item__, 'price'),
                      arrayFilter(
                        __ibis_param_item__ -> startsWith(__ibis_param_item__, '{'),
                        value_items(__ibis_param_value__)
                      )
                    )
                    ELSE [value_key(__ibis_param_value__, 'price')]
                  END,
                  arrayFilter(
                    __ibis_param_value__ -> NOT (
                      __ibis_param_value__ IN ('', 'null')
                    ),
                    [value_key("t8"."properties", 'products')]
                  )
                )
              )
            )
          ) AS "value"
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
                    AND "t1"."at" > (
                      8000000000000000007 - 2592000000000
                    )
                ) AS "t4"
                  ON "t2"."profile_id" = "t4"."owner"
              ) AS "t5"
              WHERE
                "t5"."event_at" <= "t5"."at"
                AND "t5"."event_seq" <= "t5"."seq"
                AND "t5"."event_at" > (
                  "t5"."at" - 2592000000000
                )
            ) AS "t6"
          ) AS "t7"
          WHERE
            "t7"."name" = 'Order Completed'
        ) AS "t8"
      ) AS "t9"
      GROUP BY
        "t9"."moment"
    ) AS "t10"
  ) AS "t12"
    ON "t2"."moment" = "t12"."figure0_key"
) AS "t13"
WHERE
  COALESCE("t13"."figure0_yes", FALSE)
