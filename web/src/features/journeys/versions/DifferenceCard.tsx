import { Badge, Code, Group, Paper, Table, Text } from "@mantine/core";
import { WideTable } from "@/ui/WideTable";
import type { Difference } from "../graph/compare";
import type { Json } from "../graph/definition";
import { useJourneyWords } from "../words";

const COLOURS = { added: "green", removed: "red", changed: "yellow" } as const;

function Said({ value }: { value: Json | undefined }) {
  const t = useJourneyWords();
  if (value === undefined)
    return (
      <Text size="xs" c="dimmed">
        {t("versions.nothing")}
      </Text>
    );
  return (
    <Code block={typeof value === "object"}>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</Code>
  );
}

/** What one step, or the settings, said before and says now. */
export function DifferenceCard({ difference }: { difference: Difference }) {
  const t = useJourneyWords();
  return (
    <Paper withBorder p="sm" radius="md">
      <Group gap="xs" mb={difference.fields.length ? 6 : 0}>
        <Badge variant="light" color={COLOURS[difference.kind]}>
          {t(`versions.${difference.kind}`)}
        </Badge>
        <Text size="sm" fw={500}>
          {difference.step ?? t("versions.settings")}
        </Text>
      </Group>
      {difference.kind === "changed" && (
        <WideTable minWidth={420}>
          <Table fz="xs" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={120} />
                <Table.Th>{t("versions.was")}</Table.Th>
                <Table.Th>{t("versions.is")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {difference.fields.map((field) => (
                <Table.Tr key={field.name}>
                  <Table.Td>{field.name}</Table.Td>
                  <Table.Td>
                    <Said value={field.before} />
                  </Table.Td>
                  <Table.Td>
                    <Said value={field.after} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Paper>
  );
}
