import { Box, Group, Modal, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type Icon, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useShellWords } from "@/lib/shell-words";
import { useDebounced } from "@/ui/use-debounced";
import { type Found, findEverywhere, plain } from "./finding";
import { PLACES } from "./navigation";

/** Ctrl+K: goes to any page, person or definition by a few letters. */
export function Finder({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useShellWords();
  return (
    <Modal.Root opened={opened} onClose={onClose} size={600} yOffset="12vh" transitionProps={{ duration: 120 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("find")} aria-labelledby={undefined}>
        <FinderBody onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}

function FinderBody({ onClose }: { onClose: () => void }) {
  const t = useShellWords();
  const navigate = useNavigate();
  const known = useRouter().routesByPath as Record<string, unknown>;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const asked = useDebounced(text.trim(), 150);
  const found = useQuery({
    queryKey: ["finder", asked],
    queryFn: ({ signal }) => findEverywhere(asked, signal),
    enabled: asked.length > 0,
    placeholderData: (before) => before,
  });
  const pages: Found[] = PLACES.flatMap((group) => group.places)
    .filter((place) => place.to in known)
    .map((place) => ({ group: "pages" as const, label: t(`nav.${place.word}`), to: place.to, note: "" }))
    .filter((page) => plain(page.label).includes(plain(text.trim())));
  const rows = asked ? [...pages, ...(found.data ?? [])] : pages;
  const signs = new Map<string, Icon>(PLACES.flatMap(({ places }) => places.map((place) => [place.to, place.icon])));
  const go = (row: Found | undefined) => {
    if (!row) return;
    onClose();
    void navigate({ to: row.to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length) {
      event.preventDefault();
      setAt((at + step + rows.length) % rows.length);
    } else if (event.key === "Enter") go(rows[Math.min(at, rows.length - 1)]);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins at the top again when something else is searched
  useEffect(() => setAt(0), [asked]);
  useEffect(() => {
    list.current?.querySelector(`#found-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <Box onKeyDown={onKeyDown}>
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        px="md"
        leftSection={<IconSearch size={18} />}
        placeholder={t("find")}
        aria-label={t("find")}
        role="combobox"
        aria-expanded="true"
        aria-controls="found"
        aria-activedescendant={rows.length ? `found-${at}` : undefined}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontSize: "1rem" } }}
      />
      <Box
        ref={list}
        id="found"
        role="listbox"
        aria-label={t("find")}
        mah="50vh"
        p={6}
        style={{ overflowY: "auto", borderTop: "1px solid var(--mantine-color-default-border)" }}
      >
        {rows.length === 0 && (
          <Text c="dimmed" p="md" ta="center">
            {asked && !found.isFetching ? t("findEmpty", { text: asked }) : t("findHint")}
          </Text>
        )}
        {rows.map((row, index) => {
          const Sign = signs.get(row.group === "pages" ? row.to : `/${row.group}`) ?? IconSearch;
          return (
            <Box key={`${row.group} ${row.to}`}>
              {rows[index - 1]?.group !== row.group && (
                <Text fz="xs" fw={500} c="dimmed" px={10} pt={8} pb={2} aria-hidden="true">
                  {t(`groups.${row.group}`)}
                </Text>
              )}
              <UnstyledButton
                id={`found-${index}`}
                role="option"
                aria-selected={index === at}
                tabIndex={-1}
                w="100%"
                px={10}
                py={7}
                onMouseMove={() => setAt(index)}
                onClick={() => go(row)}
                style={{ borderRadius: 8, background: index === at ? "var(--accent-soft)" : undefined }}
              >
                <Group gap={10} wrap="nowrap">
                  <Sign size={16} stroke={1.6} />
                  <Text truncate>{row.label}</Text>
                  <Text fz="xs" c="dimmed" ml="auto" truncate>
                    {row.note}
                  </Text>
                </Group>
              </UnstyledButton>
            </Box>
          );
        })}
      </Box>
    </Box>
  );
}
