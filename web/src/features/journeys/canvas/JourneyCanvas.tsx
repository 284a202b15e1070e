import { useMantineColorScheme } from "@mantine/core";
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  MiniMap,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { END, ENTRY, type Journey } from "../graph/definition";
import type { Point } from "../graph/layout";
import { type Way, wouldCircle } from "../graph/ports";
import { useJourneyWords } from "../words";
import { type Add, AddContext } from "./adding";
import classes from "./canvas.module.css";
import { neighbourOf } from "./neighbours";
import {
  buildEdges,
  buildNodes,
  type CanvasNode,
  type Flow,
  type Mark,
  placementOf,
  reuse,
  type WayEdge,
} from "./nodes";
import { EndDot, EntryCard, StepCard } from "./StepCard";
import { WayLine } from "./WayLine";

const NODE_TYPES = { step: StepCard, entry: EntryCard, end: EndDot };
const EDGE_TYPES = { way: WayLine };
const NO_COUNTS = new Map<string, { errors: number; warnings: number }>();
const NO_MARKS = new Map<string, Mark>();

export interface Editing {
  connect: (way: Way, target: string) => void;
  pin: (places: Record<string, Point>) => void;
  add: Add;
}

interface Props {
  journey: Journey;
  pins?: Record<string, Point>;
  counts?: Map<string, { errors: number; warnings: number }>;
  marks?: Map<string, Mark>;
  flows?: Map<string, Flow> | null;
  selected: string[];
  select: (names: string[]) => void;
  /** What may be done to it; without it the picture is to be looked at alone. */
  editing?: Editing;
  label: string;
}

const NO_PINS = {};

