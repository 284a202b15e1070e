import { Text } from "@mantine/core";
import type { FieldProblem } from "@/api/client";
import { sayProblem } from "@/lib/problem-words";

/** What is wrong, in the language of the screen; the server's own sentence below it where that is in another. */
export function ProblemText({ problem }: { problem: Pick<FieldProblem, "code" | "message"> }) {
  const { text, detail } = sayProblem(problem);
  return (
    <>
      {text}
      {detail && (
        <Text component="span" display="block" fz="xs" c="dimmed" lang="en">
          {detail}
        </Text>
      )}
    </>
  );
}
