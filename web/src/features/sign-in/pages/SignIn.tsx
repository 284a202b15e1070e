import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { ApiProblem, api } from "@/api/client";
import { type Session, setUser, type User } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { Door } from "../Door";
import { useSignInWords } from "../words";

/** Address and password; in the demo one button. */
export function SignIn({ session }: { session: Session }) {
  const t = useSignInWords();
  useEffect(() => {
    document.title = `${t("title")} · relance`;
  }, [t]);
  return (
    <Door>
      <Stack gap="lg">
        {session.demo && <DemoEntry />}
        {session.first ? <FirstNote /> : !session.demo && <PasswordForm />}
      </Stack>
    </Door>
  );
}

function DemoEntry() {
  const t = useSignInWords();
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: () => api<{ user: User }>("POST", "/api/v1/session/demo"),
    onSuccess: ({ user }) => setUser(queries, user),
  });
  return (
    <Stack gap="sm">
      <Title order={1} fz="lg">
        {t("demoTitle")}
      </Title>
      <Text c="dimmed">{t("demo")}</Text>
      {enter.isError && <ErrorNote error={enter.error} />}
      <Button size="md" loading={enter.isPending} onClick={() => enter.mutate()}>
        {t("demoSubmit")}
      </Button>
    </Stack>
  );
}

function FirstNote() {
  const t = useSignInWords();
  return (
    <Stack gap="xs">
      <Title order={1} fz="lg">
        {t("firstTitle")}
      </Title>
      <Text c="dimmed">{t("first")}</Text>
    </Stack>
  );
}

function PasswordForm() {
  const t = useSignInWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => api<{ user: User }>("POST", "/api/v1/session", { body: { email, password } }),
    onSuccess: ({ user }) => setUser(queries, user),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const isWrong = signIn.error instanceof ApiProblem && signIn.error.code === "sign_in_failed";
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={1} fz="lg">
          {t("title")}
        </Title>
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.isError &&
          (isWrong ? (
            <Alert color="red" role="alert">
              {t("failed")}
            </Alert>
          ) : (
            <ErrorNote error={signIn.error} />
          ))}
        <Button type="submit" size="md" loading={signIn.isPending}>
          {t("submit")}
        </Button>
        <Text fz="xs" c="dimmed">
          {t("forgot")}
        </Text>
      </Stack>
    </form>
  );
}
