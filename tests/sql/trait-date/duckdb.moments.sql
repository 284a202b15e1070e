SELECT
  "t6"."moment"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t2"."moment",
      "t2"."profile_id",
      "t2"."at",
      "t2"."seq",
      "t4"."traits",
      "t4"."user_id",
      "t4"."email",
      "t4"."email_valid",
      "t4"."phone",
      "t4"."phone_valid",
      "t4"."push_token",
      COALESCE("t4"."timezone", 'UTC') AS "zone"
    FROM "moments" AS "t2"
    LEFT OUTER JOIN (
      SELECT
        "t1"."traits",
        "t1"."user_id",
        "t1"."email",
        "t1"."email_valid",
        "t1"."phone",
        "t1"."phone_valid",
        "t1"."push_token",
        "t1"."timezone",
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
        WHEN CONTAINS("t5"."traits", '[')
        THEN CASE
          WHEN STARTS_WITH(VALUE_KEY("t5"."traits", 'renewal'), '[')
          THEN ARRAY_LENGTH(
            LIST_FILTER(
              VALUE_ITEMS(VALUE_KEY("t5"."traits", 'renewal')),
              LAMBDA __ibis_param_value__ : CASE
                WHEN NEAR_DATES(__ibis_param_value__, "t5"."at", "t5"."at" + 604800000000)
                THEN (
                  INSTANT_OF(VALUE_TEXT(__ibis_param_value__), "t5"."zone") > "t5"."at"
                )
                AND (
                  INSTANT_OF(VALUE_TEXT(__ibis_param_value__), "t5"."zone") <= (
                    "t5"."at" + 604800000000
                  )
                )
                ELSE FALSE
              END
            )
          ) > 0
          ELSE CASE
            WHEN NEAR_DATES(VALUE_KEY("t5"."traits", 'renewal'), "t5"."at", "t5"."at" + 604800000000)
            THEN (
              INSTANT_OF(VALUE_TEXT(VALUE_KEY("t5"."traits", 'renewal')), "t5"."zone") > "t5"."at"
            )
            AND (
              INSTANT_OF(VALUE_TEXT(VALUE_KEY("t5"."traits", 'renewal')), "t5"."zone") <= (
                "t5"."at" + 604800000000
              )
            )
            ELSE FALSE
          END
        END
        ELSE CASE
          WHEN NEAR_DATES(VALUE_KEY("t5"."traits", 'renewal'), "t5"."at", "t5"."at" + 604800000000)
          THEN (
            INSTANT_OF(VALUE_TEXT(VALUE_KEY("t5"."traits", 'renewal')), "t5"."zone") > "t5"."at"
          )
          AND (
            INSTANT_OF(VALUE_TEXT(VALUE_KEY("t5"."traits", 'renewal')), "t5"."zone") <= (
              "t5"."at" + 604800000000
            )
          )
          ELSE FALSE
        END
      END,
      FALSE
    )
) AS "t6"
