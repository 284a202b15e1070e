import { Alert, List } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { ApiProblem, type FieldProblem } from "@/api/client";

/** What the server refused, in its own words, with every fault it found. */
export function ProblemNote({ error, title }: { error: unknown; title?: string }) {
  if (!error) return null;
  const problem = error instanceof ApiProblem ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const errors = (problem?.errors ?? []).filter((one) => (one.message ?? String(one)) !== message);
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} title={title} role="alert">
      {message}
      <ProblemList problems={errors} />
    </Alert>
  );
}

export function WarningNote({ problems }: { problems: readonly FieldProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />}>
      <ProblemList problems={problems} />
    </Alert>
  );
}

function ProblemList({ problems }: { problems: readonly FieldProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <List size="sm" mt={4}>
      {problems.map((one) => (
        <List.Item key={`${one.path ?? ""}${one.message ?? String(one)}`}>{one.message ?? String(one)}</List.Item>
      ))}
    </List>
  );
}
