// A part of the tracker: clicks on links that lead to other hosts.
(() => {
  const clicked = (e: MouseEvent): void => {
    const link = (e.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (e.button < 2 && link && /^https?:$/.test(link.protocol) && link.host !== location.host) {
      window.klar?.("Outbound Link: Click", { props: { url: link.href } });
    }
  };
  addEventListener("click", clicked);
  addEventListener("auxclick", clicked);
})();
