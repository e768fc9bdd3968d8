// Alerts that are firing, and those that are over.
import { useState } from "preact/hooks";
import { exact } from "../../format";
import { local, locale } from "../../language";
import type { Loaded } from "../../load";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import type { Alert } from "./alerts";
import { seriesName, text } from "./strings";

const count = (n: number) => exact("requests", Math.round(n));

interface Props {
  alerts: Loaded<Alert[] | null>;
  timezone: string;
  /** The one that a link led to. */
  asked: string | undefined;
}

const few = 5;

export function Alerts({ alerts, timezone, asked }: Props) {
  const [whole, setWhole] = useState(false);
  const shown = (alerts.data ?? []).filter((a, i) => whole || i < few || a.id === asked);
  return (
    <section class="card panel alerts" aria-label={text.alerts}>
      <div class="panel-head"><h2>{text.alerts}</h2></div>
      {alerts.error ? (
        <ErrorState message={alerts.error} retry={alerts.retry} />
      ) : alerts.data === undefined ? (
        <Skeleton rows={3} />
      ) : alerts.data === null ? (
        <EmptyState>{text.alertsOff}</EmptyState>
      ) : alerts.data.length === 0 ? (
        <EmptyState>{text.noAlerts}</EmptyState>
      ) : (
        <>
          <ul>{shown.map((a) => <Row key={a.id} alert={a} timezone={timezone} asked={a.id === asked} />)}</ul>
          {(whole || shown.length < alerts.data.length) && (
            <button type="button" class="button quiet all" onClick={() => setWhole(!whole)}>{whole ? text.fewer : text.allNetworks(count(alerts.data.length))}</button>
          )}
        </>
      )}
    </section>
  );
}

function Row({ alert: a, timezone, asked }: { alert: Alert; timezone: string; asked: boolean }) {
  const clock = new Intl.DateTimeFormat(locale, { timeZone: timezone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const at = (t: string) => clock.format(new Date(t));
  const state = a.silenced ? "silenced" : a.firing ? "firing" : "over";
  const figures = a.figures;
  return (
    <li class={asked ? `${state} asked` : state} aria-current={asked ? "true" : undefined}>
      <span class={`state-of ${state} ${a.severity}`}>{text.state[state]}</span>
      <span class="what">
        <b>{local({ en: a.description, de: a.description_de }) || a.description}</b>
        <small>
          {[
            text.severity[a.severity], a.rule, a.finding ?? "", a.net || text.wholeSite, a.others ? text.others(count(a.others)) : "",
            figures ? text.unusual(seriesName(figures.series), count(figures.value), count(figures.low), count(figures.high)) : a.times > 1 ? text.times(count(a.times)) : "",
          ].filter(Boolean).join(" · ")}
        </small>
      </span>
      <span class="when">{a.firing || !a.end ? text.since(at(a.start)) : text.between(at(a.start), at(a.end))}</span>
    </li>
  );
}
