import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconExclamationCircle } from "@tabler/icons-react";
import type { Problem } from "../graph/check";
import { useJourneyWords } from "../words";
import { sayProblem } from "../words-problems";

export function ProblemList({ problems }: { problems: Problem[] }) {
  const t = useJourneyWords();
  return (
    <Stack gap={6}>
      {problems.map((problem) => (
        <Alert
          key={`${problem.code} ${problem.path}`}
          p="xs"
          variant="light"
          color={problem.severity === "error" ? "red" : "yellow"}
          icon={problem.severity === "error" ? <IconExclamationCircle size={18} /> : <IconAlertTriangle size={18} />}
        >
          <Text size="xs">{sayProblem(problem, t)}</Text>
        </Alert>
      ))}
    </Stack>
  );
}
