import { Title } from "@mantine/core";
import { useSegmentWords } from "../words";

export function SegmentList() {
  const t = useSegmentWords();
  return <Title order={1}>{t("title")}</Title>;
}
