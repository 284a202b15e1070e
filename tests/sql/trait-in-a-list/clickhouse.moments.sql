SELECT
  "t6"."moment" AS "moment"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t2"."moment" AS "moment",
      "t2"."profile_id" AS "profile_id",
      "t2"."at" AS "at",
      "t2"."seq" AS "seq",
      "t4"."traits" AS "traits",
      "t4"."user_id" AS "user_id",
      "t4"."email" AS "email",
      "t4"."email_valid" AS "email_valid",
      "t4"."phone" AS "phone",
      "t4"."phone_valid" AS "phone_valid",
      "t4"."push_token" AS "push_token",
      COALESCE("t4"."timezone", 'UTC') AS "zone"
    FROM "moments" AS "t2"
    LEFT OUTER JOIN (
      SELECT
        "t1"."traits" AS "traits",
        "t1"."user_id" AS "user_id",
        "t1"."email" AS "email",
        "t1"."email_valid" AS "email_valid",
        "t1"."phone" AS "phone",
        "t1"."phone_valid" AS "phone_valid",
        "t1"."push_token" AS "push_token",
        "t1"."timezone" AS "timezone",
        "t1"."profile_id" AS "state_profile_id",
        "t1"."seq" AS "state_seq",
        "t1"."until_seq" AS "state_until_seq"
      FROM "profile_history" AS "t1"
    ) AS "t4"
      ON "t2"."profile_id" = "t4"."state_profile_id"
      AND "t4"."state_seq" <= "t2"."seq"
      AND "t2"."seq" < "t4"."state_until_seq"
  ) AS "t5"
  WHERE
    COALESCE(
      CASE
        WHEN position("t5"."traits", '[') > 0
        THEN CASE
          WHEN COALESCE(startsWith(value_key("t5"."traits", 'address'), '['), FALSE)
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
                      [value_key("t5"."traits", 'address')]
                    )
                  )
                )
              )
            )
          ) > 0
          ELSE CASE
            WHEN startsWith(value_key(value_key("t5"."traits", 'address'), 'city'), '[')
            THEN length(
              arrayFilter(
                __ibis_param_value__ -> COALESCE(__ibis_param_value__ IN ('"Atlanta"'), FALSE)
                OR COALESCE(COALESCE(value_text(__ibis_param_value__) IN ('Orléans'), FALSE), FALSE)
                OR COALESCE(COALESCE(value_number(__ibis_param_value__) IN (3.0), FALSE), FALSE),
                value_items(value_key(value_key("t5"."traits", 'address'), 'city'))
              )
            ) > 0
            ELSE COALESCE(value_key(value_key("t5"."traits", 'address'), 'city') IN ('"Atlanta"'), FALSE)
            OR COALESCE(
              COALESCE(
                value_text(value_key(value_key("t5"."traits", 'address'), 'city')) IN ('Orléans'),
                FALSE
              ),
              FALSE
            )
            OR COALESCE(
              COALESCE(
                value_number(value_key(value_key("t5"."traits", 'address'), 'city')) IN (3.0),
                FALSE
              ),
              FALSE
            )
          END
        END
        ELSE COALESCE(value_inside("t5"."traits", 'address', 'city') IN ('"Atlanta"'), FALSE)
        OR COALESCE(
          COALESCE(value_text(value_inside("t5"."traits", 'address', 'city')) IN ('Orléans'), FALSE),
          FALSE
        )
        OR COALESCE(
          COALESCE(value_number(value_inside("t5"."traits", 'address', 'city')) IN (3.0), FALSE),
          FALSE
        )
      END,
      FALSE
    )
) AS "t6"
