import type { Condition, GroupType } from "./condition";
import { type Form, type FormNode, type GroupNode, groupOf, toCondition, toNode } from "./form";

/** Changes of a form. Each answers a new form; a key that is not there changes nothing. */

function mapChildren(group: GroupNode, change: (children: FormNode[], of: GroupNode) => FormNode[]): GroupNode {
  const children = change(group.children, group);
  let touched = children !== group.children;
  const inner = children.map((child) => {
    if (child.kind !== "group") return child;
    const next = mapChildren(child, change);
    if (next !== child) touched = true;
    return next;
  });
  return touched ? { ...group, children: inner } : group;
}

function changed(form: Form, change: (children: FormNode[], of: GroupNode) => FormNode[]): Form {
  const root = mapChildren(form.root, change);
  return root === form.root ? form : { bare: form.bare && root.children.length <= 1, root };
}

export function findNode(root: FormNode, key: string): FormNode | undefined {
  if (root.key === key) return root;
  if (root.kind === "leaf") return undefined;
  for (const child of root.children) {
    const found = findNode(child, key);
    if (found) return found;
  }
  return undefined;
}

export function parentOf(root: GroupNode, key: string): { group: GroupNode; index: number } | undefined {
  const index = root.children.findIndex((child) => child.key === key);
  if (index >= 0) return { group: root, index };
  for (const child of root.children) {
    const found = child.kind === "group" ? parentOf(child, key) : undefined;
    if (found) return found;
  }
  return undefined;
}

export function addNode(form: Form, groupKey: string, node: FormNode, index?: number): Form {
  return changed(form, (children, group) =>
    group.key === groupKey ? children.toSpliced(index ?? children.length, 0, node) : children,
  );
}

export function removeNode(form: Form, key: string): Form {
  return changed(form, (children) =>
    children.some((child) => child.key === key) ? children.filter((child) => child.key !== key) : children,
  );
}

export function replaceNode(form: Form, key: string, change: (node: FormNode) => FormNode): Form {
  if (form.root.key === key) {
    const next = change(form.root);
    return next.kind === "group" ? { bare: false, root: next } : form;
  }
  return changed(form, (children) =>
    children.some((child) => child.key === key)
      ? children.map((child) => (child.key === key ? change(child) : child))
      : children,
  );
}

export function editLeaf(form: Form, key: string, source: Condition): Form {
  return replaceNode(form, key, (node) => (node.kind === "leaf" ? { ...node, source } : node));
}

export function setGroup(form: Form, key: string, type: GroupType, nots: number): Form {
  return replaceNode(form, key, (node) => (node.kind === "group" ? { ...node, type, nots } : node));
}

export function toggleNot(form: Form, key: string): Form {
  return replaceNode(form, key, (node) => ({ ...node, nots: node.nots % 2 ? node.nots - 1 : node.nots + 1 }));
}

export function duplicateNode(form: Form, key: string): Form {
  return changed(form, (children) => {
    const index = children.findIndex((child) => child.key === key);
    const node = children[index];
    return node ? children.toSpliced(index + 1, 0, toNode(toCondition(node))) : children;
  });
}

/** Put a node into a new group of its own, where it stands. */
export function wrapNode(form: Form, key: string): Form {
  return replaceNode(form, key, (node) => groupOf("any", [node]));
}

/** Take a group away and leave its members where it stood. A group that is denied stays. */
export function unwrapNode(form: Form, key: string): Form {
  return changed(form, (children) => {
    const index = children.findIndex((child) => child.key === key);
    const node = children[index];
    return node?.kind === "group" && node.nots === 0 ? children.toSpliced(index, 1, ...node.children) : children;
  });
}

/** Move a node to a place in a group; never into itself. `index` counts as the group is now. */
export function moveNode(form: Form, key: string, groupKey: string, index: number): Form {
  const node = findNode(form.root, key);
  const from = parentOf(form.root, key);
  if (!node || !from || findNode(node, groupKey)) return form;
  const shift = from.group.key === groupKey && from.index < index ? 1 : 0;
  if (from.group.key === groupKey && from.index === index - shift) return form;
  return addNode(removeNode(form, key), groupKey, node, index - shift);
}

/** One place up or down: past its neighbour, into a neighbouring group, or out of its own. */
export function stepNode(form: Form, key: string, by: -1 | 1): Form {
  const from = parentOf(form.root, key);
  if (!from) return form;
  const neighbour = from.group.children[from.index + by];
  if (neighbour?.kind === "group") {
    return moveNode(form, key, neighbour.key, by === 1 ? 0 : neighbour.children.length);
  }
  if (neighbour) return moveNode(form, key, from.group.key, from.index + (by === 1 ? 2 : -1));
  const above = parentOf(form.root, from.group.key);
  return above ? moveNode(form, key, above.group.key, above.index + (by === 1 ? 1 : 0)) : form;
}
