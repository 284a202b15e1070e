import { AppShell, NavLink } from "@mantine/core";
import { Link, Outlet } from "@tanstack/react-router";

export function Shell() {
  return (
    <AppShell navbar={{ width: 232, breakpoint: "sm" }} padding="lg">
      <AppShell.Navbar p="sm">
        <NavLink component={Link} to="/segments" label="Segments" />
        <NavLink component={Link} to="/predictions" label="Predictions" />
        <NavLink component={Link} to="/journeys" label="Journeys" />
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
