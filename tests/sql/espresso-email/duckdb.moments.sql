SELECT
  "t21"."moment"
FROM (
  SELECT
    "t5"."moment",
    "t5"."profile_id",
    "t5"."at",
    "t5"."seq",
    "t7"."traits",
    "t7"."user_id",
    "t7"."email",
    "t7"."email_valid",
    "t7"."phone",
    "t7"."phone_valid",
    "t7"."push_token",
    COALESCE("t7"."timezone", 'UTC') AS "zone",
    "t20"."scan0_key",
    "t20"."scan0_n0",
    "t20"."scan0_n1",
    "t20"."scan0_n2",
    "t11"."suppressed_email_key",
    "t11"."suppressed_email_yes",
    "t11"."suppressed_email_seq",
    "t11"."suppressed_email_until",
    "t12"."consent_email_itself_subscribed_key",
    "t12"."consent_email_itself_subscribed_yes",
    "t12"."consent_email_itself_subscribed_seq",
    "t12"."consent_email_itself_subscribed_until"
  FROM "moments" AS "t5"
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
  ) AS "t7"
    ON "t5"."profile_id" = "t7"."state_profile_id"
    AND "t7"."state_seq" <= "t5"."seq"
    AND "t5"."seq" < "t7"."state_until_seq"
  INNER JOIN (
    SELECT
      "t18"."moment" AS "scan0_key",
      "t18"."scan0_n0",
      "t18"."scan0_n1",
      "t18"."scan0_n2"
    FROM (
      SELECT
        "t17"."moment",
        COUNT(*) FILTER(WHERE
          "t17"."is_scan0_n0") AS "scan0_n0",
        COUNT(*) FILTER(WHERE
          "t17"."is_scan0_n1") AS "scan0_n1",
        COUNT(*) FILTER(WHERE
          "t17"."is_scan0_n2") AS "scan0_n2"
      FROM (
        SELECT
          "t16"."moment",
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
            EXCLUDE ("owner")
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t5"."moment",
                "t5"."profile_id",
                "t5"."at",
                "t5"."seq",
                "t13"."name",
                "t13"."properties",
                "t13"."machine",
                "t13"."owner",
                "t13"."event_at",
                "t13"."event_seq"
              FROM "moments" AS "t5"
              INNER JOIN (
                SELECT
                  "t4"."name",
                  "t4"."properties",
                  "t4"."machine",
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
        1
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
