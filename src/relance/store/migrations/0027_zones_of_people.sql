-- Campaigns that go out by the clock of each person ask which zones there are, and who lives there.
CREATE INDEX profiles_timezone ON profiles (timezone) WHERE merged_into IS NULL;
