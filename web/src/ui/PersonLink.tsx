import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";

/** Leads to a person's page, by any of their ids; shows the name where it is known. */
export function PersonLink({ userId, name }: { userId: string; name?: string | null | undefined }) {
  return (
    <Anchor component={Link} to={`/people/${encodeURIComponent(userId)}`} inherit>
      {name || userId}
    </Anchor>
  );
}
