import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoTriangle } from "@tabler/icons-react";
import { Link, useRouter } from "@tanstack/react-router";
import type { Concern } from "../figures";
import { useHomeWords } from "../words";

/** What needs somebody, the worst first; a quiet word when nothing does. */
export function Concerns({ concerns }: { concerns: Concern[] }) {
  const t = useHomeWords();
  const known = useRouter().routesByPath as Record<string, unknown>;
  // A place that this version of the app has no page for is told without a way to it.
  const leads = (to: string) => to in known || to.split("/").length > 2;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("attention")}
      </Title>
      <Card padding={0}>
        {concerns.length === 0 && (
          <Group gap="sm" p="md">
            <IconCircleCheck size={20} color="var(--good)" aria-hidden="true" />
            <Text>{t("fine")}</Text>
          </Group>
        )}
        <Stack gap={0}>
          {concerns.map(({ key, word, values, severity, to }, index) => {
            const Sign = severity === "bad" ? IconAlertTriangle : IconInfoTriangle;
            const told = values.channel ? { ...values, channel: t(`channel.${values.channel}`) } : values;
            return (
              <Group
                key={key}
                p="sm"
                px="md"
                gap="sm"
                wrap="nowrap"
                style={index ? { borderTop: "1px solid var(--mantine-color-default-border)" } : {}}
              >
                <Sign size={20} color={`var(--${severity})`} aria-hidden="true" style={{ flexShrink: 0 }} />
                <Text flex={1} style={{ overflowWrap: "anywhere" }}>
                  {t(`concerns.${word}`, told)}
                </Text>
                {to && leads(to) && (
                  <Button component={Link} to={to} variant="default" size="xs">
                    {t("look")}
                  </Button>
                )}
              </Group>
            );
          })}
        </Stack>
      </Card>
    </section>
  );
}
