// What was typed and not saved is not lost silently: not by another tab or site, not by leaving the page.
import { useEffect } from "preact/hooks";
import { text } from "./strings";

const unsaved = new Set<object>();

addEventListener("beforeunload", (e) => {
  if (unsaved.size > 0) e.preventDefault();
});

/** Notes while a form is shown whether it holds something that is not saved. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const mine = {};
    unsaved.add(mine);
    return () => {
      unsaved.delete(mine);
    };
  }, [dirty]);
}

/** Whether the forms may go: none holds anything, or the reader does without it. */
export const mayLeave = (): boolean => unsaved.size === 0 || confirm(text.discard);
