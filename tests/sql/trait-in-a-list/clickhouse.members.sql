SELECT
  "t2"."profile_id" AS "profile_id"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id",
      "t0"."traits" AS "traits",
      "t0"."user_id" AS "user_id",
      "t0"."email" AS "email",
      "t0"."email_valid" AS "email_valid",
      "t0"."phone" AS "phone",
      "t0"."phone_valid" AS "phone_valid",
      "t0"."push_token" AS "push_token",
      COALESCE("t0"."timezone", 'UTC') AS "zone"
    FROM "profile_now" AS "t0"
  ) AS "t1"
  WHERE
    COALESCE(
      CASE
        WHEN position("t1"."traits", '[') > 0
        THEN CASE
          WHEN COALESCE(startsWith(value_key("t1"."traits", 'address'), '['), FALSE)
          THEN length(
            arrayFilter(
              __ibis_param_value__ -> CASE
                WHEN startsWith(__ibis_param_value__, '[')
                THEN length(
                  arrayFilter(
                    __ibis_param_value__ -> COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                    OR COALESCE(COALESCE(value_text(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                    OR COALESCE(COALESCE(value_number(__ibis_param_value__) IN (3.0), FALSE), FALSE),
                    value_items(__ibis_param_value__)
                  )
                ) > 0
                ELSE COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(value_text(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(value_number(__ibis_param_value__) IN (3.0), FALSE), FALSE)
              END,
              arrayFilter(
                __ibis_param_value__ -> NOT (
                  __ibis_param_value__ IN ('', 'null')
                ),
                arrayFlatten(
                  arrayMap(
                    __ibis_param_value__ -> CASE
                      WHEN startsWith(__ibis_param_value__, '[')
                      THEN arrayMap(
                        __ibis_param_item__ -> value_key(__ibis_param_item__, 'city'),
                        arrayFilter(
                          __ibis_param_item__ -> startsWith(__ibis_param_item__, '{'),
                          value_items(__ibis_param_value__)
                        )
                      )
                      ELSE [value_key(__ibis_param_value__, 'city')]
                    END,
                    arrayFilter(
                      __ibis_param_value__ -> NOT (
                        __ibis_param_value__ IN ('', 'null')
                      ),
                      [value_key("t1"."traits", 'address')]
                    )
                  )
                )
              )
            )
          ) > 0
          ELSE CASE
            WHEN startsWith(value_key(value_key("t1"."traits", 'address'), 'city'), '[')
            THEN length(
              arrayFilter(
                __ibis_param_value__ -> COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(value_text(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(value_number(__ibis_param_value__) IN (3.0), FALSE), FALSE),
                value_items(value_key(value_key("t1"."traits", 'address'), 'city'))
              )
            ) > 0
            ELSE COALESCE(value_key(value_key("t1"."traits", 'address'), 'city') IN ('"Atlanta"'), FALSE)
            OR COALESCE(
              COALESCE(
                value_text(value_key(value_key("t1"."traits", 'address'), 'city')) IN ('Orléans'),
                FALSE
              ),
              FALSE
            )
            OR COALESCE(
              COALESCE(
                value_number(value_key(value_key("t1"."traits", 'address'), 'city')) IN (3.0),
                FALSE
              ),
              FALSE
            )
          END
        END
        ELSE COALESCE(value_inside("t1"."traits", 'address', 'city') IN ('"Atlanta"'), FALSE)
        OR COALESCE(
          COALESCE(value_text(value_inside("t1"."traits", 'address', 'city')) IN ('Orléans'), FALSE),
          FALSE
        )
        OR COALESCE(
          COALESCE(value_number(value_inside("t1"."traits", 'address', 'city')) IN (3.0), FALSE),
          FALSE
        )
      END,
      FALSE
    )
) AS "t2"
