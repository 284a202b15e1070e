import { Card, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A card with its heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder padding="lg">
      <Title order={3} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Card>
  );
}
