import { Title } from "@mantine/core";
import { usePredictionWords } from "../words";

export function PredictionList() {
  const t = usePredictionWords();
  return <Title order={1}>{t("title")}</Title>;
}
