import { Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ApiProblem } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { usePublish, useVersion } from "../data";
import { type Draft, SegmentForm } from "../parts/SegmentForm";
import { useSegmentWords } from "../words";

const route = getRouteApi("/segments/$id/edit");

export function EditSegment() {
  const t = useSegmentWords();
  const go = useNavigate();
  const { id } = route.useParams();
  const { data, error, refetch } = useVersion(id);
  const [opened, setOpened] = useState(0);
  const publish = usePublish();
  const back = () => go({ to: "/segments/$id", params: { id } });
  const name = String(data?.definition.name ?? id);
  return (
    <>
      <PageHead title={t("edit_title", { name })} up={{ to: `/segments/${id}`, label: name }} />
      <ErrorNote error={error} />
      {!data && !error && <Skeleton h={320} />}
      {data && (
        <SegmentForm
          start={{ name, ...data.definition } as unknown as Draft}
          key={opened}
          isNew={false}
          onTheirs={() => {
            publish.reset();
            setOpened(opened + 1);
          }}
          saving={publish.isPending}
          error={publish.error}
          onCancel={back}
          onSave={(draft) =>
            publish.mutate(
              { definition: draft, version: data.version },
              {
                onSuccess: (done) => {
                  const unchanged = done.changes[0]?.action === "unchanged";
                  notifications.show({ message: t(unchanged ? "unchanged" : "saved", { name: draft.name }) });
                  void back();
                },
                onError: (cause) => cause instanceof ApiProblem && cause.status === 409 && void refetch(),
              },
            )
          }
        />
      )}
    </>
  );
}
