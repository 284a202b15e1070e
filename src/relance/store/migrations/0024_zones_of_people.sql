-- Campaigns that go out by the clock of each person ask which zones there are, and who lives there; how many people are known is
-- counted here. SQLite reads no row beside an index that holds all columns which a statement names, those of its condition too.
CREATE INDEX profiles_timezone ON profiles (timezone, known, merged_into) WHERE merged_into IS NULL;
