// Signing in, by a password or by a provider.
import { useState } from "preact/hooks";
import { ApiError, sendJSON } from "../../api";
import { told } from "../../refusal";
import { useSession } from "../../session";
import { ErrorState, Skeleton } from "../../states";
import { Gate, Password } from "./gate";
import { next } from "./next";
import { text } from "./strings";

const params = new URLSearchParams(location.search);
const to = next(params.get("next"));

/** What the server says of a provider's sign-in that failed. */
const reasons: Record<string, string> = { provider: text.provider, state: text.state, role: text.role, denied: text.denied };

export default function SignInPage() {
  const session = useSession();
  if (session.error) return <Gate title={text.title}><ErrorState message={session.error} retry={session.retry} /></Gate>;
  if (!session.data) return <Gate title={text.title}><Skeleton rows={3} /></Gate>;
  const { password, providers } = session.data.sign_in;
  if (session.data.name) {
    return (
      <Gate title={text.title}>
        <p>{text.signedIn(session.data.name)}</p>
        <a class="button" href={to}>{text.goOn}</a>
      </Gate>
    );
  }
  if (!password && providers.length === 0) {
    return (
      <Gate title={text.title}>
        <p>{text.nobody}</p>
        <code>klar user add NAME --role owner</code>
      </Gate>
    );
  }
  const reason = reasons[params.get("error") ?? ""];
  return (
    <Gate title={text.title}>
      {reason && <p role="alert">{reason}</p>}
      {password && <ByPassword />}
      {password && providers.length > 0 && <p class="or">{text.or}</p>}
      {providers.map((p) => (
        <a key={p.id} class="control" href={`/api/sign-in?${new URLSearchParams({ provider: p.id, next: to })}`}>{text.with(p.name)}</a>
      ))}
    </Gate>
  );
}

function ByPassword() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    setError("");
    try {
      await sendJSON("POST", "/api/session", { name, password });
      location.assign(to);
    } catch (e) {
      const status = e instanceof ApiError ? e.status : -1;
      setError(status === 403 ? text.wrong : status === 429 ? text.tooMany : told(e));
      setPassword("");
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      {error && <p role="alert">{error}</p>}
      <label>
        {text.name}
        <input
          class="control" value={name} required maxLength={64} autocomplete="username" autocapitalize="none" spellcheck={false} autoFocus
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </label>
      <Password label={text.password} value={password} set={setPassword} complete="current-password" />
      <button class="button" disabled={busy}>{text.submit}</button>
    </form>
  );
}
