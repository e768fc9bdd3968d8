// The reader's own password.
import { useState } from "preact/hooks";
import { sendJSON } from "../../../api";
import { errorsOf } from "../access/api";
import { text } from "../access/strings";
import { Password, type Errors } from "../fields";
import { useUnsaved } from "../unsaved";

export default function PasswordTab() {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [done, setDone] = useState(false);
  useUnsaved(fresh !== "");
  const save = async (e: Event) => {
    e.preventDefault();
    setDone(false);
    if (fresh !== again) return setErrors({ again: text.notSame });
    try {
      await sendJSON("POST", "/api/password", { old, password: fresh });
      setOld("");
      setFresh("");
      setAgain("");
      setErrors({});
      setDone(true);
    } catch (e) {
      setErrors(errorsOf(e));
    }
  };
  return (
    <section class="card section" aria-label={text.myPassword}>
      <div class="section-head"><div><h2>{text.myPassword}</h2><p class="muted">{text.myPasswordHint}</p></div></div>
      <form class="editor" onSubmit={save}>
        <Password label={text.old} complete="current-password" value={old} set={setOld} error={errors["old"]} />
        <Password label={text.fresh} hint={text.passwordHint} complete="new-password" value={fresh} set={setFresh} error={errors["password"]} />
        <Password label={text.again} complete="new-password" value={again} set={setAgain} error={errors["again"]} />
        {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
        <p class="buttons"><button class="button">{text.change}</button>{done && <span role="status">{text.changed}</span>}</p>
      </form>
    </section>
  );
}
