// Whether everything that comes in gets counted, and what stands in its way.
import { useLoaded } from "../../load";
import { Shell } from "../../shell";
import { ErrorState, Skeleton } from "../../states";
import { useNow } from "./moment";
import { Delivery, Engine, Storage } from "./parts";
import "./pipeline.css";
import { Sources } from "./sources";
import { fetchStatus } from "./status";
import { words } from "./strings";
import { Tail } from "./tail";
import { Tiles } from "./tiles";
import { Verdict } from "./verdict";

/** How often the page asks, in milliseconds: as often as the server keeps a figure. */
const every = 10_000;

document.title = `${words.title} · Klar`;

export default function Pipeline() {
  const status = useLoaded("pipeline", (_, signal) => fetchStatus(signal), every);
  const now = useNow(5_000);
  const data = status.data;
  return (
    <Shell>
      <main class="page pipeline">
        {status.error ? (
          <section class="card"><ErrorState message={status.error} retry={status.retry} /></section>
        ) : !data ? (
          <section class="card block"><Skeleton rows={6} /></section>
        ) : (
          <>
            <Verdict status={data} now={now} />
            <Tiles status={data} />
            <Sources sources={data.sources} />
            <div class="grid">
              <Delivery status={data} now={now} />
              <Engine status={data} now={now} />
            </div>
            <Storage status={data} now={now} />
            <Tail />
          </>
        )}
      </main>
    </Shell>
  );
}
