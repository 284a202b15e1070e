import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconDoorExit,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { RoleItem } from "@/ui/RoleButton";
import type { ShownJourney, Verb } from "../data/journeys";
import { useJourneyWords } from "../words";
import { DropDraftDialog, LifecycleDialog } from "./LifecycleDialog";

const ICONS = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  close: IconDoorExit,
  stop: IconPlayerStop,
  archive: IconArchive,
  restore: IconArchiveOff,
};

/** What leads on from a state. */
export function verbsOf(shown: ShownJourney): Verb[] {
  if (shown.archived_at) return ["restore"];
  const inside = shown.people.some((one) => one.people > 0);
  switch (shown.state) {
    case "published":
      return ["pause", "close", "stop"];
    case "paused":
      return ["resume", "close", "stop"];
    case "closed":
      return inside ? ["resume", "pause", "stop"] : ["resume", "stop", "archive"];
    case "stopped":
      return ["resume", "archive"];
    default:
      return [];
  }
}

export function LifecycleMenu({ shown }: { shown: ShownJourney }) {
  const t = useJourneyWords();
  const [verb, setVerb] = useState<Verb | "drop" | null>(null);
  const verbs = verbsOf(shown);
  if (!verbs.length && !shown.draft) return null;
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t("head.more")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {verbs.map((one) => {
            const Icon = ICONS[one];
            return (
              <RoleItem
                scope="definitions:write"
                key={one}
                leftSection={<Icon size={16} />}
                onClick={() => setVerb(one)}
                {...(one === "stop" ? { color: "red" } : {})}
              >
                {t(`life.${one}`)}
              </RoleItem>
            );
          })}
          {verbs.length > 0 && shown.draft && <Menu.Divider />}
          {shown.draft && (
            <RoleItem
              scope="definitions:draft"
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() => setVerb("drop")}
            >
              {t("head.dropDraft")}
            </RoleItem>
          )}
        </Menu.Dropdown>
      </Menu>
      {verb === "drop" && <DropDraftDialog shown={shown} close={() => setVerb(null)} />}
      {verb && verb !== "drop" && <LifecycleDialog shown={shown} verb={verb} close={() => setVerb(null)} />}
    </>
  );
}
