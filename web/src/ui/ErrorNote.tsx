import { Alert, Button, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiProblem } from "@/api/client";
import { ProblemText } from "./ProblemText";
import { useUiWords } from "./words";

function kindOf(
  error: unknown,
): "unreachable" | "signedOut" | "notAllowed" | "notFound" | "conflict" | "busy" | "ourFault" | "wrong" {
  if (!(error instanceof ApiProblem)) return "ourFault";
  if (error.status === 0) return "unreachable";
  if (error.status === 401) return "signedOut";
  if (error.status === 403) return "notAllowed";
  if (error.status === 404) return "notFound";
  if (error.status === 409) return "conflict";
  if (error.status === 429 || error.status === 503) return "busy";
  return error.status >= 500 ? "ourFault" : "wrong";
}

interface Props {
  /** Nothing is shown where there is none. */
  error: unknown;
  /** What went wrong, where the kind of error says too little. */
  title?: string;
  onRetry?: () => void;
}

/** Tells an error of the server (any thrown value) with what to do next. Put it where the answer would stand, or above a form's buttons. */
export function ErrorNote({ error, title, onRetry }: Props) {
  const t = useUiWords();
  if (!error) return null;
  const kind = kindOf(error);
  const problem = error instanceof ApiProblem ? error : null;
  const told = (problem?.errors ?? []).map((one) => (typeof one === "string" ? { code: "", message: one } : one));
  const [only] = told;
  // What is missing is said by the title; the server's sentence is for programs.
  const isTold =
    problem !== null &&
    problem.status > 0 &&
    kind !== "notFound" &&
    kind !== "signedOut" &&
    problem.code !== "not_allowed";
  const hasNext = kind !== "conflict" && kind !== "wrong";
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={title ?? t(kind)} role="alert" maw={720}>
      {isTold && told.length < 2 && (
        <Text component="div">
          <ProblemText problem={only ?? problem} />
        </Text>
      )}
      {told.length > 1 && (
        <List size="sm">
          {told.map((one) => (
            <List.Item key={`${one.code} ${one.message}`}>
              <ProblemText problem={one} />
            </List.Item>
          ))}
        </List>
      )}
      {hasNext && <Text c="dimmed">{t(`${kind}Next`)}</Text>}
      {onRetry && kind !== "notAllowed" && kind !== "notFound" && (
        <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </Alert>
  );
}
