import { useState } from "preact/hooks";
import { sendJSON } from "../../../api";
import { text as shared } from "../strings";
import { errorsOf } from "./api";

interface Props {
  name: string;
  question: string;
  /** Address of what is removed. */
  path: string;
  removed: () => void;
}

/** A button that removes something, after it has asked, and says why it did not. */
export function Remove({ name, question, path, removed }: Props) {
  const [wrong, setWrong] = useState("");
  const remove = async () => {
    if (!confirm(question)) return;
    try {
      await sendJSON("DELETE", path);
      removed();
    } catch (e) {
      setWrong(Object.values(errorsOf(e)).join(" "));
    }
  };
  return (
    <>
      <button type="button" class="button quiet" aria-label={`${shared.remove}: ${name}`} onClick={remove}>{shared.remove}</button>
      {wrong && <span class="wrong" role="alert">{wrong}</span>}
    </>
  );
}
