import { Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { api } from "@/api/client";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHead } from "@/ui/PageHead";
import { type Segment, usePublish } from "../data";
import { type Draft, SegmentForm } from "../parts/SegmentForm";
import { useSegmentWords } from "../words";

const route = getRouteApi("/segments/new");
const NOTHING: Draft = { kind: "segment", id: "", name: "", where: { type: "all", of: [] } };

function useStart(): { start: Draft | undefined; error: unknown } {
  const t = useSegmentWords();
  const { template, parameters, copy } = route.useSearch();
  const filled = useQuery({
    queryKey: ["segment-template", template, parameters],
    queryFn: () =>
      api<{ definition: Draft }>("POST", `/api/v1/segment-templates/${encodeURIComponent(template ?? "")}`, {
        body: { parameters: JSON.parse(parameters ?? "{}") as object, language: i18next.language },
      }),
    enabled: template !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const copied = useQuery({
    queryKey: ["segment", copy ?? ""],
    queryFn: () => api<Segment>("GET", `/api/v1/segments/${encodeURIComponent(copy ?? "")}`),
    enabled: copy !== undefined,
    retry: false,
  });
  if (template !== undefined) return { start: filled.data?.definition, error: filled.error };
  if (copy === undefined) return { start: NOTHING, error: null };
  if (!copied.data) return { start: undefined, error: copied.error };
  const { archived_at: _, ...definition } = copied.data;
  return {
    start: { ...definition, id: `${definition.id}-2`.slice(-64), name: t("copy_of", { name: definition.name }) },
    error: null,
  };
}

export function NewSegment() {
  const t = useSegmentWords();
  const go = useNavigate();
  const { start, error } = useStart();
  const publish = usePublish();
  return (
    <>
      <PageHead title={t("new_title")} up={{ to: "/segments", label: t("title") }} />
      <ErrorNote error={error} />
      {!start && !error && <Skeleton h={320} />}
      {start && (
        <SegmentForm
          start={start}
          isNew
          saving={publish.isPending}
          error={publish.error}
          onCancel={() => go({ to: "/segments" })}
          onSave={(draft) =>
            publish.mutate(
              { definition: draft, version: 0 },
              {
                onSuccess: () => {
                  notifications.show({ message: t("created", { name: draft.name }) });
                  void go({ to: "/segments/$id", params: { id: draft.id } });
                },
              },
            )
          }
        />
      )}
    </>
  );
}
