import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiProblem, api } from "@/api/client";
import { setUser, type User } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { useSignInWords } from "../words";

/** One button, in the demo. */
export function DemoEntry() {
  const t = useSignInWords();
  const queries = useQueryClient();
  const enter = useMutation({
    mutationFn: () => api<{ user: User }>("POST", "/api/v1/session/demo"),
    onSuccess: ({ user }) => setUser(queries, user),
  });
  return (
    <Stack gap="sm">
      {enter.isError && <ErrorNote error={enter.error} />}
      <Button size="md" loading={enter.isPending} onClick={() => enter.mutate()}>
        {t("demoSubmit")}
      </Button>
    </Stack>
  );
}

/** Address and password. */
export function PasswordForm({ start = "" }: { start?: string }) {
  const t = useSignInWords();
  const queries = useQueryClient();
  const [email, setEmail] = useState(start);
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
