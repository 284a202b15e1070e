import { SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { DataTable } from "@/ui/DataTable";
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

  const examplesOf = (column: string) => {
    const at = look.columns.indexOf(column);
    return [...new Set(look.rows.map((row) => row[at]).filter(Boolean))].slice(0, 3).join(" · ");
  };

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
      <DataTable
        label={t("mapping")}
        rows={look.columns}
        rowKey={(column) => column}
        columns={[
          {
            key: "column",
            label: t("column"),
            render: (column) => (
              <>
                <Text size="sm" fw={500}>
                  {column}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={2} hiddenFrom="sm">
                  {examplesOf(column)}
                </Text>
              </>
            ),
          },
          {
            key: "examples",
            label: t("examples"),
            isExtra: true,
            render: (column) => (
              <Text size="sm" c="dimmed" truncate maw={260}>
                {examplesOf(column)}
              </Text>
            ),
          },
          {
            key: "becomes",
            label: t("becomes"),
            render: (column) => (
              <Select
                aria-label={t("becomes_of", { column })}
                size="xs"
                w={{ base: 170, sm: 210 }}
                allowDeselect={false}
                value={roles.columns[column] ?? "none"}
                data={fitting.map((role) => ({
                  value: role as string,
                  label: t(role === "field" ? `role.field_${roles.what}` : `role.${role}`),
                }))}
                onChange={(role) => role && set(column, role as Role)}
              />
            ),
          },
        ]}
      />
    </Stack>
  );
}
