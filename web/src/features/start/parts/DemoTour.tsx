import { Anchor, Card, SimpleGrid, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { SegmentsPage } from "@/api/answers";
import { formatNumber } from "@/lib/format";
import { useHomeWords } from "../words";

/** Where to look while the made shop is here and nothing runs yet. */
export function DemoTour({ segments }: { segments: SegmentsPage }) {
  const t = useHomeWords();
  const places = [
    { word: "people", to: "/people", count: segments.people },
    { word: "segments", to: "/segments", count: segments.items.length },
    { word: "predictions", to: "/predictions" },
    { word: "journeys", to: "/journeys" },
    { word: "campaigns", to: "/campaigns" },
    { word: "content", to: "/content" },
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t("tour.title")}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing={{ base: "xs", sm: "md" }}>
        {places.map(({ word, to, count }) => (
          <Card key={word}>
            <Anchor component={Link} to={to} fw={600} w="fit-content">
              {t(`tour.${word}`)}
              {count ? ` · ${formatNumber(count)}` : ""}
            </Anchor>
            <Text fz="sm" c="dimmed">
              {t(`tour.${word}Text`)}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}
