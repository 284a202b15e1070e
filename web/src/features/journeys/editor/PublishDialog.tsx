import { Alert, Button, Group, Loader, Modal, Radio, Stack, Text, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCircleCheck, IconExclamationCircle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "@/api/client";
import { formatInstant } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { RoleButton } from "@/ui/RoleButton";
import { checkJourney, publishJourney } from "../data/journeys";
import { namesIn, type Problem } from "../graph/check";
import { ENTRY } from "../graph/definition";
import { InstantField } from "../steps/fields/InstantField";
import { useJourneyWords } from "../words";
import { sayProblem } from "../words-problems";

interface Props {
  id: string;
  /** Makes sure that the draft is kept as it is seen. */
  keep: () => Promise<void>;
  /** People who are inside an earlier version. */
  inside: number;
  close: () => void;
  goTo: (step: string) => void;
  published: () => void;
}

function ProblemRow({ problem, goTo }: { problem: Problem; goTo: (step: string) => void }) {
  const t = useJourneyWords();
  const [field, step] = namesIn(problem.path);
  const error = problem.severity === "error";
  return (
    <UnstyledButton
      onClick={() => goTo(field === "steps" && step ? step : ENTRY)}
      p="xs"
      style={{ borderRadius: 8, background: "var(--mantine-color-default-hover)" }}
    >
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {error ? (
          <IconExclamationCircle size={18} color="var(--mantine-color-error)" />
        ) : (
          <IconAlertTriangle size={18} color="light-dark(#9a5b00, #e2b15f)" />
        )}
        <div>
          <Text size="sm">{sayProblem(problem, t)}</Text>
          <Text size="xs" c="dimmed">
            {field === "steps" && step ? t("publish.ofStep", { step }) : t("publish.ofSettings")}
          </Text>
        </div>
      </Group>
    </UnstyledButton>
  );
}

export function PublishDialog({ id, keep, inside, close, goTo, published }: Props) {
  const t = useJourneyWords();
  const queries = useQueryClient();
  const [when, setWhen] = useState<"now" | "later">("now");
  const [at, setAt] = useState<string | undefined>(undefined);
  const checked = useQuery({
    queryKey: ["journey", id, "check", "before publishing"],
    queryFn: async () => {
      await keep();
      return checkJourney(id);
    },
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const publish = useMutation({
    mutationFn: () => publishJourney(id, when === "later" ? at : undefined),
    onSuccess: async () => {
      void queries.invalidateQueries({ queryKey: ["journeys"] });
      // Its results send back whoever comes before the version is known.
      await queries.invalidateQueries({ queryKey: ["journey", id] });
      notifications.show({
        color: "green",
        message: when === "later" && at ? t("publish.doneLater", { at: formatInstant(at) }) : t("publish.done"),
      });
      published();
    },
  });
  const problems = checked.data?.problems ?? [];
  const errors = problems.filter((one) => one.severity === "error");
  const warnings = problems.filter((one) => one.severity === "warning");
  const refused =
    publish.error instanceof ApiProblem ? publish.error : checked.error instanceof ApiProblem ? checked.error : null;
  return (
    <Modal
      closeButtonProps={{ "aria-label": t("inspector.close") }}
      opened
      onClose={close}
      title={<Text fw={600}>{t("publish.title")}</Text>}
      size="lg"
    >
      <Stack gap="md">
        {checked.isPending && (
          <Group gap="xs">
            <Loader size="sm" />
            <Text size="sm">{t("publish.checking")}</Text>
          </Group>
        )}
        {checked.isSuccess && !errors.length && (
          <Alert color="green" variant="light" icon={<IconCircleCheck size={20} />}>
            {warnings.length ? t("publish.soundBut", { count: warnings.length }) : t("publish.sound")}
          </Alert>
        )}
        {errors.length > 0 && <Text size="sm">{t("publish.errors", { count: errors.length })}</Text>}
        {[...errors, ...warnings].map((problem) => (
          <ProblemRow key={`${problem.code} ${problem.path}`} problem={problem} goTo={goTo} />
        ))}
        {checked.isSuccess && !errors.length && (
          <>
            <Text size="sm" c="dimmed">
              {inside ? t("publish.inside", { count: inside }) : t("publish.first")}
            </Text>
            <Radio.Group value={when} onChange={(next) => setWhen(next as "now" | "later")} label={t("publish.when")}>
              <Group mt="xs">
                <Radio value="now" label={t("publish.now")} />
                <Radio value="later" label={t("publish.later")} />
              </Group>
            </Radio.Group>
            {when === "later" && <InstantField label={t("publish.at")} value={at} change={setAt} />}
          </>
        )}
        {refused && <ErrorNote error={refused} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("publish.back")}
          </Button>
          <RoleButton
            scope="definitions:write"
            disabled={!checked.isSuccess || errors.length > 0 || (when === "later" && !at)}
            loading={publish.isPending}
            onClick={() => publish.mutate()}
          >
            {when === "later" ? t("publish.plan") : t("publish.publish")}
          </RoleButton>
        </Group>
      </Stack>
    </Modal>
  );
}
