// What stands where there is no answer: not yet, not at all, or nothing in it.
import type { ComponentChildren } from "preact";
import type { Loaded } from "./load";
import { text } from "./strings";

/** What an answer that did not come stands for: something to try again, or a question that Klar cannot answer. */
export function Failure({ of }: { of: Loaded<unknown> }) {
  if (of.refused) return <EmptyState>{of.error}</EmptyState>;
  return <ErrorState message={of.error ?? ""} retry={of.retry} />;
}

export function ErrorState({ message, retry }: { message: string; retry: () => void }) {
  return (
    <div class="state" role="alert">
      <p>{text.failed}</p>
      {message !== text.failed && <p class="muted">{message}</p>}
      <button class="button" onClick={retry}>{text.retry}</button>
    </div>
  );
}

/** The whole page of an install that has nothing to show yet. */
export function NoSites() {
  return (
    <main class="alone">
      <h1>{text.noSites}</h1>
      <p class="muted">{text.noSitesHint}</p>
      <p><a class="button" href="/settings">{text.firstSite}</a></p>
    </main>
  );
}

export function EmptyState({ children }: { children: ComponentChildren }) {
  return <div class="state muted"><p>{children}</p></div>;
}

/** Grey rows in the place of the real ones, so that nothing jumps when they come. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <div class="skeleton" aria-busy="true" aria-label={text.loading} role="status">
      {Array.from({ length: rows }, (_, i) => <span key={i} data-width={i % 5} />)}
    </div>
  );
}

/** A question mark that explains what stands before it, on hover and on focus. */
export function Hint({ children, label }: { children: string; label: string }) {
  return (
    <span class="hint">
      <button type="button" aria-label={`${label}: ${children}`}>?</button>
      <span class="bubble" aria-hidden="true">{children}</span>
    </span>
  );
}
