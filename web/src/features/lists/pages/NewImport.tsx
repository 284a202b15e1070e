import {
  Alert,
  Button,
  Code,
  FileButton,
  Group,
  JsonInput,
  Paper,
  Progress,
  Skeleton,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { api } from "@/api/client";
import { formatShare } from "@/lib/format";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton } from "@/ui/RoleButton";
import { WarningNote } from "@/ui/WarningNote";
import { type ImportShown, sendFile, useLook } from "../data";
import { mappingOf, rolesOf } from "../mapping";
import { MappingTable } from "../parts/MappingTable";
import { useListWords } from "../words";

const TAKEN = ".csv,.jsonl,.ndjson,.parquet,.gz,.zst";

function Choose({ onSent }: { onSent: (file: string) => void }) {
  const t = useListWords();
  const [share, setShare] = useState<number | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [over, setOver] = useState(false);
  const stop = useRef<AbortController | null>(null);

  async function send(file: File | null | undefined) {
    if (!file) return;
    stop.current = new AbortController();
    setFailed(null);
    setShare(0);
    const sent = await sendFile(file, setShare, stop.current.signal).catch((e: unknown) => {
      if (!(e instanceof DOMException)) setFailed(e);
      return null;
    });
    setShare(null);
    if (sent) onSent(sent.file);
  }

  return (
    <Stack>
      <ErrorNote error={failed} />
      <Paper
        withBorder
        style={{ borderStyle: "dashed", ...(over ? { borderColor: "var(--mantine-primary-color-filled)" } : {}) }}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void send(event.dataTransfer.files[0]);
        }}
      >
        {share === null ? (
          <EmptyState icon={<IconFileImport size={24} />} title={t("drop_title")} text={t("drop_text")}>
            <FileButton accept={TAKEN} onChange={(file) => void send(file)}>
              {(props) => (
                <RoleButton scope="profiles:write" {...props}>
                  {t("choose_file")}
                </RoleButton>
              )}
            </FileButton>
          </EmptyState>
        ) : (
          <Stack p="xl" align="center">
            <Text>{t("sending", { share: formatShare(share, 0) })}</Text>
            <Progress value={share * 100} w="100%" maw={420} aria-label={t("progress")} />
            <Button variant="default" onClick={() => stop.current?.abort()}>
              {t("cancel")}
            </Button>
          </Stack>
        )}
      </Paper>
    </Stack>
  );
}

function MapColumns({ file, onBack }: { file: string; onBack: () => void }) {
  const t = useListWords();
  const go = useNavigate();
  const [mapping, setMapping] = useState<Record<string, unknown> | null>(null);
  const [live, setLive] = useState(false);
  const { data: look, error, refetch } = useLook(file, mapping);
  const begin = useMutation({
    mutationFn: () =>
      api<ImportShown>("POST", "/api/v1/imports", { body: { file, mapping: look?.mapping ?? null, live } }),
    onSuccess: (one) => go({ to: "/imports/$number", params: { number: String(one.id) } }),
  });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!look) return <Skeleton h={320} />;
  const used = mapping ?? look.mapping;
  const roles = used ? rolesOf(used, look.columns) : null;
  return (
    <Stack gap="lg">
      {look.guessed && !mapping && (
        <Alert variant="light" color="indigo">
          {t("guessed")}
        </Alert>
      )}
      {used === null && look.problems.length === 0 && <Text size="sm">{t("tells_itself")}</Text>}
      {roles && used && (
        <MappingTable look={look} roles={roles} onChange={(next) => setMapping(mappingOf(next, used))} />
      )}
      {!roles && (used !== null || look.problems.length > 0) && (
        <JsonInput
          label={t("mapping")}
          description={t("mapping_hint")}
          autosize
          minRows={8}
          formatOnBlur
          defaultValue={JSON.stringify(used ?? { events: [] }, null, 2)}
          onBlur={(event) => {
            try {
              setMapping(JSON.parse(event.currentTarget.value) as Record<string, unknown>);
            } catch {
              // what is no JSON yet is marked by the field itself
            }
          }}
        />
      )}
      <WarningNote problems={look.problems} />
      {look.rejects.length > 0 && (
        <WarningNote
          problems={look.rejects.slice(0, 5).map((one) => ({
            code: one.code,
            message: t("reject_line", { row: one.row, column: one.column ?? "", message: one.message }),
          }))}
        />
      )}
      {look.events.length > 0 && (
        <div>
          <Title order={2} fz="sm" mb="xs">
            {t("first_events")}
          </Title>
          <Code block tabIndex={0} fz="xs" mah={280} style={{ overflow: "auto" }}>
            {look.events
              .slice(0, 3)
              .map((event) => JSON.stringify(event, null, 1))
              .join("\n")}
          </Code>
        </div>
      )}
      <Switch
        label={t("live_switch")}
        description={t("live_hint")}
        checked={live}
        onChange={(event) => setLive(event.currentTarget.checked)}
      />
      <ErrorNote error={begin.error} />
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t("other_file")}
        </Button>
        <RoleButton
          scope="profiles:write"
          disabled={look.problems.length > 0}
          loading={begin.isPending}
          onClick={() => begin.mutate()}
        >
          {t("begin_import")}
        </RoleButton>
      </Group>
    </Stack>
  );
}

export function NewImport() {
  const t = useListWords();
  const [file, setFile] = useState<string | null>(null);
  return (
    <>
      <PageHead title={t("import_new")} about={t("import_about")} up={{ to: "/imports", label: t("imports") }} />
      {file === null ? <Choose onSent={setFile} /> : <MapColumns key={file} file={file} onBack={() => setFile(null)} />}
    </>
  );
}
