SELECT
  "t7"."profile_id" AS "profile_id"
FROM (
  SELECT
    "t3"."profile_id" AS "profile_id",
    "t6"."consent_any_newsletter_subscribed_key" AS "consent_any_newsletter_subscribed_key",
    "t6"."consent_any_newsletter_subscribed_yes" AS "consent_any_newsletter_subscribed_yes"
  FROM (
    SELECT
      "t0"."profile_id" AS "profile_id"
    FROM "profile_now" AS "t0"
  ) AS "t3"
  INNER JOIN (
    SELECT
      "t4"."consent_any_newsletter_subscribed_key" AS "consent_any_newsletter_subscribed_key",
      TRUE AS "consent_any_newsletter_subscribed_yes"
    FROM (
      SELECT DISTINCT
        "t1"."profile_id" AS "consent_any_newsletter_subscribed_key"
      FROM "consent_history" AS "t1"
      WHERE
        "t1"."group_id" = 'newsletter'
        AND "t1"."state" = 'subscribed'
        AND "t1"."until_seq" >= 4611686018427387904
    ) AS "t4"
  ) AS "t6"
    ON "t3"."profile_id" = "t6"."consent_any_newsletter_subscribed_key"
) AS "t7"
WHERE
  COALESCE("t7"."consent_any_newsletter_subscribed_yes", FALSE)
