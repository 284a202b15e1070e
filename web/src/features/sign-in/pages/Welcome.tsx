import { Button, Center, Loader, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { api } from "@/api/client";
import { setUser, type User } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { Door } from "../Door";
import { useSignInWords } from "../words";

interface Opened {
  purpose: "start" | "password" | "enter";
  email: string;
  name: string;
}

interface Chosen {
  email?: string;
  name?: string;
  password?: string;
}

/** What a link that works once leads to: the first admin's account, a password to choose, or straight in. */
export function Welcome() {
  const t = useSignInWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [token] = useState(() => window.location.hash.slice(1));
  const opened = useQuery({
    queryKey: ["session", "link", token],
    queryFn: () => api<Opened>("POST", "/api/v1/session/link", { body: { token } }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const use = useMutation({
    mutationFn: (chosen: Chosen) => api<{ user: User }>("PUT", "/api/v1/session/link", { body: { token, ...chosen } }),
    onSuccess: async ({ user }) => {
      setUser(queries, user);
      await navigate({ to: "/", replace: true });
    },
  });
  const { mutate, isIdle } = use;
  const entersAtOnce = opened.data?.purpose === "enter";
  useEffect(() => {
    if (entersAtOnce && isIdle) mutate({});
  }, [entersAtOnce, isIdle, mutate]);
  const isWaiting = opened.isPending || (entersAtOnce && !use.isError);
  return (
    <Door>
      {isWaiting ? (
        <Center py="xl">
          <Loader />
        </Center>
      ) : opened.isError || entersAtOnce ? (
        <Stack>
          <Title order={1} fz="lg">
            {t("spentTitle")}
          </Title>
          <Text c="dimmed">{t("spent")}</Text>
          <Button onClick={() => void navigate({ to: "/", replace: true })}>{t("toSignIn")}</Button>
        </Stack>
      ) : (
        <Choice opened={opened.data} isBusy={use.isPending} error={use.error} onChoose={mutate} />
      )}
    </Door>
  );
}

interface Props {
  opened: Opened;
  isBusy: boolean;
  error: unknown;
  onChoose: (chosen: Chosen) => void;
}

function Choice({ opened, isBusy, error, onChoose }: Props) {
  const t = useSignInWords();
  const isFirst = opened.purpose === "start";
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChoose(isFirst ? { email, name, password } : { password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1} fz="lg">
            {t(isFirst ? "startTitle" : "chooseTitle")}
          </Title>
          <Text c="dimmed">{isFirst ? t("start") : t("choose", { email: opened.email })}</Text>
        </div>
        {isFirst && (
          <>
            <TextInput
              label={t("name")}
              autoComplete="name"
              value={name}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            <TextInput
              label={t("email")}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={email}
              onChange={(e) => setEmail(e.currentTarget.value)}
            />
          </>
        )}
        <PasswordInput
          label={t("password")}
          description={t("rule")}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={10}
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
        />
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" size="md" loading={isBusy}>
          {t(isFirst ? "startSubmit" : "chooseSubmit")}
        </Button>
      </Stack>
    </form>
  );
}
