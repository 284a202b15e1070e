import { createContext } from "react";
import type { Way } from "../graph/ports";

/** Asks for a new step on a way; what is offered stands beside the element. */
export type Add = (way: Way, beside: Element | { x: number; y: number }) => void;

export const AddContext = createContext<Add | null>(null);
