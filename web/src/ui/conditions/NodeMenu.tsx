import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconFolder,
  IconFolderOff,
  IconFolderPlus,
  IconTrash,
} from "@tabler/icons-react";
import { duplicateNode, removeNode, stepNode, toggleNot, unwrapNode, wrapNode } from "@/lib/conditions/edits";
import type { FormNode } from "@/lib/conditions/form";
import { useEditing } from "./editing";
import { useBuilderWords } from "./words";

export function NodeMenu({ node, what }: { node: FormNode; what: string }) {
  const t = useBuilderWords();
  const { change } = useEditing();
  return (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("actions", { what })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={16} />}
          rightSection="Alt ↑"
          onClick={() => change((f) => stepNode(f, node.key, -1), node.key)}
        >
          {t("up")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} />}
          rightSection="Alt ↓"
          onClick={() => change((f) => stepNode(f, node.key, 1), node.key)}
        >
          {t("down")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => change((f) => duplicateNode(f, node.key))}>
          {t("duplicate")}
        </Menu.Item>
        <Menu.Divider />
        {node.kind === "leaf" && (
          <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => change((f) => toggleNot(f, node.key))}>
            {t(node.nots % 2 ? "include" : "exclude")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={() => change((f) => wrapNode(f, node.key))}>
          {t("wrap")}
        </Menu.Item>
        {node.kind === "group" && node.nots === 0 && (
          <Menu.Item leftSection={<IconFolderOff size={16} />} onClick={() => change((f) => unwrapNode(f, node.key))}>
            {t("unwrap")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => change((f) => removeNode(f, node.key))}
        >
          {t("remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
