SELECT
  "t9"."moment"
FROM (
  SELECT
    "t2"."moment",
    "t2"."profile_id",
    "t2"."at",
    "t2"."seq",
    "t8"."consent_any_newsletter_subscribed_key",
    "t8"."consent_any_newsletter_subscribed_yes"
  FROM "moments" AS "t2"
  INNER JOIN (
    SELECT
      "t6"."consent_any_newsletter_subscribed_key",
      TRUE AS "consent_any_newsletter_subscribed_yes"
    FROM (
      SELECT DISTINCT
        "t5"."moment" AS "consent_any_newsletter_subscribed_key"
      FROM (
        SELECT
          "t2"."moment",
          "t2"."profile_id",
          "t2"."at",
          "t2"."seq",
          "t4"."seq" AS "seq_right",
          "t4"."until_seq",
          "t4"."channel",
          "t4"."group_id",
          "t4"."state"
        FROM "moments" AS "t2"
        INNER JOIN (
          SELECT
            *
          FROM "consent_history" AS "t1"
          WHERE
            "t1"."group_id" = 'newsletter' AND "t1"."state" = 'subscribed'
        ) AS "t4"
          ON "t2"."profile_id" = "t4"."profile_id"
      ) AS "t5"
      WHERE
        "t5"."seq_right" <= "t5"."seq" AND "t5"."seq" < "t5"."until_seq"
    ) AS "t6"
  ) AS "t8"
    ON "t2"."moment" = "t8"."consent_any_newsletter_subscribed_key"
) AS "t9"
WHERE
  COALESCE("t9"."consent_any_newsletter_subscribed_yes", FALSE)
