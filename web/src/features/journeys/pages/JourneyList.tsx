import { Title } from "@mantine/core";
import { useJourneyWords } from "../words";

export function JourneyList() {
  const t = useJourneyWords();
  return <Title order={1}>{t("title")}</Title>;
}
