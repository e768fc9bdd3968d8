// Lines for robots.txt to copy.
import { useState } from "preact/hooks";
import { CopyButton } from "../../copy";
import { exact } from "../../format";
import { useQuery } from "../../load";
import type { SiteScope } from "../../sitepage";
import { classOf, kinds, robots, type Kind } from "./robots";
import { text } from "./strings";

export function Advice({ scope }: { scope: SiteScope }) {
  const [chosen, setChosen] = useState<Kind[]>(["crawler"]);
  const seen = useQuery(scope.ask(["requests"], {
    dimensions: ["event:bot", "event:bot_class"], filters: [["is", "event:bot_class", Object.values(classOf)]], pagination: { limit: 500, offset: 0 },
  }));
  const fetched = useQuery(scope.ask(["requests"], { dimensions: ["event:page"], filters: [["is", "event:page", ["/robots.txt"]], ["is_not", "event:bot", [""]]] }));
  const of = Object.fromEntries(kinds.map((k) => [k, (seen.data?.results ?? []).filter((r) => r.dimensions[1] === classOf[k]).map((r) => r.dimensions[0] ?? "")])) as Record<Kind, string[]>;
  const lines = robots(chosen, of, (kind) => text.robotsComment(text.robots[kind])) || text.robotsEmpty;
  const toggle = (kind: Kind) => setChosen(kinds.filter((k) => (k === kind ? !chosen.includes(k) : chosen.includes(k))));
  const times = fetched.data?.results[0]?.metrics[0];
  return (
    <section class="card advice" aria-labelledby="robots">
      <h2 id="robots">{text.robotsTitle}</h2>
      <p>{text.robotsLead} {times ? text.fetched(exact("requests", times)) : ""}</p>
      <fieldset>
        <legend>{text.robotsChoice}</legend>
        {kinds.map((k) => (
          <label key={k}>
            <input type="checkbox" checked={chosen.includes(k)} onChange={() => toggle(k)} />
            <span>{text.robots[k]}{of[k].length > 0 && <small>{`${text.robotsSeen}: ${of[k].slice(0, 6).join(", ")}${of[k].length > 6 ? " …" : ""}`}</small>}</span>
          </label>
        ))}
      </fieldset>
      <pre tabIndex={0} aria-label="robots.txt">{lines}</pre>
      <CopyButton value={() => lines}>{text.copy}</CopyButton>
    </section>
  );
}
