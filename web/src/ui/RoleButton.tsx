import {
  Button,
  type ButtonProps,
  createPolymorphicComponent,
  Menu,
  type MenuItemProps,
  Text,
  Tooltip,
} from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { roleFor, type Scope, useMay, useSession } from "@/lib/session";
import { useShellWords } from "@/lib/shell-words";

/** Why whoever is signed in may not do something; `undefined` when they may. */
export function useDenied(scope: Scope): string | undefined {
  const t = useShellWords();
  const may = useMay(scope);
  const role = useSession().data?.user?.role;
  if (may || !role) return undefined;
  return t("denied", { needs: t(`roles.${roleFor(scope)}`), role: t(`roles.${role}`) });
}

interface Own extends ButtonProps {
  /** What the button wants to be allowed. */
  scope: Scope;
}

/** A button that only some roles may press. For the others it is dimmed, keeps the focus, and says why. */
export const RoleButton = createPolymorphicComponent<"button", Own>(function RoleButton({
  scope,
  ...props
}: Own & Record<string, unknown>) {
  const denied = useDenied(scope);
  if (!denied) return <Button {...props} />;
  const { component, to, params, search, href, type, loading, disabled, onClick, ...looks } = props;
  return (
    <Tooltip label={denied} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...(looks as ButtonProps)}
        type="button"
        data-disabled
        aria-disabled
        onClick={(event: MouseEvent) => event.preventDefault()}
      />
    </Tooltip>
  );
});

interface ItemProps extends Omit<MenuItemProps, "children"> {
  scope: Scope;
  children: ReactNode;
  onClick: () => void;
}

/** The same as an entry of a menu: it can be reached, and the reason stands below it. */
export function RoleItem({ scope, children, ...props }: ItemProps) {
  const denied = useDenied(scope);
  if (!denied) return <Menu.Item {...props}>{children}</Menu.Item>;
  return (
    <Menu.Item {...props} c="dimmed" aria-disabled closeMenuOnClick={false} onClick={() => {}}>
      {children}
      <Text fz="xs" maw={220}>
        {denied}
      </Text>
    </Menu.Item>
  );
}
