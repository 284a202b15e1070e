import { Group, Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useUiWords } from "./words";

/** Grey rows in place of a list that is on its way. */
export function RowsLoading({ rows = 6 }: { rows?: number }) {
  const t = useUiWords();
  return (
    <Stack gap="sm" aria-busy="true" py="xs">
      <VisuallyHidden role="status">{t("loading")}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey rows have nothing else
        <Skeleton key={row} height={22} width={`${92 - ((row * 13) % 30)}%`} />
      ))}
    </Stack>
  );
}

/** Grey title, tiles and rows in place of a page that is on its way. */
export function PageLoading() {
  return (
    <Stack gap="lg">
      <Skeleton height={28} width={220} />
      <Group grow>
        <Skeleton height={84} radius="lg" />
        <Skeleton height={84} radius="lg" />
        <Skeleton height={84} radius="lg" />
      </Group>
      <RowsLoading />
    </Stack>
  );
}
