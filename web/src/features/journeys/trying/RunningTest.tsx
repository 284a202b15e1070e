import { Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconClockPlay, IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { formatInstant } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { advanceTest, endTest, type Test } from "../data/tests";
import type { Journey } from "../graph/definition";
import { useJourneyWords } from "../words";
import { CoverageBar } from "./CoverageBar";
import { TesterPanel } from "./TesterPanel";
import classes from "./trying.module.css";

interface Props {
  test: Test;
  journey: Journey;
  tester: string | null;
  choose: (tester: string | null) => void;
  ended: () => void;
}

/** A test under way: its clock, its testers, and what one of them can be made to do. */
export function RunningTest({ test, journey, tester, choose, ended }: Props) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const put = (next: Test) => queries.setQueryData(["test", test.id], next);
  const look = () => queries.invalidateQueries({ queryKey: ["test", test.id] });
  const move = useMutation({
    mutationFn: (by: string | undefined) => advanceTest(test.id, by),
    onSuccess: put,
    onError: look,
  });
  const end = useMutation({ mutationFn: () => endTest(test.id), onSuccess: ended });
  const of = (id: string) => test.passages.filter((one) => one.user_id === id && one.journey === test.journey).at(-1);
  return (
    <Stack p="md" gap="md">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="xs" c="dimmed">
            {t("test.clock")}
          </Text>
          <Text fw={600}>{formatInstant(test.now)}</Text>
        </div>
        <RoleButton
          scope="definitions:draft"
          variant="light"
          color="red"
          size="xs"
          leftSection={<IconPlayerStop size={15} />}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          {t("test.end")}
        </RoleButton>
      </Group>
      <Group gap="xs">
        <RoleButton
          scope="definitions:draft"
          size="xs"
          leftSection={<IconClockPlay size={15} />}
          disabled={!test.next_at}
          loading={move.isPending}
          onClick={() => move.mutate(undefined)}
        >
          {test.next_at ? t("test.next", { at: formatInstant(test.next_at) }) : t("test.nothingDue")}
        </RoleButton>
        {["1h", "1d"].map((by) => (
          <RoleButton
            scope="definitions:draft"
            key={by}
            size="xs"
            variant="default"
            disabled={move.isPending}
            onClick={() => move.mutate(by)}
          >
            {t(`test.by.${by}`)}
          </RoleButton>
        ))}
      </Group>
      {(move.error ?? end.error) && <ErrorNote error={move.error ?? end.error} />}
      <CoverageBar coverage={test.coverage} />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t("test.testers", { count: test.testers.length })}
        </Text>
        <div className={classes.testers}>
          {test.testers.map((id) => {
            const passage = of(id);
            return (
              <UnstyledButton
                key={id}
                className={classes.tester ?? ""}
                aria-pressed={id === tester}
                onClick={() => choose(id === tester ? null : id)}
              >
                <span>{id}</span>
                <span>{passage ? (passage.step ?? t(`results.status.${passage.status}`)) : t("test.notEntered")}</span>
              </UnstyledButton>
            );
          })}
        </div>
      </div>
      {tester && <TesterPanel key={tester} test={test} journey={journey} userId={tester} put={put} />}
    </Stack>
  );
}
