import { Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import type { Session } from "@/lib/session";
import { Door } from "../Door";
import { DemoEntry, PasswordForm } from "../parts/Entries";
import { useSignInWords } from "../words";

/** Address and password; in the demo one button. */
export function SignIn({ session }: { session: Session }) {
  const t = useSignInWords();
  useEffect(() => {
    document.title = `${t("title")} · relance`;
  }, [t]);
  const kind = session.demo ? "demo" : session.first ? "first" : "";
  return (
    <Door>
      <Stack>
        <Title order={1} fz="lg">
          {t(kind ? `${kind}Title` : "title")}
        </Title>
        {kind && <Text c="dimmed">{t(kind)}</Text>}
        {session.demo ? <DemoEntry /> : !session.first && <PasswordForm />}
      </Stack>
    </Door>
  );
}
