import { Button, FileButton, Group, Text, Textarea } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useListWords } from "../words";

/** Ids of people, pasted or out of a CSV file. */
export function PeopleInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const t = useListWords();
  return (
    <div>
      <Textarea
        label={t("whom")}
        description={t("whom_hint")}
        placeholder={"c00042\nc00043"}
        autosize
        minRows={5}
        maxRows={12}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group mt="xs" gap="xs">
        <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void file?.text().then(onChange)}>
          {(props) => (
            <Button {...props} variant="default" size="xs" leftSection={<IconUpload size={14} />}>
              {t("from_csv")}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed">
          {t("csv_hint")}
        </Text>
      </Group>
    </div>
  );
}
