import { type Condition, type GroupType, isCondition } from "./condition";

/**
 * The tree as a screen holds it: every node has a key that stays, and `nots`, how many `not` stand around it.
 * Definition → form → definition loses nothing: what is unknown stays in `source` or `more` as it was.
 */
export interface LeafNode {
  key: string;
  kind: "leaf";
  nots: number;
  source: Condition;
}

export interface GroupNode {
  key: string;
  kind: "group";
  nots: number;
  type: GroupType;
  children: FormNode[];
  more: Record<string, unknown>;
}

export type FormNode = LeafNode | GroupNode;

/** The whole: always a group at the top; `bare` says that the definition is its only child, without the group. */
export interface Form {
  root: GroupNode;
  bare: boolean;
}

let lastKey = 0;

export function newKey(): string {
  lastKey += 1;
  return `c${lastKey}`;
}

export function leafOf(source: Condition, nots = 0): LeafNode {
  return { key: newKey(), kind: "leaf", nots, source };
}

export function groupOf(type: GroupType, children: FormNode[] = [], nots = 0): GroupNode {
  return { key: newKey(), kind: "group", nots, type, children, more: {} };
}

export function toNode(source: Condition, nots = 0): FormNode {
  const { type, of, ...more } = source;
  if (type === "not" && isCondition(of) && Object.keys(more).length === 0) return toNode(of, nots + 1);
  if ((type === "all" || type === "any") && Array.isArray(of) && of.every(isCondition)) {
    return {
      ...groupOf(
        type,
        of.map((part) => toNode(part)),
        nots,
      ),
      more,
    };
  }
  return leafOf(source, nots);
}

export function toForm(where: unknown): Form {
  if (!isCondition(where)) return { root: groupOf("all"), bare: false };
  const node = toNode(where);
  if (node.kind === "group" && node.nots === 0) return { root: node, bare: false };
  return { root: groupOf("all", [node]), bare: true };
}

function wrapped(source: Condition, nots: number): Condition {
  return nots > 0 ? wrapped({ type: "not", of: source }, nots - 1) : source;
}

export function toCondition(node: FormNode): Condition {
  if (node.kind === "leaf") return wrapped(node.source, node.nots);
  return wrapped({ type: node.type, of: node.children.map(toCondition), ...node.more }, node.nots);
}

export function toDefinition({ root, bare }: Form): Condition {
  const only = root.children[0];
  return bare && root.children.length === 1 && only ? toCondition(only) : toCondition(root);
}

/** Where each node stands in the definition, as a JSON pointer below `base`: problems of the server name these. */
export function pointersOf({ root, bare }: Form, base: string): Map<string, string> {
  const found = new Map<string, string>();
  function walk(node: FormNode, at: string): void {
    const own = at + "/of".repeat(node.nots);
    found.set(node.key, own);
    if (node.kind === "leaf") return;
    for (const [i, child] of node.children.entries()) walk(child, `${own}/of/${i}`);
  }
  const only = root.children[0];
  if (bare && root.children.length === 1 && only) {
    found.set(root.key, base);
    walk(only, base);
  } else {
    walk(root, base);
  }
  return found;
}

/** Of each node the problems that point to it or into it; those nobody owns belong to the root. */
export function problemsByNode<P extends { path?: string; pointer?: string }>(
  form: Form,
  problems: readonly P[],
  base: string,
): Map<string, P[]> {
  const places = [...pointersOf(form, base)].sort((a, b) => b[1].length - a[1].length);
  const found = new Map<string, P[]>();
  for (const problem of problems) {
    const path = problem.path ?? problem.pointer ?? "";
    const owner = places.find(([, at]) => path === at || path.startsWith(`${at}/`))?.[0] ?? form.root.key;
    found.set(owner, [...(found.get(owner) ?? []), problem]);
  }
  return found;
}
