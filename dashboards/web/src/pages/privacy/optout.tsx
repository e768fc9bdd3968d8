// The ways not to be counted: the flag that the tracker reads, and what a browser may send.
import { useState } from "preact/hooks";
import { waysOf, type Facts, type Signal } from "./facts";
import { text } from "./strings";

const flag = "klar_ignore"; // as in tracker/tracker.ts

function read(): boolean | undefined {
  try {
    return localStorage.getItem(flag) === "true";
  } catch {
    return undefined; // storage is switched off
  }
}

export function OptOut({ facts }: { facts: Facts }) {
  const [ignored, setIgnored] = useState(read);
  const site = facts.site;
  const toggle = () => {
    try {
      if (ignored) localStorage.removeItem(flag);
      else localStorage.setItem(flag, "true");
    } catch {
      // What was not stored is not shown as stored.
    }
    setIgnored(read());
  };
  return (
    <section class="card words" aria-labelledby="opt-out">
      <h2 id="opt-out">{text.optOut}</h2>
      <p>{text.optOutScript}</p>
      {ignored === undefined ? (
        <p class="note">{text.optOutNoStorage}</p>
      ) : (
        <p class="switch">
          <button type="button" role="switch" aria-checked={ignored} onClick={toggle}>
            <span class="knob" aria-hidden="true" />
            <span>{text.optOutSwitch(location.host)}</span>
          </button>
          <span class="muted" role="status">{(ignored ? text.optOutOn : text.optOutOff)(location.host)}</span>
        </p>
      )}
      {site && !site.here && <p class="note">{text.optOutElsewhere(location.host, site.id)}</p>}
      {site?.here && site.origins && !waysOf(site).script && <p class="muted">{text.optOutNoScript}</p>}
      <h3>{text.signals}</h3>
      <Signals facts={facts} />
    </section>
  );
}

const named = (signals: Signal[]) => signals.map((s) => text.signalNames[s]).join(text.or);

function Signals({ facts }: { facts: Facts }) {
  if (facts.respect.length === 0) return <p>{text.signalsNone}</p>;
  const ways = waysOf(facts.site);
  const logged = facts.site?.log_signals ?? [];
  return (
    <>
      <p>{text.signalsScript(named(facts.respect))} {(!facts.site || ways.log) && (logged.length > 0 ? text.signalsLog(named(logged)) : text.signalsLogUnknown)}</p>
      <p class="muted">{text.signalsHow}</p>
    </>
  );
}
