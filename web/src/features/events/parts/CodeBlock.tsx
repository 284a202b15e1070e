import { Button, CopyButton, Group, Stack, Tabs } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type Language, useCode } from "../api";
import { useEventWords } from "../words";
import classes from "./CodeBlock.module.css";

const LANGUAGES: [Language, string][] = [
  ["curl", "curl"],
  ["javascript", "JavaScript"],
  ["python", "Python"],
];

/** The code that sends an event, in three languages, to be copied. */
export function CodeBlock({ event }: { event: string }) {
  const t = useEventWords();
  const code = useCode(event).data?.code;
  if (!code) return null;
  return (
    <Tabs defaultValue="curl" variant="pills">
      <Stack gap="sm">
        <Tabs.List>
          {LANGUAGES.map(([language, name]) => (
            <Tabs.Tab key={language} value={language}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {LANGUAGES.map(([language, name]) => (
          <Tabs.Panel key={language} value={language}>
            <div className={classes.block}>
              <Group className={classes.copy}>
                <CopyButton value={code[language]}>
                  {({ copied, copy }) => (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={copy}
                      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                    >
                      {t(copied ? "copied" : "copy")}
                    </Button>
                  )}
                </CopyButton>
              </Group>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
              <section className={classes.code} tabIndex={0} aria-label={name}>
                <pre>{code[language]}</pre>
              </section>
            </div>
          </Tabs.Panel>
        ))}
      </Stack>
    </Tabs>
  );
}
