import { Center, Container } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { whenSignedOut } from "@/api/client";
import { lapse, useSession } from "@/lib/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { Frame } from "./shell/Frame";

const SignIn = lazy(() => import("@/features/sign-in/pages/SignIn").then((page) => ({ default: page.SignIn })));
const SignInAgain = lazy(() =>
  import("@/features/sign-in/pages/SignInAgain").then((page) => ({ default: page.SignInAgain })),
);

/** Asks who is signed in before anything else is shown; the address stays, so that one goes on where one wanted to. */
export function Shell() {
  const queries = useQueryClient();
  const session = useSession();
  const isWelcome = useRouterState({ select: (state) => state.location.pathname === "/welcome" });
  useEffect(() => whenSignedOut(() => lapse(queries)), [queries]);
  if (isWelcome) return <Outlet />;
  if (session.isPending) return <Center h="100dvh" aria-busy="true" />;
  if (session.isLoadingError) {
    return (
      <Container size="xs" pt="20vh">
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </Container>
    );
  }
  if (session.data.user) {
    return (
      <>
        <Frame key={session.data.user.id} />
        <Suspense>{session.data.lapsed && <SignInAgain session={session.data} />}</Suspense>
      </>
    );
  }
  return (
    <Suspense fallback={<Center h="100dvh" aria-busy="true" />}>
      <SignIn session={session.data} />
    </Suspense>
  );
}
