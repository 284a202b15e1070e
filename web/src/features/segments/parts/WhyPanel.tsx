import { Alert, Autocomplete, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCircleCheckFilled, IconCircleX, IconClock } from "@tabler/icons-react";
import i18next from "i18next";
import { useState } from "react";
import { formatInstant } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { usePeople, useWhy, type Why } from "../data";
import classes from "../segments.module.css";
import { useSegmentWords } from "../words";

function WhyTree({ why }: { why: Why }) {
  const t = useSegmentWords();
  const Icon = why.holds ? IconCircleCheckFilled : IconCircleX;
  const colour = why.holds
    ? "light-dark(var(--mantine-color-teal-7), var(--mantine-color-teal-4))"
    : "light-dark(var(--mantine-color-orange-8), var(--mantine-color-orange-4))";
  return (
    <li>
      <div className={classes.whyLine}>
        <Icon
          size={18}
          color={colour}
          style={{ flexShrink: 0, marginTop: 1 }}
          aria-label={t(why.holds ? "holds" : "fails")}
        />
        <Text size="sm">{why.sentence ?? why.condition}</Text>
      </div>
      {why.parts && why.parts.length > 0 && (
        <ul className={classes.why}>
          {why.parts.map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name
            <WhyTree key={i} why={part} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Why one person is in the segment or not: each condition with what it saw, and when time alone changes the answer. */
export function WhyPanel({ id, userId, onChoose }: { id: string; userId: string; onChoose: (userId: string) => void }) {
  const t = useSegmentWords();
  const [text, setText] = useState(userId);
  const [search] = useDebouncedValue(text, 200);
  const { data: people } = usePeople(search);
  const { data, error, isFetching } = useWhy(id, userId, i18next.language);
  const found = people?.items ?? [];
  const name = (person: { user_id: string; name?: string | null }) =>
    person.name ? `${person.name} (${person.user_id})` : person.user_id;
  return (
    <Stack gap="md" maw={760}>
      <Autocomplete
        label={t("why_whom")}
        description={t("why_hint")}
        placeholder={t("why_example")}
        value={text}
        data={[
          ...new Map(found.map((person) => [person.user_id, { value: person.user_id, label: name(person) }])).values(),
        ].map((one) => one.value)}
        renderOption={({ option }) => {
          const person = found.find((one) => one.user_id === option.value);
          return <span>{person ? name(person) : option.value}</span>;
        }}
        filter={({ options }) => options}
        onChange={setText}
        onOptionSubmit={onChoose}
        onKeyDown={(event) => {
          if (event.key === "Enter") onChoose(text.trim());
        }}
      />
      {isFetching && !data && <Skeleton h={120} />}
      {userId !== "" && <ErrorNote error={error} />}
      {data && (
        <>
          <Alert
            color={data.member ? "teal" : "gray"}
            variant="light"
            title={t(data.member ? "is_in" : "is_out", { who: userId })}
            aria-live="polite"
          >
            <Text size="sm">
              {data.changes_at ? (
                <>
                  <IconClock size={14} style={{ verticalAlign: "-2px" }} aria-hidden />{" "}
                  {t(data.member ? "leaves_at" : "enters_at", { at: formatInstant(data.changes_at) })}
                </>
              ) : (
                t("never_changes")
              )}
            </Text>
          </Alert>
          <ul className={classes.why}>
            <WhyTree why={data.why} />
          </ul>
        </>
      )}
    </Stack>
  );
}
