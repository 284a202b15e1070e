import { Box, Button, Collapse, Group, Text, ThemeIcon } from "@mantine/core";
import {
  type Icon,
  IconArrowRight,
  IconBolt,
  IconBrowser,
  IconCircleX,
  IconDeviceMobile,
  IconDoorEnter,
  IconDoorExit,
  IconMail,
  IconMessage,
  IconShieldCheck,
  IconTargetArrow,
} from "@tabler/icons-react";
import { useState } from "react";
import { eventLabel } from "@/lib/event-labels";
import type { Moment } from "../moments";
import { usePeopleWords } from "../words";
import { SourceLink } from "./Facts";

const CHANNEL_SIGNS: Record<string, Icon> = { email: IconMail, sms: IconMessage, push: IconDeviceMobile };
const DECISION_SIGNS: Record<string, Icon> = {
  started: IconDoorEnter,
  ended: IconDoorExit,
  goal: IconTargetArrow,
  suppressed: IconCircleX,
};
const OPEN = new Set(["queued", "ready", "claimed"]);

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

type Names = (kind: string, id: string) => string;

const DEFINITIONS = ["journey", "campaign", "segment", "template", "prediction", "list"];

/** The first properties of an event in one line; what names a definition says how people call it. */
function summary(properties: unknown, names: Names): string {
  if (properties === null || typeof properties !== "object") return "";
  return Object.entries(properties)
    .filter(([name, value]) => name !== "message_id" && ["string", "number", "boolean"].includes(typeof value))
    .slice(0, 3)
    .map(([name, value]) => `${name}: ${DEFINITIONS.includes(name) ? names(name, String(value)) : String(value)}`)
    .join(" · ");
}

/** One thing that happened: what, why, and when. */
export function MomentRow({ moment, time, names }: { moment: Moment; time: string; names: Names }) {
  const t = usePeopleWords();
  const { item } = moment;
  const { sign: Sign, color, title, detail } = describe(moment, t, names);
  return (
    <Box component="li" py={7} style={{ borderTop: "1px solid var(--mantine-color-default-border)" }}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <ThemeIcon size={26} radius="xl" variant="light" color={color} aria-hidden="true">
          <Sign size={15} stroke={1.7} />
        </ThemeIcon>
        <Box flex={1} miw={0}>
          <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
            {title}
            {moment.source && moment.sourceName && moment.group === "decided" && (
              <>
                {" "}
                <SourceLink source={moment.source} name={moment.sourceName} />
              </>
            )}
          </Text>
          {detail && (
            <Text fz="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {detail}
            </Text>
          )}
          {moment.kind === "message" && text(item.body) && <MessageView item={item} />}
        </Box>
        <Text component="time" dateTime={moment.at} fz="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {time}
        </Text>
      </Group>
    </Box>
  );
}

interface Told {
  sign: Icon;
  color: string;
  title: string;
  detail: string;
}

function describe(moment: Moment, t: (key: string, values?: object) => string, names: Names): Told {
  const { item, kind, sentence = "" } = moment;
  const channel = text(item.channel);
  const channelName = channel ? t(`channel.${channel}`) : "";
  if (moment.group === "sent") {
    const status = text(item.status);
    const word = status === "sent" ? "sentBy" : OPEN.has(status) ? "waits" : "notSent";
    const subject = text(item.subject);
    return {
      sign: CHANNEL_SIGNS[channel] ?? IconBrowser,
      color: status === "sent" ? "green" : OPEN.has(status) ? "gray" : "red",
      title: `${t(word, { channel: channelName })}${subject ? ` · ${subject}` : ""}`,
      detail: sentence || text(item.reason),
    };
  }
  if (moment.group === "decided") {
    return {
      sign: DECISION_SIGNS[kind] ?? IconArrowRight,
      color: kind === "goal" ? "green" : kind === "suppressed" ? "red" : "indigo",
      title: sentence || text(item.step) || text(item.status),
      detail: sentence ? "" : text(item.reason),
    };
  }
  if (kind === "consent") {
    const source = text(item.source);
    return {
      sign: IconShieldCheck,
      color: item.state === "subscribed" ? "green" : "yellow",
      title: t(item.state === "subscribed" ? "consentOn" : "consentOff", { channel: channelName }),
      detail: source ? t("consentSource", { source }) : "",
    };
  }
  return { sign: IconBolt, color: "gray", title: eventLabel(text(item.name)), detail: summary(item.properties, names) };
}

/** The message as it was rendered: mail in a frame without scripts, the rest as text. */
function MessageView({ item }: { item: Record<string, unknown> }) {
  const t = usePeopleWords();
  const [isOpen, setOpen] = useState(false);
  const body = text(item.body);
  if (!item.html) {
    return (
      <Text fz="sm" mt={4} p="xs" style={{ background: "var(--sunk)", borderRadius: 8, whiteSpace: "pre-wrap" }}>
        {body}
      </Text>
    );
  }
  return (
    <>
      <Button variant="subtle" size="compact-xs" mt={2} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
        {t(isOpen ? "closeMessage" : "openMessage")}
      </Button>
      <Collapse expanded={isOpen}>
        {isOpen && (
          <iframe
            title={t("messageOf")}
            sandbox=""
            srcDoc={body}
            style={{
              width: "100%",
              height: 420,
              border: "1px solid var(--mantine-color-default-border)",
              borderRadius: 8,
              background: "#fff",
            }}
          />
        )}
      </Collapse>
    </>
  );
}
