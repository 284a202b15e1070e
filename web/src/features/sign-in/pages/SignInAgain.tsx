import { Modal, Stack, Text } from "@mantine/core";
import type { Session } from "@/lib/session";
import { DemoEntry, PasswordForm } from "../parts/Entries";
import { useSignInWords } from "../words";

/** Before the page of somebody whose session has ended: the page and what they typed in it stay, they sign in again and go on. */
export function SignInAgain({ session }: { session: Session }) {
  const t = useSignInWords();
  return (
    <Modal
      opened
      onClose={() => {}}
      title={t("againTitle")}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      zIndex={1000}
      overlayProps={{ blur: 2 }}
    >
      <Stack>
        <Text c="dimmed">{t("again")}</Text>
        {session.demo ? <DemoEntry /> : <PasswordForm start={session.user?.email ?? ""} />}
      </Stack>
    </Modal>
  );
}
