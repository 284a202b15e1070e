import { ActionIcon, Avatar, Button, Grid, Group, Menu, Text } from "@mantine/core";
import { IconDots, IconDownload, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import i18next from "i18next";
import { useState } from "react";
import { api } from "@/api/client";
import { download } from "@/lib/download";
import { useMay } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageLoading } from "@/ui/Loading";
import { PageHead } from "@/ui/PageHead";
import { RoleItem } from "@/ui/RoleButton";
import { type ExplainedPassage, mergeMoments, type TimelineItem } from "../moments";
import { EraseDialog } from "../parts/EraseDialog";
import { Facts } from "../parts/Facts";
import { Timeline } from "../parts/Timeline";
import { initialsOf, nameOf, type Person } from "../person";
import { usePeopleWords } from "../words";

const MOMENTS = 300;

/** One person: who they are, who reaches them, where they stand, and everything that happened with the reason of each decision. */
export function PersonPage() {
  const t = usePeopleWords();
  const mayExport = useMay("profiles:write");
  const [isErasing, setErasing] = useState(false);
  const { userId } = useParams({ from: "/people/$userId" });
  const path = `/api/v1/profiles/${encodeURIComponent(userId)}`;
  const language = i18next.language;
  const person = useQuery({ queryKey: ["person", userId], queryFn: () => api<Person>("GET", path) });
  const timeline = useQuery({
    queryKey: ["person", userId, "timeline"],
    queryFn: () => api<{ items: TimelineItem[] }>("GET", `${path}/timeline`, { query: { limit: MOMENTS } }),
  });
  const explained = useQuery({
    queryKey: ["person", userId, "explain", language],
    queryFn: () => api<{ passages: ExplainedPassage[] }>("GET", `${path}/explain`, { query: { language } }),
  });
  if (person.isPending) return <PageLoading />;
  if (person.isLoadingError) return <ErrorNote error={person.error} onRetry={() => void person.refetch()} />;
  const found = person.data;
  const name = nameOf(found.traits) || (found.known ? found.user_id : t("anonymous"));
  const moments =
    timeline.data && !explained.isPending
      ? mergeMoments(timeline.data.items, explained.data?.passages ?? [])
      : undefined;
  return (
    <>
      <PageHead
        title={name}
        up={{ to: "/people", label: t("title") }}
        lead={
          <Avatar color="indigo" radius="xl" size={48} alt="" aria-hidden="true">
            {initialsOf(nameOf(found.traits)) || "?"}
          </Avatar>
        }
        about={
          <Group gap="md" component="span">
            <Text span>{found.user_id}</Text>
            {found.timezone && <Text span>{t("zone", { zone: found.timezone })}</Text>}
          </Group>
        }
      >
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => void download(`${path}/export`, `${found.user_id}.json`)}
          disabled={!mayExport}
        >
          {t("export")}
        </Button>
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon variant="default" size="lg" aria-label={t("moreActs")}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <RoleItem scope="admin" color="red" leftSection={<IconTrash size={16} />} onClick={() => setErasing(true)}>
              {t("erase")}
            </RoleItem>
          </Menu.Dropdown>
        </Menu>
      </PageHead>
      <EraseDialog userId={found.user_id} name={name} opened={isErasing} onClose={() => setErasing(false)} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Facts person={found} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Timeline
            moments={moments}
            error={timeline.error ?? explained.error}
            zone={found.timezone ?? undefined}
            onRetry={() => {
              void timeline.refetch();
              void explained.refetch();
            }}
          />
        </Grid.Col>
      </Grid>
    </>
  );
}
