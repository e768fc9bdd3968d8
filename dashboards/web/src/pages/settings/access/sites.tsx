import type { Site } from "../../../api";
import type { Role } from "../../../session";
import { text } from "./strings";

const order: Role[] = ["everybody", "viewer", "editor", "owner"];

interface RolesProps {
  sites: Site[];
  all: Role;
  single: Record<string, Role>;
  set: (all: Role, single: Record<string, Role>) => void;
  error: string | undefined;
}

/** The roles on all sites and on single ones. */
export function Roles({ sites, all, single, set, error }: RolesProps) {
  // Roles on sites that are none any more stay visible, so that they can be taken.
  const ids = [...new Set([...sites.map((s) => s.id), ...Object.keys(single)])];
  return (
    <fieldset class="roles">
      <legend>{text.role}</legend>
      <p class={error ? "wrong" : "muted"} role={error ? "alert" : undefined}>{error ?? text.rolesHint}</p>
      <RoleOf name={text.allSites} value={all} set={(role) => set(role, single)} />
      {ids.map((id) => <RoleOf key={id} name={id} value={single[id] ?? "everybody"} set={(role) => set(all, { ...single, [id]: role })} />)}
    </fieldset>
  );
}

function RoleOf({ name, value, set }: { name: string; value: Role; set: (role: Role) => void }) {
  return (
    <label>
      <span>{name}</span>
      <select class="control" value={value} onChange={(e) => set(e.currentTarget.value as Role)}>
        {order.map((role) => <option key={role} value={role}>{text.roles[role]}</option>)}
      </select>
    </label>
  );
}

/** Some of the sites. */
export function Some({ sites, chosen, set }: { sites: Site[]; chosen: string[]; set: (ids: string[]) => void }) {
  return (
    <fieldset class="choice">
      <legend>{text.tokenSites}</legend>
      {sites.map(({ id }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={(e) => set(e.currentTarget.checked ? [...chosen, id] : chosen.filter((c) => c !== id))} />
          {id}
        </label>
      ))}
    </fieldset>
  );
}
