// The statistics of one site for who has a link to them, or of a public site, also in a frame of another page.
import { useEffect, useState } from "preact/hooks";
import { ApiError, sendJSON, showPass } from "../../api";
import { told } from "../../refusal";
import { ErrorState, Skeleton } from "../../states";
import { text as shared } from "../../strings";
import App from "../statistics";
import { Gate, Password } from "../sign-in/gate";
import { text } from "../sign-in/strings";

const link = new URLSearchParams(location.search).get("link");

/** Where the reader stands: the link is asked for, needs a password, cannot be opened, or is open. */
type State = { at: "asking" | "locked" | "over" | "open" } | { at: "failed"; message: string };

/** Asks for the pass of the link, and shows it with every question from then on. */
async function open(password: string): Promise<State> {
  if (link === null) {
    showPass("public"); // what everybody may see, also of who is signed in
    return { at: "open" };
  }
  try {
    showPass((await sendJSON<{ pass: string }>("POST", "/api/shared", { link, password })).pass);
    return { at: "open" };
  } catch (e) {
    if (!(e instanceof ApiError)) throw e;
    if (e.status === 404) return { at: "over" };
    if (e.status === 403) return { at: "locked" };
    return { at: "failed", message: e.status === 429 ? text.tooMany : told(e) };
  }
}

export default function SharedPage() {
  const [state, setState] = useState<State>({ at: "asking" });
  const start = () => {
    open("").then(setState, () => setState({ at: "failed", message: shared.failed }));
  };
  useEffect(start, []);
  switch (state.at) {
    case "open":
      return <App />;
    case "asking":
      return <main class="alone"><Skeleton rows={3} /></main>;
    case "over":
      return <Gate title={text.linkTitle}><p>{text.linkOver}</p><p class="muted">{text.linkOverHint}</p></Gate>;
    case "failed":
      return <Gate title={text.linkTitle}><ErrorState message={state.message} retry={start} /></Gate>;
    case "locked":
      return <Locked opened={() => setState({ at: "open" })} />;
  }
}

function Locked({ opened }: { opened: () => void }) {
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const after = await open(password).catch((): State => ({ at: "failed", message: shared.failed }));
    setBusy(false);
    if (after.at === "open") opened();
    else setError(after.at === "locked" ? text.linkWrong : after.at === "failed" ? after.message : text.linkOver);
  };
  return (
    <Gate title={text.linkTitle}>
      <form onSubmit={submit}>
        {error ? <p role="alert">{error}</p> : <p>{text.linkPassword}</p>}
        <Password label={text.password} value={password} set={setPassword} complete="off" focus />
        <button class="button" disabled={busy}>{text.linkOpen}</button>
      </form>
    </Gate>
  );
}
