import { DateTimePicker } from "@mantine/dates";
import dayjs from "dayjs";
import i18next from "i18next";
import "@mantine/dates/styles.css";
import "dayjs/locale/fr";
import type { Json } from "../../graph/definition";

interface Props {
  label: string;
  description?: string;
  value: Json | undefined;
  change: (value: string | undefined) => void;
  error?: string | undefined;
  clearable?: boolean;
}

/** An instant, chosen on the clock of the screen and written with its offset from UTC taken out. */
export function InstantField({ label, description, value, change, error, clearable = false }: Props) {
  const given = typeof value === "string" && dayjs(value).isValid() ? dayjs(value).format("YYYY-MM-DD HH:mm:ss") : null;
  return (
    <DateTimePicker
      label={label}
      description={description}
      clearable={clearable}
      locale={i18next.language}
      valueFormat="LL LT"
      value={given}
      onChange={(next) => change(next ? dayjs(next).toISOString().replace(".000Z", "Z") : undefined)}
      error={error}
    />
  );
}
