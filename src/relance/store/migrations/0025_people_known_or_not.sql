-- The list of people is paged through those who are known, or through visitors nobody knows yet: each from its own end.
CREATE INDEX profiles_known ON profiles (known, profile_id) WHERE merged_into IS NULL;
