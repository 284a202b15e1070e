import {
  IconActivity,
  IconArrowsSplit2,
  IconDice3,
  IconHexagons,
  IconId,
  IconListCheck,
  IconListNumbers,
  IconMailOpened,
  IconMapPin,
  IconMessageCheck,
  IconQuestionMark,
  IconSparkles,
  IconUserCheck,
} from "@tabler/icons-react";
import { isLeafType, type LeafType } from "@/lib/conditions/condition";

export const KIND_ICONS: Record<LeafType, typeof IconActivity> = {
  did: IconActivity,
  sequence: IconListNumbers,
  trait: IconId,
  can_receive: IconMessageCheck,
  subscribed: IconUserCheck,
  predicted: IconSparkles,
  in_segment: IconHexagons,
  in_list: IconListCheck,
  message: IconMailOpened,
  journey: IconArrowsSplit2,
  near: IconMapPin,
  bucket: IconDice3,
};

export function iconOf(type: string): typeof IconActivity {
  return isLeafType(type) ? KIND_ICONS[type] : IconQuestionMark;
}
