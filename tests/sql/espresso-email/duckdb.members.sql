SELECT
  "t14"."profile_id"
FROM (
  SELECT
    "t7"."profile_id",
    "t7"."traits",
    "t7"."user_id",
    "t7"."email",
    "t7"."email_valid",
    "t7"."phone",
    "t7"."phone_valid",
    "t7"."push_token",
    "t7"."zone",
    "t13"."scan0_key",
    "t13"."scan0_n0",
    "t13"."scan0_n1",
    "t13"."scan0_n2",
    "t8"."suppressed_email_key",
    "t8"."suppressed_email_yes",
    "t9"."consent_email_itself_subscribed_key",
    "t9"."consent_email_itself_subscribed_yes"
  FROM (
    SELECT
      "t0"."profile_id",
      "t0"."traits",
      "t0"."user_id",
      "t0"."email",
      "t0"."email_valid",
      "t0"."phone",
      "t0"."phone_valid",
      "t0"."push_token",
      COALESCE("t0"."timezone", 'UTC') AS "zone"
    FROM "profile_now" AS "t0"
  ) AS "t7"
  INNER JOIN (
    SELECT
      "t11"."profile_id" AS "scan0_key",
      "t11"."scan0_n0",
      "t11"."scan0_n1",
      "t11"."scan0_n2"
    FROM (
      SELECT
        "t10"."profile_id",
        COUNT(*) FILTER(WHERE
          "t10"."is_scan0_n0") AS "scan0_n0",
        COUNT(*) FILTER(WHERE
          "t10"."is_scan0_n1") AS "scan0_n1",
        COUNT(*) FILTER(WHERE
          "t10"."is_scan0_n2") AS "scan0_n2"
      FROM (
        SELECT
          "t3"."profile_id",
          (
            "t3"."name" = 'Email Opened'
          ) AND NOT (
            "t3"."machine"
          ) AS "is_scan0_n0",
          (
            "t3"."name" = 'Email Link Clicked'
          ) AND NOT (
            "t3"."machine"
          ) AS "is_scan0_n1",
          "t3"."name" = 'Order Completed' AS "is_scan0_n2"
        FROM "events" AS "t3"
        WHERE
          "t3"."name" IN ('Email Link Clicked', 'Email Opened', 'Order Completed')
          AND "t3"."at" <= 8000000000000000001
          AND "t3"."at" > (
            8000000000000000001 - 259200000000
          )
      ) AS "t10"
      GROUP BY
        1
    ) AS "t11"
  ) AS "t13"
    ON "t7"."profile_id" = "t13"."scan0_key"
  LEFT OUTER JOIN (
    SELECT
      "t1"."address" AS "suppressed_email_key",
      TRUE AS "suppressed_email_yes"
    FROM "suppression_history" AS "t1"
    WHERE
      "t1"."channel" = 'email'
      AND "t1"."suppressed"
      AND "t1"."until_seq" >= 4611686018427387904
  ) AS "t8"
    ON "t7"."email" = "t8"."suppressed_email_key"
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
  ) AS "t9"
    ON "t7"."profile_id" = "t9"."consent_email_itself_subscribed_key"
) AS "t14"
WHERE
  COALESCE("t14"."email", '') <> ''
  AND COALESCE("t14"."email_valid", FALSE)
  AND NOT (
    COALESCE("t14"."suppressed_email_yes", FALSE)
  )
  AND COALESCE("t14"."consent_email_itself_subscribed_yes", FALSE)
  AND (
    (
      COALESCE("t14"."scan0_n0", 0) >= 1
    )
    OR (
      COALESCE("t14"."scan0_n1", 0) >= 1
    )
  )
  AND COALESCE("t14"."scan0_n2", 0) = 0
