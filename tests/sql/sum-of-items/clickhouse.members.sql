SELECT
  "t3"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t2"."profile_id" AS "profile_id",
    COALESCE(SUM(value_millionths("t2"."value")), toDecimal128(0, 0)) >= toDecimal128(100000000, 0) AS "figure0_yes"
  FROM (
    SELECT
      "t1"."profile_id" AS "profile_id",
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
                [value_key("t1"."properties", 'products')]
              )
            )
          )
        )
      ) AS "value"
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
        AND "t0"."at" > (
          8000000000000000001 - 2592000000000
        )
        AND "t0"."name" = 'Order Completed'
    ) AS "t1"
  ) AS "t2"
  GROUP BY
    "t2"."profile_id"
) AS "t3"
WHERE
  COALESCE("t3"."figure0_yes", FALSE)
