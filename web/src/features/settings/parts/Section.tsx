import { Card, Grid, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** One matter of the settings: what it is for at the left, what can be set at the right. */
export function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const id = useId();
  return (
    <Grid component="section" aria-labelledby={id} gap="lg">
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Title order={2} id={id}>
          {title}
        </Title>
        <Text c="dimmed" fz="sm" mt={4} maw={420}>
          {text}
        </Text>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Card padding="lg">{children}</Card>
      </Grid.Col>
    </Grid>
  );
}
