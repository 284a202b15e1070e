import { Paper, SegmentedControl, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import type { Look } from "../data";
import type { Role, Roles } from "../mapping";
import { useListWords } from "../words";

const ROLES: Role[] = ["user", "time", "event", "field", "none"];
const ONCE: Role[] = ["user", "time", "event"];

/** What each column becomes: guessed first, changed by whoever knows the file. */
export function MappingTable({
  look,
  roles,
  onChange,
}: {
  look: Look;
  roles: Roles;
  onChange: (roles: Roles) => void;
}) {
  const t = useListWords();
  const fitting = ROLES.filter((role) => role !== "event" || roles.what === "events");

  function set(column: string, role: Role) {
    const before = ONCE.includes(role)
      ? Object.keys(roles.columns).find((name) => roles.columns[name] === role)
      : undefined;
    onChange({
      ...roles,
      columns: { ...roles.columns, ...(before ? { [before]: "field" as Role } : {}), [column]: role },
    });
  }

  return (
    <Stack>
      <SegmentedControl
        aria-label={t("what")}
        value={roles.what}
        onChange={(what) => onChange({ ...roles, what: what as Roles["what"] })}
        data={[
          { value: "events", label: t("what_events") },
          { value: "people", label: t("what_people") },
        ]}
      />
      {roles.what === "events" && !Object.values(roles.columns).includes("event") && (
        <TextInput
          label={t("event_name")}
          w={320}
          maw="100%"
          value={roles.event}
          onChange={(event) => onChange({ ...roles, event: event.currentTarget.value })}
        />
      )}
      <Paper withBorder>
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="xs" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("column")}</Table.Th>
                <Table.Th>{t("examples")}</Table.Th>
                <Table.Th>{t("becomes")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {look.columns.map((column, i) => (
                <Table.Tr key={column}>
                  <Table.Td fw={500}>{column}</Table.Td>
                  <Table.Td maw={260}>
                    <Text size="sm" c="dimmed" truncate>
                      {[...new Set(look.rows.map((row) => row[i]).filter(Boolean))].slice(0, 3).join(" · ")}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Select
                      aria-label={t("becomes_of", { column })}
                      size="xs"
                      w={210}
                      allowDeselect={false}
                      value={roles.columns[column] ?? "none"}
                      data={fitting.map((role) => ({
                        value: role as string,
                        label: t(role === "field" ? `role.field_${roles.what}` : `role.${role}`),
                      }))}
                      onChange={(role) => role && set(column, role as Role)}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Paper>
    </Stack>
  );
}
