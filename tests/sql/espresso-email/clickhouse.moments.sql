SELECT
  "t21"."moment" AS "moment"
FROM (
  SELECT
    "t5"."moment" AS "moment",
    "t5"."profile_id" AS "profile_id",
    "t5"."at" AS "at",
    "t5"."seq" AS "seq",
    "t7"."traits" AS "traits",
    "t7"."user_id" AS "user_id",
    "t7"."email" AS "email",
    "t7"."email_valid" AS "email_valid",
    "t7"."phone" AS "phone",
    "t7"."phone_valid" AS "phone_valid",
    "t7"."push_token" AS "push_token",
    COALESCE("t7"."timezone", 'UTC') AS "zone",
    "t20"."scan0_key" AS "scan0_key",
    "t20"."scan0_n0" AS "scan0_n0",
    "t20"."scan0_n1" AS "scan0_n1",
    "t20"."scan0_n2" AS "scan0_n2",
    "t11"."suppressed_email_key" AS "suppressed_email_key",
    "t11"."suppressed_email_yes" AS "suppressed_email_yes",
    "t11"."suppressed_email_seq" AS "suppressed_email_seq",
    "t11"."suppressed_email_until" AS "suppressed_email_until",
    "t12"."consent_email_itself_subscribed_key" AS "consent_email_itself_subscribed_key",
    "t12"."consent_email_itself_subscribed_yes" AS "consent_email_itself_subscribed_yes",
    "t12"."consent_email_itself_subscribed_seq" AS "consent_email_itself_subscribed_seq",
    "t12"."consent_email_itself_subscribed_until" AS "consent_email_itself_subscribed_until"
  FROM "moments" AS "t5"
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
  ) AS "t7"
    ON "t5"."profile_id" = "t7"."state_profile_id"
    AND "t7"."state_seq" <= "t5"."seq"
    AND "t5"."seq" < "t7"."state_until_seq"
  INNER JOIN (
    SELECT
      "t18"."moment" AS "scan0_key",
      "t18"."scan0_n0" AS "scan0_n0",
      "t18"."scan0_n1" AS "scan0_n1",
      "t18"."scan0_n2" AS "scan0_n2"
    FROM (
      SELECT
        "t17"."moment" AS "moment",
        countIf("t17"."is_scan0_n0") AS "scan0_n0",
        countIf("t17"."is_scan0_n1") AS "scan0_n1",
        countIf("t17"."is_scan0_n2") AS "scan0_n2"
      FROM (
        SELECT
          "t16"."moment" AS "moment",
          (
            "t16"."name" = 'Email Opened'
          ) AND NOT (
            "t16"."machine"
          ) AS "is_scan0_n0",
          (
            "t16"."name" = 'Email Link Clicked'
          ) AND NOT (
            "t16"."machine"
          ) AS "is_scan0_n1",
          "t16"."name" = 'Order Completed' AS "is_scan0_n2"
        FROM (
          SELECT
            "t15".*
            EXCEPT ("owner")
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t5"."moment" AS "moment",
                "t5"."profile_id" AS "profile_id",
                "t5"."at" AS "at",
                "t5"."seq" AS "seq",
                "t13"."name" AS "name",
                "t13"."properties" AS "properties",
                "t13"."machine" AS "machine",
                "t13"."owner" AS "owner",
                "t13"."event_at" AS "event_at",
                "t13"."event_seq" AS "event_seq"
              FROM "moments" AS "t5"
              INNER JOIN (
                SELECT
                  "t4"."name" AS "name",
                  "t4"."properties" AS "properties",
                  "t4"."machine" AS "machine",
                  "t4"."profile_id" AS "owner",
                  "t4"."at" AS "event_at",
                  "t4"."seq" AS "event_seq"
                FROM "events" AS "t4"
                WHERE
                  "t4"."name" IN ('Email Link Clicked', 'Email Opened', 'Order Completed')
                  AND "t4"."at" <= 8000000000000000009
                  AND "t4"."at" > (
                    8000000000000000007 - 259200000000
                  )
              ) AS "t13"
                ON "t5"."profile_id" = "t13"."owner"
            ) AS "t14"
            WHERE
              "t14"."event_at" <= "t14"."at"
              AND "t14"."event_seq" <= "t14"."seq"
              AND "t14"."event_at" > (
                "t14"."at" - 259200000000
              )
          ) AS "t15"
        ) AS "t16"
      ) AS "t17"
      GROUP BY
        "t17"."moment"
    ) AS "t18"
  ) AS "t20"
    ON "t5"."moment" = "t20"."scan0_key"
  LEFT OUTER JOIN (
    SELECT
      "t2"."address" AS "suppressed_email_key",
      TRUE AS "suppressed_email_yes",
      "t2"."seq" AS "suppressed_email_seq",
      "t2"."until_seq" AS "suppressed_email_until"
    FROM "suppression_history" AS "t2"
    WHERE
      "t2"."channel" = 'email' AND "t2"."suppressed"
  ) AS "t11"
    ON "t7"."email" = "t11"."suppressed_email_key"
    AND "t11"."suppressed_email_seq" <= "t5"."seq"
    AND "t5"."seq" < "t11"."suppressed_email_until"
  INNER JOIN (
    SELECT
      "t3"."profile_id" AS "consent_email_itself_subscribed_key",
      TRUE AS "consent_email_itself_subscribed_yes",
      "t3"."seq" AS "consent_email_itself_subscribed_seq",
      "t3"."until_seq" AS "consent_email_itself_subscribed_until"
    FROM "consent_history" AS "t3"
    WHERE
      "t3"."group_id" = '' AND "t3"."state" = 'subscribed' AND "t3"."channel" = 'email'
  ) AS "t12"
    ON "t5"."profile_id" = "t12"."consent_email_itself_subscribed_key"
    AND "t12"."consent_email_itself_subscribed_seq" <= "t5"."seq"
    AND "t5"."seq" < "t12"."consent_email_itself_subscribed_until"
) AS "t21"
WHERE
  COALESCE("t21"."email", '') <> ''
  AND COALESCE("t21"."email_valid", FALSE)
  AND NOT (
    COALESCE("t21"."suppressed_email_yes", FALSE)
  )
  AND COALESCE("t21"."consent_email_itself_subscribed_yes", FALSE)
  AND (
    (
      COALESCE("t21"."scan0_n0", 0) >= 1
    )
    OR (
      COALESCE("t21"."scan0_n1", 0) >= 1
    )
  )
  AND COALESCE("t21"."scan0_n2", 0) = 0
