import { Box, Stack, Table, Text } from "@mantine/core";
import type { Rendered } from "../api";
import { useContentWords } from "../words";
import classes from "./PreviewFrame.module.css";

export type Device = "desktop" | "phone" | "text";

/** An email as a mail program shows it: no script, no form, no way out of its frame. */
function Email({ said, device, person }: { said: Rendered; device: Device; person: string }) {
  const t = useContentWords();
  const plain = device === "text" || !said.html;
  return (
    <div className={classes.mail} data-device={device}>
      <div className={classes.head}>
        <Text fw={600} size="sm">
          {said.subject || "–"}
        </Text>
      </div>
      {plain ? (
        <pre className={classes.plain}>{device === "text" ? said.text : said.body}</pre>
      ) : (
        <iframe className={classes.frame} title={t("preview.frame", { person })} sandbox="" srcDoc={said.body ?? ""} />
      )}
    </div>
  );
}

function Push({ said }: { said: Rendered }) {
  const t = useContentWords();
  return (
    <div className={classes.phone}>
      <div className={classes.notice}>
        <Text size="xs" c="dimmed" ta="end">
          {t("preview.from_now")}
        </Text>
        {said.title ? (
          <Text size="sm" fw={600}>
            {said.title}
          </Text>
        ) : null}
        <Text size="sm">{said.body}</Text>
      </div>
      {said.link ? (
        <Text size="xs" c="dimmed" ta="center" className={classes.link}>
          {said.link}
        </Text>
      ) : null}
    </div>
  );
}

function Webhook({ said }: { said: Rendered }) {
  const t = useContentWords();
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {t("preview.request")}
      </Text>
      <Text ff="monospace" size="sm" className={classes.link}>
        {said.method} {said.url}
      </Text>
      <Table>
        <Table.Tbody>
          {Object.entries(said.headers).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td className={classes.link}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <pre className={classes.plain}>{said.body}</pre>
    </Stack>
  );
}

/** A message as one person gets it, on its channel. */
export function PreviewFrame({ said, device, person }: { said: Rendered; device: Device; person: string }) {
  if (said.channel === "email") return <Email said={said} device={device} person={person} />;
  if (said.channel === "webhook") return <Webhook said={said} />;
  if (said.channel === "sms") {
    return (
      <div className={classes.phone}>
        <div className={classes.bubble}>{said.body}</div>
      </div>
    );
  }
  if (said.channel === "in_app" && said.html) {
    return (
      <Box className={classes.mail} data-device={device}>
        <Email said={{ ...said, subject: said.title }} device={device} person={person} />
      </Box>
    );
  }
  return <Push said={said} />;
}
