// A part of the tracker: clicks on, and sending of, what has a class such as klar-event-name=Sign+up, or plausible-event-… as in
// pages that were written for Plausible. Further classes add properties, and klar-revenue-amount=9.50 with
// klar-revenue-currency=EUR a revenue.
(() => {
  const tell = (e: Event): void => {
    const tagged = (e.target as Element | null)?.closest?.('[class*="klar-event-name"],[class*="plausible-event-name"]');
    if (!tagged || (tagged.tagName === "FORM") !== (e.type === "submit")) return;
    const props: Record<string, string> = {};
    const revenue: Record<string, string> = {};
    for (const name of Array.from(tagged.classList)) {
      const m = /^(?:klar|plausible)-(event|revenue)-(.+?)(?:=|--)(.+)$/.exec(name);
      if (m) (m[1] === "event" ? props : revenue)[m[2]!] = m[3]!.replace(/\+/g, " ");
    }
    const { name, ...rest } = props;
    if (name) window.klar?.(name, { props: rest, revenue: revenue["amount"] ? revenue : undefined });
  };
  for (const type of ["click", "auxclick", "submit"]) addEventListener(type, tell, true);
})();
