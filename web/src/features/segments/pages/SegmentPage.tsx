import { ActionIcon, Alert, Badge, Button, Menu, Skeleton, Tabs } from "@mantine/core";
import {
  IconArchive,
  IconArrowsSplit2,
  IconCopy,
  IconDots,
  IconPencil,
  IconSend,
  IconTargetArrow,
} from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatInstant } from "@/lib/format";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { RoleButton, RoleItem } from "@/ui/RoleButton";
import { TabsRow } from "@/ui/TabsRow";
import { type Segment, useSegment } from "../data";
import { ArchiveDialog } from "../parts/ArchiveDialog";
import { Members } from "../parts/Members";
import { Overview } from "../parts/Overview";
import { WhyPanel } from "../parts/WhyPanel";
import { useSegmentWords } from "../words";

const route = getRouteApi("/segments/$id");

function Actions({ segment, onArchive }: { segment: Segment; onArchive: () => void }) {
  const t = useSegmentWords();
  const go = useNavigate();
  const { id } = segment;
  return (
    <>
      <RoleButton
        scope="definitions:draft"
        component={Link}
        to="/segments/$id/edit"
        params={{ id } as never}
        variant="default"
        leftSection={<IconPencil size={16} />}
      >
        {t("edit")}
      </RoleButton>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <Button>{t("use_it")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <RoleItem
            scope="definitions:draft"
            leftSection={<IconSend size={16} />}
            onClick={() => go({ href: `/campaigns/new?segment=${id}` })}
          >
            {t("make_campaign")}
          </RoleItem>
          <RoleItem
            scope="definitions:draft"
            leftSection={<IconArrowsSplit2 size={16} />}
            onClick={() => go({ href: `/journeys?segment=${id}&new=true` })}
          >
            {t("make_journey")}
          </RoleItem>
          <RoleItem
            scope="definitions:draft"
            leftSection={<IconTargetArrow size={16} />}
            onClick={() => go({ href: `/journeys?segment=${id}&new=true&step=audience` })}
          >
            {t("make_audience")}
          </RoleItem>
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t("more_actions")}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <RoleItem
            scope="definitions:draft"
            leftSection={<IconCopy size={16} />}
            onClick={() => go({ to: "/segments/new", search: { copy: id } })}
          >
            {t("copy")}
          </RoleItem>
          <RoleItem scope="definitions:draft" leftSection={<IconArchive size={16} />} onClick={onArchive}>
            {t(segment.archived_at ? "restore" : "archive")}…
          </RoleItem>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

export function SegmentPage() {
  const t = useSegmentWords();
  const { id } = route.useParams();
  const { data: segment, error } = useSegment(id);
  const [tab, setTab] = useState<string | null>("overview");
  const [whom, setWhom] = useState("");
  const [archiving, setArchiving] = useState(false);
  const askWhy = (userId: string) => {
    setWhom(userId);
    setTab("why");
  };
  const up = { to: "/segments", label: t("title") };
  if (!segment) {
    return (
      <>
        <PageHead title={id} up={up} />
        {error ? <ErrorNote error={error} /> : <Skeleton h={320} />}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={segment.name}
        about={segment.description ?? segment.id}
        up={up}
        mark={
          segment.archived_at && (
            <Badge variant="light" color="gray" radius="sm" tt="none">
              {t("archived")}
            </Badge>
          )
        }
      >
        <Actions segment={segment} onArchive={() => setArchiving(true)} />
      </PageHead>
      {segment.archived_at && (
        <Alert color="gray" variant="light" mb="md" icon={<IconArchive size={18} />}>
          {t("archived_since", { at: formatInstant(segment.archived_at) })}
        </Alert>
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabsRow at={tab} mb="md">
          <Tabs.Tab value="overview">{t("overview")}</Tabs.Tab>
          <Tabs.Tab value="members">{t("members")}</Tabs.Tab>
          <Tabs.Tab value="why">{t("why_tab")}</Tabs.Tab>
        </TabsRow>
        <Tabs.Panel value="overview">
          <Overview segment={segment} onWhy={askWhy} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <Members id={id} onWhy={askWhy} />
        </Tabs.Panel>
        <Tabs.Panel value="why">
          <WhyPanel id={id} userId={whom} onChoose={setWhom} />
        </Tabs.Panel>
      </Tabs>
      <ArchiveDialog segment={segment} opened={archiving} onClose={() => setArchiving(false)} />
    </>
  );
}
