import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { FieldProblem } from "@/api/client";
import { ProblemText } from "./ProblemText";

/** What is doubtful and keeps nobody from going on; nothing where nothing is. */
export function WarningNote({ problems }: { problems: readonly FieldProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={18} />}>
      <List size="sm">
        {problems.map((one) => (
          <List.Item key={`${one.path ?? ""}${one.message}`}>
            <ProblemText problem={one} />
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
