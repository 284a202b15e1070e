import { Alert, Button, Group, List, Loader, Stack, Text } from "@mantine/core";
import { IconBuildingStore, IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { DemoDataTold } from "@/api/answers";
import { formatNumber } from "@/lib/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { RoleButton } from "@/ui/RoleButton";
import { useHomeWords } from "../words";

interface Props {
  data: DemoDataTold;
  onRemove: () => Promise<unknown>;
}

/** While made people are here: a calm line that says so, with the way out; then what became of it. */
export function DemoLine({ data, onRemove }: Props) {
  const t = useHomeWords();
  const [isAsking, setAsking] = useState(false);
  const [hasAsked, setAsked] = useState(false);
  if (data.state === "removed") {
    return hasAsked && data.removal ? <Removed data={data} onClose={() => setAsked(false)} /> : null;
  }
  if (data.state === "none") return null;
  const isRemoving = data.state === "removing";
  const remove = async () => {
    await onRemove();
    setAsked(true);
  };
  return (
    <Alert icon={<IconBuildingStore size={18} />} p="sm" mb="lg">
      <Group justify="space-between" gap="sm">
        <Text fz="sm" flex="1 1 260px" role="status">
          {t(isRemoving ? "demo.removing" : "demo.here")}
        </Text>
        {isRemoving ? (
          <Loader size="sm" aria-hidden="true" />
        ) : (
          <RoleButton scope="admin" variant="default" size="xs" onClick={() => setAsking(true)}>
            {t("demo.remove")}
          </RoleButton>
        )}
      </Group>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t("demo.askTitle")}
        act={t("demo.removeAct")}
        danger
        onAct={remove}
      >
        <Stack gap="xs">
          <Text>
            {data.people === null
              ? t("demo.askSome")
              : t("demo.ask", { count: data.people, shown: formatNumber(data.people) })}
          </Text>
          <Text>{t("demo.askStays")}</Text>
        </Stack>
      </ConfirmDialog>
    </Alert>
  );
}

function Removed({ data, onClose }: { data: DemoDataTold; onClose: () => void }) {
  const t = useHomeWords();
  if (!data.removal) return null;
  const { people, people_left, definitions, definitions_left } = data.removal;
  return (
    <Alert color="green" icon={<IconCircleCheck size={18} />} p="sm" mb="lg" role="status">
      <Stack gap="xs" align="flex-start">
        <Text fz="sm">{t("demo.removed", { people: formatNumber(people), count: definitions })}</Text>
        {people_left > 0 && (
          <Text fz="sm">{t("demo.peopleLeft", { count: people_left, shown: formatNumber(people_left) })}</Text>
        )}
        {definitions_left.length > 0 && (
          <div>
            <Text fz="sm">{t("demo.left")}</Text>
            <List size="sm">
              {definitions_left.map(({ kind, id, why }) => (
                <List.Item key={`${kind}:${id}`}>
                  {t(`demo.kinds.${kind}`)} {id}: {t(`demo.why.${why}`)}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        <Button variant="default" size="xs" onClick={onClose}>
          {t("demo.close")}
        </Button>
      </Stack>
    </Alert>
  );
}
