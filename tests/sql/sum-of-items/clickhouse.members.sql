SELECT
  "t10"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t4"."profile_id" AS "profile_id",
    "t9"."figure0_key" AS "figure0_key",
    "t9"."figure0_yes" AS "figure0_yes"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t4"
  LEFT OUTER JOIN (
    SELECT
      "t7"."profile_id" AS "figure0_key",
      "t7"."figure0_yes" AS "figure0_yes"
    FROM (
      SELECT
        "t6"."profile_id" AS "profile_id",
        COALESCE(SUM(value_millionths("t6"."value")), toDecimal128(0, 0)) >= toDecimal128(100000000, 0) AS "figure0_yes"
      FROM (
        SELECT
          *
        FROM (
          SELECT
            "t3"."profile_id" AS "profile_id",
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
                      [value_key("t3"."properties", 'products')]
                    )
                  )
                )
              )
            ) AS "value"
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
              AND "t1"."at" > (
                8000000000000000001 - 2592000000000
              )
              AND "t1"."name" = 'Order Completed'
          ) AS "t3"
        ) AS "t5"
        WHERE
          NOT (
            "t5"."value" IN ('', 'null')
          )
      ) AS "t6"
      GROUP BY
        "t6"."profile_id"
    ) AS "t7"
  ) AS "t9"
    ON "t4"."profile_id" = "t9"."figure0_key"
) AS "t10"
WHERE
  COALESCE("t10"."figure0_yes", FALSE)
