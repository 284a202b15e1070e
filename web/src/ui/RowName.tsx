import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

interface Props {
  /** The page of the row. */
  to: string;
  children: ReactNode;
  /** Beneath: its id, or what it is in one line. */
  note?: ReactNode;
}

/** What leads from a row to its page: the first column of a list. */
export function RowName({ to, children, note }: Props) {
  return (
    <>
      <Link to={to} className={classes.name}>
        <bdi>{children}</bdi>
      </Link>
      {note && (
        <Text component="div" fz="xs" c="dimmed" lineClamp={2}>
          {note}
        </Text>
      )}
    </>
  );
}
