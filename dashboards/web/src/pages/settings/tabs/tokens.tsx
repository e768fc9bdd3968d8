// Tokens by which programs ask for statistics.
import { useState } from "preact/hooks";
import { sendJSON, type Site } from "../../../api";
import { day } from "../../../format";
import { useLoaded } from "../../../load";
import { ErrorState, Skeleton } from "../../../states";
import { errorsOf, fetchTokens, type Token } from "../access/api";
import { Remove } from "../access/removable";
import { Some } from "../access/sites";
import { text } from "../access/strings";
import { Copy, Input, type Errors } from "../fields";
import { text as shared } from "../strings";
import type { TabProps } from "../tabs";
import { useUnsaved } from "../unsaved";

export default function TokensTab({ sites }: TabProps) {
  const [version, setVersion] = useState(0);
  const [made, setMade] = useState<Token>();
  const loaded = useLoaded(`tokens ${version}`, fetchTokens);
  if (loaded.error) return <ErrorState message={loaded.error} retry={loaded.retry} />;
  if (!loaded.data) return <Skeleton rows={4} />;
  return (
    <section class="card section" aria-label={text.tokens}>
      <div class="section-head"><div><h2>{text.tokens}</h2><p class="muted">{text.tokensHint}</p></div></div>
      {made?.secret && (
        <div class="secret" role="status">
          <h3>{made.name}</h3>
          <p>{text.once}</p>
          <Copy label={made.name} value={made.secret} />
        </div>
      )}
      <Form sites={sites} done={(token) => { setMade(token); setVersion(version + 1); }} />
      {loaded.data.tokens.length === 0 && <p class="muted none">{shared.none}</p>}
      <ul class="entries">
        {loaded.data.tokens.map((t) => (
          <li key={t.id} class="entry">
            <div class="what">
              <b>{t.name}</b>
              <span>{t.sites.length > 0 ? t.sites.join(", ") : text.allSites}</span>
              <span class="muted">{t.used ? text.used(day(t.used)) : text.unused}, {text.made(day(t.made), t.by)}</span>
            </div>
            <span class="actions">
              <Remove name={t.name} question={text.removeToken(t.name)} path={`/api/tokens?id=${t.id}`} removed={() => { setMade(undefined); setVersion(version + 1); }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Form({ sites, done }: { sites: Site[]; done: (token: Token) => void }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [errors, setErrors] = useState<Errors>({});
  useUnsaved(name !== "");
  const save = async (e: Event) => {
    e.preventDefault();
    try {
      const token = await sendJSON<Token>("POST", "/api/tokens", { name, sites: chosen });
      setName("");
      setChosen([]);
      setErrors({});
      done(token);
    } catch (e) {
      setErrors(errorsOf(e));
    }
  };
  return (
    <form class="editor" aria-label={text.addToken} onSubmit={save}>
      <Input label={text.tokenName} value={name} set={setName} error={errors["name"]} limit={80} placeholder={text.tokenExample} />
      {sites.length > 1 && <Some sites={sites} chosen={chosen} set={setChosen} />}
      {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
      <p class="buttons"><button class="button">{text.addToken}</button></p>
    </form>
  );
}
