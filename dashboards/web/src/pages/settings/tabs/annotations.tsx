// Words about days of a site.
import { useState } from "preact/hooks";
import { day as written } from "../../../format";
import { useLoaded } from "../../../load";
import { today } from "../../../period";
import { ErrorState, Skeleton } from "../../../states";
import { annotate, fetchAnnotations, Refused, unannotate, type Annotation } from "../api";
import { Input, type Errors } from "../fields";
import { text } from "../strings";
import type { TabProps } from "../tabs";
import { Undefined } from "../undefined";
import { useUnsaved } from "../unsaved";

export default function AnnotationsTab({ site, open }: TabProps) {
  const [version, setVersion] = useState(0);
  const loaded = useLoaded(site ? `${version} ${site.id}` : null, (_, signal) => fetchAnnotations(site?.id ?? "", signal));
  const [wrong, setWrong] = useState("");
  if (!site) return <Undefined open={open} />;
  if (loaded.error) return <ErrorState message={loaded.error} retry={loaded.retry} />;
  if (!loaded.data) return <Skeleton rows={4} />;
  const again = () => {
    setWrong("");
    setVersion(version + 1);
  };
  const remove = async (a: Annotation) => {
    if (!confirm(text.removeSure(a.text))) return;
    await unannotate(site.id, a.id).then(again, (e: unknown) => setWrong(e instanceof Error ? e.message : text.failed));
  };
  return (
    <section class="card section" aria-label={text.annotations}>
      <div class="section-head"><div><h2>{text.annotations}</h2><p class="muted">{text.annotationsHint}</p></div></div>
      <Form site={site.id} first={today(site.timezone, new Date())} done={again} />
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      {loaded.data.length === 0 && <p class="muted none">{text.none}</p>}
      <ul class="entries">
        {loaded.data.toReversed().map((a) => (
          <li key={a.id} class="entry">
            <div class="what"><b>{written(a.day)}</b><span>{a.text}</span></div>
            <span class="actions"><button type="button" class="button quiet" aria-label={`${text.remove}: ${a.text}`} onClick={() => remove(a)}>{text.remove}</button></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Form({ site, first, done }: { site: string; first: string; done: () => void }) {
  const [day, setDay] = useState(first);
  const [words, setWords] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  useUnsaved(words !== "");
  const save = async (e: Event) => {
    e.preventDefault();
    try {
      await annotate(site, day, words);
      setWords("");
      setErrors({});
      done();
    } catch (e) {
      setErrors({ [e instanceof Refused ? e.field : ""]: e instanceof Error ? e.message : text.failed });
    }
  };
  return (
    <form class="editor beside" aria-label={text.addAnnotation} onSubmit={save}>
      <Input label={text.day} type="date" value={day} set={setDay} error={errors["day"]} />
      <Input label={text.words} value={words} set={setWords} error={errors["text"]} limit={200} placeholder={text.wordsExample} />
      {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
      <p class="buttons"><button class="button">{text.addAnnotation}</button></p>
    </form>
  );
}