export function JourneyCanvas(props: Props) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas({
  journey,
  pins = NO_PINS,
  counts = NO_COUNTS,
  marks = NO_MARKS,
  flows = null,
  selected,
  select,
  editing,
  label,
}: Props) {
  const t = useJourneyWords();
  const { colorScheme } = useMantineColorScheme();
  const flow = useReactFlow<CanvasNode, WayEdge>();
  const frame = useRef<HTMLDivElement>(null);
  const kept = useRef({ nodes: new Map<string, CanvasNode>(), edges: new Map<string, WayEdge>() });
  const canEdit = editing !== undefined;
  const picture = useMemo(
    () => ({ journey, pins, counts, marks, flows, editing: canEdit }),
    [journey, pins, counts, marks, flows, canEdit],
  );
  const edges = useMemo(() => {
    const made = reuse(buildEdges(picture), kept.current.edges);
    kept.current.edges = new Map(made.map((edge) => [edge.id, edge]));
    return made;
  }, [picture]);
  const [nodes, setNodes] = useState<CanvasNode[]>([]);
  useEffect(() => {
    const made = reuse(buildNodes(picture), kept.current.nodes);
    kept.current.nodes = new Map(made.map((node) => [node.id, node]));
    setNodes((shown) => {
      const before = new Map(shown.map((node) => [node.id, node]));
      const chosen = new Set(selected);
      return made.map((node) => {
        const old = before.get(node.id);
        const isSelected = chosen.has(node.id);
        if (old && old.data === node.data && old.position === node.position && Boolean(old.selected) === isSelected)
          return old;
        return { ...node, selected: isSelected, ...(old?.measured ? { measured: old.measured } : {}) } as CanvasNode;
      });
    });
  }, [picture, selected]);

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      setNodes((shown) =>
        applyNodeChanges(
          changes.filter((change) => change.type !== "remove"),
          shown,
        ),
      );
      const choices = changes.filter((change) => change.type === "select");
      if (!choices.length) return;
      const next = new Set(selected);
      for (const choice of choices) choice.selected ? next.add(choice.id) : next.delete(choice.id);
      if (next.size !== selected.length || selected.some((name) => !next.has(name))) select([...next]);
    },
    [select, selected],
  );
  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) =>
      editing?.connect({ from: source, port: sourceHandle ?? "next" }, target),
    [editing],
  );
  const onConnectEnd: OnConnectEnd = useCallback(
    (event, state) => {
      if (state.isValid || !editing || !state.fromNode || state.fromHandle?.type !== "source" || state.toNode) return;
      const at = "changedTouches" in event ? event.changedTouches[0] : event;
      if (at)
        editing.add({ from: state.fromNode.id, port: state.fromHandle.id ?? "next" }, { x: at.clientX, y: at.clientY });
    },
    [editing],
  );
  const isValid = useCallback(
    (edge: { source: string; target: string }) =>
      edge.target in journey.steps && !wouldCircle(journey, edge.source, edge.target),
    [journey],
  );

  useEffect(() => {
    let width = frame.current?.clientWidth ?? 0;
    const watch = new ResizeObserver(([box]) => {
      const now = box?.contentRect.width ?? width;
      const { x, y, zoom } = flow.getViewport();
      if (now !== width && flow.viewportInitialized) void flow.setViewport({ x: x + (now - width) / 2, y, zoom });
      width = now;
    });
    if (frame.current) watch.observe(frame.current);
    return () => watch.disconnect();
  }, [flow]);

  const onKeyDown = (event: KeyboardEvent) => {
    const inside = event.target instanceof HTMLElement ? event.target.closest(".react-flow__node") : null;
    if (!inside || !event.key.startsWith("Arrow")) return;
    const name = neighbourOf(journey, placementOf(journey).at, inside.getAttribute("data-id") ?? "", event.key);
    event.preventDefault();
    event.stopPropagation();
    if (!name) return;
    select([name]);
    const node = frame.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(name)}"]`);
    node?.focus();
    if (node)
      void flow.fitView({ nodes: [{ id: name }], duration: 200, maxZoom: flow.getZoom(), minZoom: flow.getZoom() });
  };

  return (
    <div ref={frame} className={classes.canvas} onKeyDownCapture={onKeyDown}>
      <AddContext.Provider value={editing?.add ?? null}>
        <ReactFlow<CanvasNode, WayEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={onNodesChange}
          onNodeDragStop={(_, __, moved) =>
            editing?.pin(
              Object.fromEntries(moved.filter((node) => node.type !== "end").map((node) => [node.id, node.position])),
            )
          }
          onConnect={onConnect}
          onConnectEnd={onConnectEnd}
          onReconnect={(edge, connection) =>
            editing?.connect({ from: edge.source, port: edge.sourceHandle ?? "next" }, connection.target)
          }
          onEdgesDelete={(gone) => {
            for (const edge of gone) editing?.connect({ from: edge.source, port: edge.sourceHandle ?? "next" }, END);
          }}
          onBeforeDelete={async ({ edges: gone }) => ({ nodes: [], edges: gone.filter((edge) => edge.selected) })}
          isValidConnection={isValid}
          nodesConnectable={canEdit}
          edgesReconnectable={canEdit}
          elementsSelectable
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          deleteKeyCode={canEdit ? ["Backspace", "Delete"] : null}
          fitView
          fitViewOptions={{ maxZoom: 1, padding: 0.12 }}
          minZoom={0.1}
          maxZoom={1.75}
          colorMode={colorScheme === "auto" ? "system" : colorScheme}
          ariaLabelConfig={{
            "node.a11yDescription.default": t("canvas.keys"),
            "controls.ariaLabel": t("canvas.controls"),
            "controls.zoomIn.ariaLabel": t("canvas.zoomIn"),
            "controls.zoomOut.ariaLabel": t("canvas.zoomOut"),
            "controls.fitView.ariaLabel": t("canvas.fit"),
            "minimap.ariaLabel": t("canvas.minimap"),
          }}
          aria-label={label}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
          <Controls showInteractive={false} position="bottom-left" />
          <MiniMap
            pannable
            zoomable
            position="bottom-right"
            className={classes.minimap ?? ""}
            style={{ width: 150, height: 104 }}
            nodeColor={colourOf}
            nodeStrokeWidth={0}
            nodeBorderRadius={20}
          />
        </ReactFlow>
      </AddContext.Provider>
    </div>
  );
}

function colourOf(node: CanvasNode): string {
  if (node.type === "end") return "transparent";
  if (node.selected) return "var(--mantine-primary-color-filled)";
  return node.id === ENTRY ? "light-dark(#7cb891, #3f7a54)" : "light-dark(#c6c9d6, #55534e)";
}
