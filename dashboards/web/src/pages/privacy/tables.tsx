// What is read and what is stored, in tables.
import { language } from "../../language";
import { keepsSignals, type Facts, type Table } from "./facts";
import { reading } from "./reading";
import { settings } from "./settings";
import { text } from "./strings";

export function Read({ facts }: { facts: Facts }) {
  return (
    <section class="card words" aria-labelledby="read">
      <h2 id="read">{text.read}</h2>
      <table>
        <thead><tr><th scope="col">{text.readItem}</th><th scope="col">{text.readBecomes}</th></tr></thead>
        <tbody>
          {reading(facts).map((r) => <tr key={r.item}><th scope="row">{r.item}</th><td>{r.becomes}</td></tr>)}
        </tbody>
      </table>
      <p class="muted">{text.notRead}</p>
    </section>
  );
}

export function Stored({ tables }: { tables: Table[] }) {
  return (
    <section class="card words" aria-labelledby="stored">
      <h2 id="stored">{text.stored}</h2>
      <p>{text.storedLead}</p>
      {tables.map((t) => (
        <details key={t.name}>
          <summary><code>{t.name}</code><span>{t.text[language]}</span><small>{text.columns(t.columns.length)}</small></summary>
          <table>
            <tbody>
              {t.columns.map((c) => <tr key={c.name}><th scope="row"><code>{c.name}</code></th><td>{c.text[language]}</td></tr>)}
            </tbody>
          </table>
        </details>
      ))}
      <h3>{text.beside}</h3>
      <ul class="beside">
        {text.besideItems.map((i) => <li key={i}>{i}</li>)}
        {keepsSignals({ tables }) && <li>{text.besideAlerts}</li>}
      </ul>
    </section>
  );
}

export function Settings({ facts }: { facts: Facts }) {
  return (
    <section class="card words" aria-labelledby="settings">
      <h2 id="settings">{text.settings}</h2>
      <dl class="settings">
        {settings(facts).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
    </section>
  );
}
