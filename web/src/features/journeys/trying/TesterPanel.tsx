import { Badge, Button, Group, Modal, Paper, Select, Stack, Text, Timeline } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatInstant } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { force, happen, react, type Test, type TestMessage } from "../data/tests";
import type { Fields, Journey } from "../graph/definition";
import { outcomesOf } from "../graph/trial";
import { reasonOf } from "../results/Summary";
import { EventField } from "../steps/fields/NameField";
import { Values } from "../steps/fields/Values";
import { sayStep, sayWay } from "../steps/kinds";
import { useStepWords } from "../words";
import classes from "./trying.module.css";

const REACTIONS: Record<string, string[]> = {
  email: ["opened", "clicked", "bounced"],
  sms: ["delivered", "clicked", "replied"],
  push: ["delivered", "opened"],
  in_app: ["opened", "clicked"],
  webhook: [],
};

interface Props {
  test: Test;
  journey: Journey;
  userId: string;
  put: (test: Test) => void;
}

/** One tester: the way so far, messages as they were rendered, and what can be made to happen. */
export function TesterPanel({ test, journey, userId, put }: Props) {
  const t = useStepWords();
  const [event, setEvent] = useState("");
  const [properties, setProperties] = useState<Fields | undefined>(undefined);
  const [read, setRead] = useState<TestMessage | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (run: () => Promise<Test>) => run(),
    onSuccess: put,
    onError: () => queries.invalidateQueries({ queryKey: ["test", test.id] }),
  });
  const passage = test.passages.filter((one) => one.user_id === userId && one.journey === test.journey).at(-1);
  const messages = test.messages.filter((one) => one.user_id === userId);
  const here = at ?? passage?.step ?? Object.keys(journey.steps)[0] ?? "";
  const step = journey.steps[here];
  return (
    <Stack gap="md">
      {act.error && <ErrorNote error={act.error} />}
      {passage && (
        <Timeline bulletSize={12} lineWidth={2} active={passage.path.length}>
          {passage.path.map((visit) => (
            <Timeline.Item
              key={`${visit.step} ${visit.at}`}
              title={<Text size="sm">{sayStep(journey, visit.step, t)}</Text>}
            >
              <Text size="xs" c="dimmed">
                {formatInstant(visit.at)} · {t(`because.${visit.because}`)}
              </Text>
            </Timeline.Item>
          ))}
          {passage.status !== "active" && (
            <Timeline.Item title={<Text size="sm">{t(`results.status.${passage.status}`)}</Text>}>
              {passage.reason && (
                <Text size="xs" c="dimmed">
                  {reasonOf(passage.reason, t)}
                </Text>
              )}
            </Timeline.Item>
          )}
        </Timeline>
      )}
      {messages.map((message) => (
        <Paper key={message.number} withBorder p="xs" radius="md">
          <Group justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" truncate="end">
                {message.subject || message.body}
              </Text>
              <Text size="xs" c="dimmed">
                {sayStep(journey, message.step, t)}
              </Text>
            </div>
            {message.status === "sent" ? (
              <Button size="compact-xs" variant="default" onClick={() => setRead(message)}>
                {t("test.read")}
              </Button>
            ) : (
              <Badge color="yellow" variant="light">
                {reasonOf(message.reason ?? message.status, t)}
              </Badge>
            )}
          </Group>
          {message.status === "sent" && passage?.status === "active" && (
            <Group gap={4} mt={6}>
              {(REACTIONS[message.channel] ?? []).map((reaction) => (
                <RoleButton
                  scope="definitions:draft"
                  key={reaction}
                  size="compact-xs"
                  variant="light"
                  disabled={act.isPending}
                  onClick={() => act.mutate(() => react(test.id, userId, message.step, reaction))}
                >
                  {t(`test.reaction.${reaction}`)}
                </RoleButton>
              ))}
            </Group>
          )}
        </Paper>
      ))}
      <Paper withBorder p="sm" radius="md">
        <Stack gap="xs">
          <Select
            size="xs"
            label={t("test.force")}
            description={t("test.forceHint")}
            allowDeselect={false}
            value={here}
            onChange={setAt}
            data={Object.keys(journey.steps)
              .filter((name) => outcomesOf(journey.steps[name] as never).length)
              .map((name) => ({ value: name, label: sayStep(journey, name, t) }))}
          />
          <Group gap={4}>
            {step &&
              outcomesOf(step).map(({ outcome, port }) => (
                <RoleButton
                  scope="definitions:draft"
                  key={outcome}
                  size="compact-xs"
                  variant="light"
                  maw="100%"
                  disabled={act.isPending}
                  onClick={() => act.mutate(() => force(test.id, userId, here, outcome))}
                >
                  {sayWay(step, port, t) || t(`test.outcome.${outcome}`)}
                </RoleButton>
              ))}
          </Group>
        </Stack>
      </Paper>
      <Paper withBorder p="sm" radius="md">
        <Stack gap="xs">
          <EventField label={t("test.happen")} value={event} change={setEvent} />
          <Values value={properties} change={setProperties} add={t("track.add")} />
          <RoleButton
            scope="definitions:draft"
            size="xs"
            variant="light"
            disabled={!event || act.isPending}
            onClick={() => act.mutate(() => happen(test.id, userId, event, properties ?? {}))}
          >
            {t("test.send")}
          </RoleButton>
        </Stack>
      </Paper>
      <Modal
        closeButtonProps={{ "aria-label": t("inspector.close") }}
        opened={read !== null}
        onClose={() => setRead(null)}
        size="lg"
        title={<Text fw={600}>{read?.subject ?? t("test.message")}</Text>}
      >
        {read?.channel === "email" ? (
          <iframe
            className={classes.frame}
            sandbox=""
            srcDoc={read.body ?? ""}
            title={read.subject ?? t("test.message")}
          />
        ) : (
          <Text style={{ whiteSpace: "pre-wrap" }}>{read?.body}</Text>
        )}
      </Modal>
    </Stack>
  );
}
