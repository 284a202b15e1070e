import { Checkbox, List, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ErasureTold } from "@/api/answers";
import { api } from "@/api/client";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { usePeopleWords } from "../words";

interface Props {
  userId: string;
  name: string;
  opened: boolean;
  onClose: () => void;
}

const GOES = ["who", "did", "sent", "stands"] as const;
const STAYS = ["figures", "refusals", "others"] as const;

/** Says what goes and what stays when somebody is erased, and wants their id typed. */
export function EraseDialog({ userId, name, opened, onClose }: Props) {
  const t = usePeopleWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [suppress, setSuppress] = useState(false);
  const erase = async () => {
    await api<ErasureTold>("DELETE", `/api/v1/profiles/${encodeURIComponent(userId)}`, { body: { suppress } });
    // Nothing of them stays in this browser either.
    await navigate({ to: "/people", replace: true });
    queries.removeQueries({ queryKey: ["person", userId] });
    await queries.invalidateQueries();
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={() => {
        setTyped("");
        onClose();
      }}
      title={t("eraseTitle", { name })}
      act={t("eraseAct")}
      danger
      isReady={typed.trim() === userId}
      onAct={erase}
    >
      <Stack gap="sm">
        <Text size="sm">{t("eraseAbout")}</Text>
        <Text size="sm" fw={600}>
          {t("eraseGoes")}
        </Text>
        <List size="sm" spacing={4}>
          {GOES.map((one) => (
            <List.Item key={one}>{t(`goes.${one}`)}</List.Item>
          ))}
        </List>
        <Text size="sm" fw={600}>
          {t("eraseStays")}
        </Text>
        <List size="sm" spacing={4}>
          {STAYS.map((one) => (
            <List.Item key={one}>{t(`stays.${one}`)}</List.Item>
          ))}
        </List>
        <Checkbox
          checked={suppress}
          onChange={(event) => setSuppress(event.currentTarget.checked)}
          label={t("eraseSuppress")}
          description={t("eraseSuppressAbout")}
        />
        <TextInput
          label={t("eraseType", { id: userId })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Stack>
    </ConfirmDialog>
  );
}
