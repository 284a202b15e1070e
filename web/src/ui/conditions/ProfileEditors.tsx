import { Checkbox } from "@mantine/core";
import { CHANNELS, type Clause, type Condition, withField } from "@/lib/conditions/condition";
import { useGroups, useTraitPaths } from "@/lib/suggestions";
import { ClauseFields } from "./ClauseFields";
import classes from "./conditions.module.css";
import type { EditorProps } from "./DidEditor";
import { NumberField, PickField, SuggestField, Word } from "./Field";
import { useBuilderWords } from "./words";

export function TraitEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const paths = useTraitPaths();
  return (
    <div className={classes.line}>
      <ClauseFields
        clause={source as Clause}
        event={null}
        paths={paths}
        label={t("trait")}
        onChange={(next) => onChange(next as Condition)}
      />
    </div>
  );
}

function useChannels() {
  const t = useBuilderWords();
  return CHANNELS.map((value) => ({ value: value as string, label: t(`channels.${value}`) }));
}

export function CanReceiveEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  return (
    <div className={classes.line}>
      <PickField
        label={t("channel")}
        value={String(source.channel ?? "email")}
        data={useChannels()}
        onChange={(channel) => onChange({ ...source, channel })}
      />
      <Checkbox
        size="xs"
        label={t("because")}
        checked={source.because !== undefined}
        onChange={(event) =>
          onChange(withField(source, "because", event.currentTarget.checked ? "subscribed" : undefined))
        }
      />
    </div>
  );
}

export function SubscribedEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const groups = useGroups();
  const channels = [{ value: "", label: t("any_channel") }, ...useChannels()];
  return (
    <div className={classes.line}>
      <PickField
        label={t("channel")}
        value={String(source.channel ?? "")}
        data={channels}
        onChange={(channel) => onChange(withField(source, "channel", channel || undefined))}
      />
      <SuggestField
        label={t("group_optional")}
        value={String(source.group ?? "")}
        data={groups}
        onChange={(group) => onChange(withField(source, "group", group || undefined))}
      />
    </div>
  );
}

export function NearEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const paths = useTraitPaths();
  const number = (name: string, label: string, min?: number, max?: number) => (
    <NumberField
      label={label}
      width={96}
      value={source[name] as number}
      onChange={(value) => onChange({ ...source, [name]: value })}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
    />
  );
  return (
    <div className={classes.line}>
      <SuggestField
        label={t("trait")}
        value={String(source.path ?? "")}
        data={[...new Set(paths.map((seen) => seen.path.replace(/\.(lat|lon)$/, "")))]}
        onChange={(path) => onChange({ ...source, path })}
      />
      <Word>{t("within_km")}</Word>
      {number("km", t("km"), 0)}
      <Word>{t("of_place")}</Word>
      {number("lat", t("lat"), -90, 90)}
      {number("lon", t("lon"), -180, 180)}
    </div>
  );
}

export function BucketEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const from = Number(source.from ?? 0);
  const to = Number(source.to ?? 0);
  return (
    <div className={classes.line}>
      <NumberField
        label={t("share")}
        width={90}
        min={0}
        max={100}
        decimals={2}
        suffix=" %"
        value={(to - from) / 100}
        onChange={(share) =>
          onChange({
            ...source,
            from: Math.min(from, 10_000 - Math.round(share * 100)),
            to: Math.min(from, 10_000 - Math.round(share * 100)) + Math.round(share * 100),
          })
        }
      />
      <SuggestField
        label={t("salt")}
        value={String(source.salt ?? "")}
        data={[]}
        onChange={(salt) => onChange({ ...source, salt })}
      />
      <Word>{t("salt_hint")}</Word>
    </div>
  );
}
