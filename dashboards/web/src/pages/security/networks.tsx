// The networks that attacked, with what a block of them would hit besides.
import { useState } from "preact/hooks";
import { CopyButton } from "../../copy";
import { exact, valueName } from "../../format";
import type { Loaded } from "../../load";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { denyList } from "./deny";
import type { Offenders } from "./offenders";
import { text, threatName } from "./strings";

const few = 12;
const count = (n: number) => exact("requests", n);

export function Networks({ offenders, site }: { offenders: Loaded<Offenders>; site: string }) {
  const [whole, setWhole] = useState(false);
  const networks = offenders.data?.networks ?? [];
  return (
    <>
      <div class="section-head"><h2>{text.offenders}</h2><p>{text.offendersLead}</p></div>
      <section class={offenders.loading ? "card wide networks stale" : "card wide networks"} aria-label={text.offenders}>
        {offenders.error ? (
          <ErrorState message={offenders.error} retry={offenders.retry} />
        ) : !offenders.data ? (
          <Skeleton rows={5} />
        ) : networks.length === 0 ? (
          <EmptyState>{text.noThreats}</EmptyState>
        ) : (
          <>
            <table>
              <thead>
                <tr>
                  <th scope="col">{text.network}</th><th scope="col">{text.from}</th><th scope="col" class="kinds">{text.kinds}</th>
                  <th scope="col" class="amount">{text.attacks}</th><th scope="col" class="amount">{text.certain}</th><th scope="col" class="amount">{text.harmless}</th>
                </tr>
              </thead>
              <tbody>
                {networks.slice(0, whole ? undefined : few).map((n) => (
                  <tr key={n.net}>
                    <th scope="row">{n.net}</th>
                    <td>{[n.country && valueName("visit:country", n.country), n.provider].filter(Boolean).join(", ") || text.unknown}</td>
                    <td class="kinds">{[...Object.entries(n.threats).sort((a, b) => b[1] - a[1]).map(([kind]) => threatName(kind)), ...n.rules].join(", ")}</td>
                    <td class="amount"><b>{count(n.requests)}</b></td><td class="amount">{count(n.certain)}</td><td class="amount">{count(n.harmless)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div class="foot">
              <CopyButton quiet value={() => denyList(networks, text.denyHead(site), (n) => text.denyLine(count(n.requests), count(n.harmless)))}>{text.copyDeny}</CopyButton>
              {networks.length > few && <button type="button" class="button quiet" onClick={() => setWhole(!whole)}>{whole ? text.fewer : text.allNetworks(count(networks.length))}</button>}
              {offenders.data.total > networks.length && <span class="muted">{text.ofNetworks(count(networks.length), count(offenders.data.total))}</span>}
            </div>
          </>
        )}
      </section>
    </>
  );
}
