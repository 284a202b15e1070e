import { Anchor, Badge, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleDashed, IconCircleX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useConditionWords } from "@/lib/conditions/words";
import { formatInstant, formatShare } from "@/lib/format";
import { useNames } from "@/lib/suggestions";
import { CopyButton } from "@/ui/CopyButton";
import { flatten, type Person, type Reach, reachOf } from "../person";
import { usePeopleWords } from "../words";

const CHANNELS = ["email", "sms", "push"];
const SIGNS: Record<Reach, [typeof IconCircleX, string]> = {
  reachable: [IconCircleCheck, "var(--good)"],
  unknown: [IconCircleDashed, "var(--mantine-color-dimmed)"],
  no_address: [IconCircleDashed, "var(--mantine-color-dimmed)"],
  invalid: [IconCircleX, "var(--bad)"],
  suppressed: [IconCircleX, "var(--bad)"],
  unsubscribed: [IconCircleX, "var(--warn)"],
};

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {children}
    </Card>
  );
}

/** What is known of somebody now. */
export function Facts({ person }: { person: Person }) {
  const t = usePeopleWords();
  const say = useConditionWords();
  const names = useNames();
  const traits = flatten(person.traits).sort(([a], [b]) => a.localeCompare(b));
  const open = person.journeys.filter((passage) => passage.status === "active");
  return (
    <Stack>
      <Part title={t("reach")}>
        <Stack gap={8}>
          {CHANNELS.map((channel) => (
            <ChannelRow key={channel} person={person} channel={channel} />
          ))}
        </Stack>
      </Part>
      <Part title={t("journeys")}>
        {open.length === 0 && <Text c="dimmed">{t("noJourneys")}</Text>}
        {open.map((passage) => (
          <Text key={passage.enrollment_id}>
            <SourceLink source={passage.source} name={passage.name} />
            <Text span c="dimmed">
              {passage.step && ` › ${passage.step}`}
              {passage.due_at && `, ${t("until", { at: formatInstant(passage.due_at) })}`}
            </Text>
          </Text>
        ))}
      </Part>
      <Part title={t("segments")}>
        {person.segments.length === 0 && <Text c="dimmed">{t("noSegments")}</Text>}
        <Group gap={6}>
          {person.segments.map((segment) => (
            <Badge
              key={segment}
              component={Link}
              to={`/segments/${segment}`}
              title={segment}
              tt="none"
              size="lg"
              style={{ background: "var(--accent-soft)", color: "var(--accent-ink)", cursor: "pointer" }}
            >
              {names("segment", segment)}
            </Badge>
          ))}
        </Group>
      </Part>
      <Part title={t("scores")}>
        {person.predictions.length === 0 && <Text c="dimmed">{t("noScores")}</Text>}
        <Stack gap={6}>
          {person.predictions.map((score) => (
            <Group key={score.prediction} justify="space-between" gap="xs">
              <Anchor component={Link} to={`/predictions/${score.prediction}`} title={score.prediction}>
                {names("prediction", score.prediction)}
              </Anchor>
              <Text c="dimmed" fz="sm">
                {[
                  say(`category.${score.category}`),
                  typeof score.probability === "number" && t("probability", { value: formatShare(score.probability) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </Group>
          ))}
        </Stack>
      </Part>
      <Part title={t("traits")}>
        {traits.length === 0 ? (
          <Text c="dimmed">{t("noTraits")}</Text>
        ) : (
          <Table verticalSpacing={6} horizontalSpacing={0} aria-label={t("traits")} layout="fixed">
            <Table.Tbody>
              {traits.map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th c="dimmed" fw={400} w="38%" style={{ overflowWrap: "anywhere" }}>
                    {name}
                  </Table.Th>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{shown(value)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Part>
      <Part title={t("ids")}>
        {[...new Set([...person.ids, ...person.addresses.map((one) => one.address)])].map((id) => (
          <Group key={id} justify="space-between" wrap="nowrap" gap="xs">
            <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
              {id}
            </Text>
            <CopyButton text={id} />
          </Group>
        ))}
      </Part>
    </Stack>
  );
}

function ChannelRow({ person, channel }: { person: Person; channel: string }) {
  const t = usePeopleWords();
  const reach = reachOf(person, channel);
  const [Sign, color] = SIGNS[reach];
  const groups = person.consent.filter((one) => one.channel === channel && one.group);
  return (
    <div>
      <Group gap={8} wrap="nowrap">
        <Sign size={18} color={color} aria-hidden="true" />
        <Text w={64}>{t(`channel.${channel}`)}</Text>
        <Text c="dimmed" fz="sm">
          {t(`reaches.${reach}`)}
        </Text>
      </Group>
      {groups.map((one) => (
        <Text key={one.group} fz="xs" c="dimmed" pl={90}>
          {one.group}: {t(one.state === "subscribed" ? "reaches.reachable" : "reaches.unsubscribed")}
        </Text>
      ))}
    </div>
  );
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A trait as people read it: instants as dates, texts as they are. */
function shown(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? formatInstant(value) : value;
}

/** Leads to the journey or campaign of a `source` such as `journey:welcome`. */
export function SourceLink({ source, name }: { source: string; name: string }) {
  const [kind, id] = source.split(":");
  return (
    <Anchor component={Link} to={`/${kind}s/${id}`} inherit underline="always">
      {name}
    </Anchor>
  );
}
