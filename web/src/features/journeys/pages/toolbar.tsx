import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";

const ID = "journey-toolbar";

/** Where the part that is open puts its own buttons, in the header of the journey. */
export function ToolbarSlot() {
  return <div id={ID} style={{ display: "contents" }} />;
}

export function Toolbar({ children }: { children: ReactNode }) {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  useEffect(() => setSlot(document.getElementById(ID)), []);
  return slot ? createPortal(children, slot) : null;
}
