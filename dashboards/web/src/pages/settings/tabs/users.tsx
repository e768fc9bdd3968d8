// Who may sign in, and what for.
import { useState } from "preact/hooks";
import { sendJSON, type Site } from "../../../api";
import { useLoaded } from "../../../load";
import { useSession, type Role } from "../../../session";
import { ErrorState, Skeleton } from "../../../states";
import { errorsOf, fetchUsers, type User } from "../access/api";
import { Remove } from "../access/removable";
import { Roles } from "../access/sites";
import { text } from "../access/strings";
import { Input, Password, type Errors } from "../fields";
import { text as shared } from "../strings";
import type { TabProps } from "../tabs";
import { useUnsaved } from "../unsaved";

export default function UsersTab({ sites }: TabProps) {
  const [version, setVersion] = useState(0);
  const [editing, setEditing] = useState<string | null>(null);
  const loaded = useLoaded(`users ${version}`, fetchUsers);
  const session = useSession();
  if (loaded.error) return <ErrorState message={loaded.error} retry={loaded.retry} />;
  if (!loaded.data || !session.data) return <Skeleton rows={4} />;
  const done = () => {
    setEditing(null);
    setVersion(version + 1);
  };
  return (
    <section class="card section" aria-label={text.users}>
      <div class="section-head">
        <div><h2>{text.users}</h2><p class="muted">{text.usersHint}</p></div>
        {editing === null && !session.data.open && <button type="button" class="button" onClick={() => setEditing("")}>{text.addUser}</button>}
      </div>
      {session.data.open && <><p class="note">{text.firstUser}</p><p class="copy"><code class="code-text">klar user add NAME --role owner</code></p></>}
      {editing === "" && <Form sites={sites} done={done} cancel={() => setEditing(null)} />}
      <ul class="entries">
        {loaded.data.users.map((u) => (
          <li key={u.name} class={editing === u.name ? "" : "entry"}>
            {editing === u.name ? <Form user={u} sites={sites} done={done} cancel={() => setEditing(null)} /> : (
              <>
                <div class="what"><b>{u.name}</b><span class="muted">{rolesOf(u)}</span></div>
                {u.fixed ? <span class="badge" title={text.userOfFile}>{shared.fromFile}</span> : (
                  <span class="actions">
                    <button type="button" class="button quiet" aria-label={`${shared.edit}: ${u.name}`} onClick={() => setEditing(u.name)}>{shared.edit}</button>
                    <Remove name={u.name} question={text.removeUser(u.name)} path={`/api/users?${new URLSearchParams({ name: u.name })}`} removed={done} />
                  </span>
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function rolesOf(u: User): string {
  const single = Object.entries(u.sites).map(([site, role]) => text.roleOfSite(text.roles[role], site));
  return [...(u.role === "everybody" ? [] : [text.roleOfAll(text.roles[u.role])]), ...single].join(", ");
}

interface FormProps {
  /** Who is changed; undefined: somebody new. */
  user?: User;
  sites: Site[];
  done: () => void;
  cancel: () => void;
}

function Form({ user, sites, done, cancel }: FormProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [all, setAll] = useState<Role>(user?.role ?? "viewer");
  const [single, setSingle] = useState(user?.sites ?? {});
  const [errors, setErrors] = useState<Errors>({});
  useUnsaved(name !== "" || password !== "");
  const save = async (e: Event) => {
    e.preventDefault();
    const roles = { role: all, sites: Object.fromEntries(Object.entries(single).filter(([, role]) => role !== "everybody")) };
    try {
      if (user) await sendJSON("PUT", `/api/users?${new URLSearchParams({ name: user.name })}`, { password, ...roles });
      else await sendJSON("POST", "/api/users", { name, password, ...roles });
      done();
    } catch (e) {
      setErrors(errorsOf(e));
    }
  };
  return (
    <form class="editor" aria-label={user?.name ?? text.addUser} onSubmit={save}>
      {user ? <h3>{user.name}</h3> : <Input label={text.name} hint={text.nameHint} value={name} set={setName} error={errors["name"]} limit={64} focus />}
      <Password
        label={text.password} hint={user ? text.passwordKeep : text.passwordHint} value={password} set={setPassword}
        error={errors["password"]} focus={!!user}
      />
      <Roles sites={sites} all={all} single={single} set={(a, s) => { setAll(a); setSingle(s); }} error={errors["role"]} />
      {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
      <p class="buttons">
        <button class="button">{user ? shared.save : text.add}</button>
        <button type="button" class="button quiet" onClick={cancel}>{shared.cancel}</button>
      </p>
    </form>
  );
}
