// In one look: is all well, and if not, what is wrong and what to do.
import { duration } from "../../format";
import { clock } from "./moment";
import { words } from "./strings";
import type { Level, Problem, Received } from "./status";

/** After how long without an answer the page stops believing the last one. */
const silentAfter = 35_000;

export function Verdict({ status, now }: { status: Received; now: number }) {
  const silent = now - status.received > silentAfter;
  const level: Level = silent ? "red" : status.level;
  const [first, ...rest] = silent ? [] : status.problems;
  return (
    <section class="card verdict" data-level={level} aria-live="polite">
      <Sign level={level} />
      <div>
        {silent ? (
          <><h1>{words.silent}</h1><p>{words.silentTodo}</p></>
        ) : first ? (
          <Trouble problem={first} heading />
        ) : (
          <><h1>{words.well}</h1><p class="muted">{words.wellMore(status.sources.length)}</p></>
        )}
        {rest.length > 0 && (
          <ul class="troubles">
            {rest.map((p) => <li key={p.code + p.subject} data-level={p.level}><Sign level={p.level} /><div><Trouble problem={p} /></div></li>)}
          </ul>
        )}
        <p class="muted small">{words.version(status.version, duration(status.uptime_seconds))} · {words.asOf(clock(status.at))}</p>
      </div>
    </section>
  );
}

function Trouble({ problem, heading = false }: { problem: Problem; heading?: boolean }) {
  const known = words.troubles[problem.code];
  const what = known ? known.what(problem.subject, problem.value) : problem.code;
  return <>{heading ? <h1>{what}</h1> : <p class="what">{what}</p>}{known && <p class="muted">{known.todo}</p>}</>;
}

/** A sign that is told apart without its colour, too. */
function Sign({ level }: { level: Level }) {
  return (
    <svg class="sign" width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
      <circle cx="13" cy="13" r="11.5" />
      {level === "green" ? <path d="m8 13.4 3.4 3.4L18.2 10" /> : level === "amber" ? <path d="M13 7.5v6.8M13 18v.1" /> : <path d="m9 9 8 8M17 9l-8 8" />}
    </svg>
  );
}
