import { Button, Menu } from "@mantine/core";
import { IconFolderPlus, IconPlus } from "@tabler/icons-react";
import { emptyCondition, type LeafType } from "@/lib/conditions/condition";
import { type FormNode, groupOf, leafOf } from "@/lib/conditions/form";
import { KIND_ICONS } from "./icons";
import { useBuilderWords } from "./words";

const SHELVES: [string, LeafType[]][] = [
  ["behaviour", ["did", "sequence", "message"]],
  ["profile", ["trait", "predicted", "near", "bucket"]],
  ["reach", ["can_receive", "subscribed"]],
  ["membership", ["in_segment", "in_list", "journey"]],
];

export function AddMenu({ onAdd, prominent = false }: { onAdd: (node: FormNode) => void; prominent?: boolean }) {
  const t = useBuilderWords();
  return (
    <Menu position="bottom-start" width={280} shadow="md">
      <Menu.Target>
        <Button
          variant={prominent ? "light" : "subtle"}
          size="compact-sm"
          mt={prominent ? "xs" : 0}
          leftSection={<IconPlus size={16} />}
        >
          {t("add")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SHELVES.map(([shelf, kinds]) => (
          <div key={shelf}>
            <Menu.Label>{t(shelf)}</Menu.Label>
            {kinds.map((kind) => {
              const Icon = KIND_ICONS[kind];
              return (
                <Menu.Item
                  key={kind}
                  leftSection={<Icon size={16} />}
                  onClick={() => onAdd(leafOf(emptyCondition(kind)))}
                >
                  {t(`kind.${kind}`)}
                </Menu.Item>
              );
            })}
          </div>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={() => onAdd(groupOf("any"))}>
          {t("add_group")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
