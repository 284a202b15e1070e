import { Textarea } from "@mantine/core";
import { type ComponentType, useState } from "react";
import { isCondition, isLeafType, type LeafType } from "@/lib/conditions/condition";
import { DidEditor, type EditorProps } from "./DidEditor";
import { InListEditor, InSegmentEditor, JourneyEditor, MessageEditor } from "./MembershipEditors";
import { PredictedEditor } from "./PredictedEditor";
import { BucketEditor, CanReceiveEditor, NearEditor, SubscribedEditor, TraitEditor } from "./ProfileEditors";
import { SequenceEditor } from "./SequenceEditor";
import { useBuilderWords } from "./words";

const EDITORS: Record<LeafType, ComponentType<EditorProps>> = {
  did: DidEditor,
  sequence: SequenceEditor,
  trait: TraitEditor,
  can_receive: CanReceiveEditor,
  subscribed: SubscribedEditor,
  predicted: PredictedEditor,
  in_segment: InSegmentEditor,
  in_list: InListEditor,
  message: MessageEditor,
  journey: JourneyEditor,
  near: NearEditor,
  bucket: BucketEditor,
};

/** A condition that no editor knows: kept word for word, edited as JSON. */
function RawEditor({ source, onChange }: EditorProps) {
  const t = useBuilderWords();
  const [text, setText] = useState(() => JSON.stringify(source, null, 2));
  const [wrong, setWrong] = useState(false);
  function read(next: string) {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      setWrong(!isCondition(value));
      if (isCondition(value)) onChange(value);
    } catch {
      setWrong(true);
    }
  }
  return (
    <Textarea
      label={t("raw_hint")}
      size="xs"
      autosize
      minRows={3}
      maxRows={16}
      styles={{ input: { fontFamily: "monospace" } }}
      value={text}
      error={wrong ? t("raw_wrong") : undefined}
      onChange={(event) => read(event.currentTarget.value)}
    />
  );
}

export function LeafEditor(props: EditorProps) {
  const Editor = isLeafType(props.source.type) ? EDITORS[props.source.type] : RawEditor;
  return <Editor {...props} />;
}
