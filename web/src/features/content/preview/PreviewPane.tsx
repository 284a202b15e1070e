import { Alert, Card, Group, List, SegmentedControl, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useEventNames } from "@/lib/suggestions";
import { ErrorNote } from "@/ui/ErrorNote";
import { type Fault, type Looked, type Person, type Preview, type Rendered, usePreview } from "../api";
import { SmsCounter } from "../editor/SmsCounter";
import { useContentWords } from "../words";
import { nameOf, PersonPicker } from "./PersonPicker";
import { type Device, PreviewFrame } from "./PreviewFrame";

interface Props {
  looked: Looked;
  person: Person | null;
  onPerson: (person: Person | null) => void;
  eventName: string | null;
  onEventName: (name: string | null) => void;
  onFaults: (faults: Fault[]) => void;
}

/** The last one that could be rendered, while the newest can not. */
function useLastRendered(preview: Preview | undefined): Rendered | null {
  const [last, setLast] = useState<Rendered | null>(null);
  const rendered = preview?.rendered ?? null;
  useEffect(() => {
    if (rendered) setLast(rendered);
  }, [rendered]);
  return rendered ?? last;
}

function Faults({ faults }: { faults: Fault[] }) {
  const t = useContentWords();
  return (
    <Alert color="red" variant="light" title={t("problems")}>
      <List size="sm">
        {faults.map((one) => (
          <List.Item key={`${one.pointer} ${one.message}`}>{one.message}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** Looks at the template as it stands, as a person, on a phone or a desk. */
export function PreviewPane({ looked, person, onPerson, eventName, onEventName, onFaults }: Props) {
  const t = useContentWords();
  const [device, setDevice] = useState<Device>(() =>
    window.matchMedia("(max-width: 48em)").matches ? "phone" : "desktop",
  );
  const [asked] = useDebouncedValue(looked, 350);
  const { data, error } = usePreview(asked);
  const events = useEventNames();
  const said = useLastRendered(data);
  const channel = looked.template.channel;
  useEffect(() => onFaults(data?.problems ?? []), [data, onFaults]);
  return (
    <Card withBorder padding="lg" component="section" aria-label={t("preview.title")}>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("preview.title")}
          </Title>
          {channel === "email" || channel === "in_app" ? (
            <SegmentedControl
              size="xs"
              value={device}
              onChange={(chosen) => setDevice(chosen as Device)}
              data={(["desktop", "phone", "text"] as const).map((one) => ({ value: one, label: t(`preview.${one}`) }))}
            />
          ) : null}
        </Group>
        <Group grow>
          <PersonPicker chosen={person} onChosen={onPerson} />
          <Select
            label={t("preview.event")}
            placeholder={t("preview.event_none")}
            data={events}
            value={eventName}
            onChange={onEventName}
            searchable
            clearable
          />
        </Group>
        {error ? <ErrorNote error={error} /> : null}
        {data?.problems.length ? <Faults faults={data.problems} /> : null}
        {data && !data.rendered ? (
          <Text size="sm" c="dimmed">
            {t(said ? "preview.broken" : "preview.nothing")}
          </Text>
        ) : null}
        {said && said.channel === channel ? (
          <PreviewFrame said={said} device={device} person={person ? nameOf(person) : t("preview.person_none")} />
        ) : data ? null : (
          <Skeleton h={420} />
        )}
        {said && channel === "sms" ? <SmsCounter text={said.body ?? ""} /> : null}
      </Stack>
    </Card>
  );
}
