// The form of a funnel: its steps in order, each a page, an event or a goal.
import { exact } from "../../format";
import { useLoaded } from "../../load";
import { previewFunnel, type Funnel } from "./api";
import { Input } from "./fields";
import { useSettled } from "./preview";
import { text } from "./strings";

const most = 8;

export function funnelBody(f: Funnel): { body: Funnel; whole: boolean } {
  const body = { name: f.name.trim(), steps: f.steps.map((s) => s.trim()) };
  return { body, whole: body.name !== "" && body.steps.every((s) => s !== "" && s !== "event:" && s !== "goal:") };
}

type StepKind = "page" | "event" | "goal";

function parts(step: string): [StepKind, string] {
  if (step.startsWith("event:")) return ["event", step.slice(6)];
  return step.startsWith("goal:") ? ["goal", step.slice(5)] : ["page", step];
}

const stepOf = (kind: StepKind, value: string): string => (kind === "page" ? value : `${kind}:${value}`);

interface Props {
  site: string;
  /** What the funnel was called so far; empty for a new one. */
  name: string;
  goals: string[];
  value: Funnel;
  set: (value: Funnel) => void;
  error: (field: string) => string | undefined;
}

export function FunnelForm({ site, name, goals, value, set, error }: Props) {
  const { steps } = value;
  const change = (next: string[]) => set({ ...value, steps: next });
  const move = (i: number, to: number) => {
    const next = steps.filter((_, n) => n !== i);
    next.splice(to, 0, steps[i]!);
    change(next);
  };
  const all = error("steps");
  const ofOne = steps.some((_, i) => error(`steps.${i}`) !== undefined);
  return (
    <>
      <Input label={text.name} value={value.name} set={(name) => set({ ...value, name })} error={error("name")} limit={120} focus />
      <fieldset class="steps">
        <legend>{text.steps}</legend>
        <ol>
          {steps.map((step, i) => (
            <li key={i}>
              <Step step={step} number={i + 1} goals={goals} set={(s) => change(steps.map((old, n) => (n === i ? s : old)))} error={error(`steps.${i}`)} />
              <span class="actions">
                <button type="button" class="button quiet" disabled={i === 0} aria-label={text.moveUp(i + 1)} onClick={() => move(i, i - 1)}>↑</button>
                <button type="button" class="button quiet" disabled={i === steps.length - 1} aria-label={text.moveDown(i + 1)} onClick={() => move(i, i + 1)}>↓</button>
                <button type="button" class="button quiet" disabled={steps.length <= 2} aria-label={text.removeStep(i + 1)} onClick={() => change(steps.filter((_, n) => n !== i))}>×</button>
              </span>
            </li>
          ))}
        </ol>
        {all && !ofOne && <p class="wrong" role="alert">{all}</p>}
        {steps.length < most && <button type="button" class="button quiet" onClick={() => change([...steps, "/"])}>{text.addStep}</button>}
      </fieldset>
      <Passed site={site} name={name} funnel={value} />
    </>
  );
}

/** How many visits would have passed each step. */
function Passed({ site, name, funnel }: { site: string; name: string; funnel: Funnel }) {
  const { body, whole } = funnelBody(funnel);
  const question = useSettled(whole ? JSON.stringify(body) : null);
  const answer = useLoaded(question, (asked, signal) => previewFunnel(site, name, JSON.parse(asked) as Funnel, signal));
  if (!whole || answer.error) return null;
  if (!answer.data) return <p class="matched" role="status">{text.matching}</p>;
  const { visits, estimated } = answer.data;
  const said = visits.length === 0 ? text.notPassed : `${estimated ? text.passedAbout : text.passed} ${visits.map((n) => exact("visits", n)).join(" → ")}`;
  return <p class={`matched ${answer.loading ? "stale" : ""}`} role="status">{said}</p>;
}

interface StepProps {
  step: string;
  number: number;
  goals: string[];
  set: (step: string) => void;
  error: string | undefined;
}

function Step({ step, number, goals, set, error }: StepProps) {
  const [kind, value] = parts(step);
  const label = text.step(number);
  const words = { page: text.page, event: text.event, goal: text.goal };
  const shared = { "aria-label": label, "aria-invalid": !!error, class: "control" };
  return (
    <div class="step-fields">
      <select
        class="control" aria-label={text.stepKind(number)} value={kind}
        onChange={(e) => {
          const next = e.currentTarget.value as StepKind;
          set(stepOf(next, next === "goal" ? (goals[0] ?? "") : next === "page" ? "/" : ""));
        }}
      >
        {(Object.keys(words) as StepKind[]).filter((k) => k !== "goal" || goals.length > 0 || kind === "goal").map((k) => <option key={k} value={k}>{words[k]}</option>)}
      </select>
      {kind === "goal" ? (
        <select {...shared} value={value} onChange={(e) => set(stepOf(kind, e.currentTarget.value))}>
          {[...new Set([value, ...goals])].map((g) => <option key={g} value={g}>{g}</option>)}
        </select>
      ) : (
        <input {...shared} value={value} spellcheck={false} onInput={(e) => set(stepOf(kind, e.currentTarget.value))} />
      )}
      {error && <p class="wrong" role="alert">{error}</p>}
    </div>
  );
}
