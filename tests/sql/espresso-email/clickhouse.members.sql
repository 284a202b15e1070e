SELECT
  "t15"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t8"."profile_id" AS "profile_id",
    "t8"."traits" AS "traits",
    "t8"."user_id" AS "user_id",
    "t8"."email" AS "email",
    "t8"."email_valid" AS "email_valid",
    "t8"."phone" AS "phone",
    "t8"."phone_valid" AS "phone_valid",
    "t8"."push_token" AS "push_token",
    "t8"."zone" AS "zone",
    "t14"."scan0_key" AS "scan0_key",
    "t14"."scan0_n0" AS "scan0_n0",
    "t14"."scan0_n1" AS "scan0_n1",
    "t14"."scan0_n2" AS "scan0_n2",
    "t9"."suppressed_email_key" AS "suppressed_email_key",
    "t9"."suppressed_email_yes" AS "suppressed_email_yes",
    "t10"."consent_email_itself_subscribed_key" AS "consent_email_itself_subscribed_key",
    "t10"."consent_email_itself_subscribed_yes" AS "consent_email_itself_subscribed_yes"
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
    FROM "profile_history" AS "t0"
    WHERE
      "t0"."until_seq" >= 4611686018427387904
  ) AS "t8"
  INNER JOIN (
    SELECT
      "t12"."profile_id" AS "scan0_key",
      "t12"."scan0_n0" AS "scan0_n0",
      "t12"."scan0_n1" AS "scan0_n1",
      "t12"."scan0_n2" AS "scan0_n2"
    FROM (
      SELECT
        "t11"."profile_id" AS "profile_id",
        countIf("t11"."is_scan0_n0") AS "scan0_n0",
        countIf("t11"."is_scan0_n1") AS "scan0_n1",
        countIf("t11"."is_scan0_n2") AS "scan0_n2"
      FROM (
        SELECT
          "t7"."profile_id" AS "profile_id",
          CASE
            WHEN "t7"."name" = 'Email Opened'
            THEN NOT (
              CASE
                WHEN position("t7"."properties", '"machine"') > 0
                THEN COALESCE(
                  CASE
                    WHEN startsWith(value_key("t7"."properties", 'machine'), '[')
                    THEN length(
                      arrayFilter(
                        __ibis_param_value__ -> __ibis_param_value__ = 'true',
                        value_items(value_key("t7"."properties", 'machine'))
                      )
                    ) > 0
                    ELSE value_key("t7"."properties", 'machine') = 'true'
                  END,
                  FALSE
                )
                ELSE FALSE
              END
            )
            ELSE FALSE
          END AS "is_scan0_n0",
          CASE
            WHEN "t7"."name" = 'Email Link Clicked'
            THEN NOT (
              CASE
                WHEN position("t7"."properties", '"machine"') > 0
                THEN COALESCE(
                  CASE
                    WHEN startsWith(value_key("t7"."properties", 'machine'), '[')
                    THEN length(
                      arrayFilter(
                        __ibis_param_value__ -> __ibis_param_value__ = 'true',
                        value_items(value_key("t7"."properties", 'machine'))
                      )
                    ) > 0
                    ELSE value_key("t7"."properties", 'machine') = 'true'
                  END,
                  FALSE
                )
                ELSE FALSE
              END
            )
            ELSE FALSE
          END AS "is_scan0_n1",
          "t7"."name" = 'Order Completed' AS "is_scan0_n2"
        FROM (
          SELECT
            "t3"."profile_id" AS "profile_id",
            "t3"."name" AS "name",
            "t3"."properties" AS "properties",
            "t3"."at" AS "event_at",
            "t3"."seq" AS "event_seq"
          FROM "events" AS "t3"
          WHERE
            "t3"."name" IN ('Email Link Clicked', 'Email Opened', 'Order Completed')
            AND "t3"."at" <= 8000000000000000001
            AND "t3"."at" > (
              8000000000000000001 - 259200000000
            )
        ) AS "t7"
      ) AS "t11"
      GROUP BY
        "t11"."profile_id"
    ) AS "t12"
  ) AS "t14"
    ON "t8"."profile_id" = "t14"."scan0_key"
  LEFT OUTER JOIN (
    SELECT
      "t1"."address" AS "suppressed_email_key",
      TRUE AS "suppressed_email_yes"
    FROM "suppression_history" AS "t1"
    WHERE
      "t1"."channel" = 'email'
      AND "t1"."suppressed"
      AND "t1"."until_seq" >= 4611686018427387904
  ) AS "t9"
    ON "t8"."email" = "t9"."suppressed_email_key"
  INNER JOIN (
    SELECT
      "t2"."profile_id" AS "consent_email_itself_subscribed_key",
      TRUE AS "consent_email_itself_subscribed_yes"
    FROM "consent_history" AS "t2"
    WHERE
      "t2"."group_id" = ''
      AND "t2"."state" = 'subscribed'
      AND "t2"."channel" = 'email'
      AND "t2"."until_seq" >= 4611686018427387904
  ) AS "t10"
    ON "t8"."profile_id" = "t10"."consent_email_itself_subscribed_key"
) AS "t15"
WHERE
  COALESCE("t15"."email", '') <> ''
  AND COALESCE("t15"."email_valid", FALSE)
  AND NOT (
    COALESCE("t15"."suppressed_email_yes", FALSE)
  )
  AND COALESCE("t15"."consent_email_itself_subscribed_yes", FALSE)
  AND (
    (
      COALESCE("t15"."scan0_n0", 0) >= 1
    )
    OR (
      COALESCE("t15"."scan0_n1", 0) >= 1
    )
  )
  AND COALESCE("t15"."scan0_n2", 0) = 0
