import { Alert, Button, Card, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { useSession } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { useSettingsWords } from "../words";

/** Who one is, and another password. */
export function Account() {
  const t = useSettingsWords();
  const session = useSession().data;
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const change = useMutation({
    mutationFn: () => api("POST", "/api/v1/session/password", { body: { current, new: chosen } }),
    onSuccess: () => {
      setCurrent("");
      setChosen("");
    },
  });
  if (!session?.user) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Stack maw={460}>
      <Text c="dimmed">
        {t("account.about", { email: session.user.email, role: t(`users.roles.${session.user.role}`) })}
      </Text>
      <Card>
        <Title order={2} mb="sm">
          {t("account.password")}
        </Title>
        {session.demo ? (
          <Text c="dimmed">{t("account.demo")}</Text>
        ) : (
          <form onSubmit={submit}>
            <Stack>
              <PasswordInput
                label={t("account.current")}
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.currentTarget.value)}
              />
              <PasswordInput
                label={t("account.new")}
                description={t("account.rule")}
                autoComplete="new-password"
                required
                minLength={10}
                value={chosen}
                onChange={(event) => setChosen(event.currentTarget.value)}
              />
              {change.isError && <ErrorNote error={change.error} />}
              {change.isSuccess && (
                <Alert color="green" role="status">
                  {t("account.saved")}
                </Alert>
              )}
              <Button type="submit" loading={change.isPending} w="fit-content">
                {t("account.save")}
              </Button>
            </Stack>
          </form>
        )}
      </Card>
    </Stack>
  );
}
