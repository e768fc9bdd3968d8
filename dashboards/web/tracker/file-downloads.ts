// A part of the tracker: clicks on links to files that browsers download.
(() => {
  const file = /\.(pdf|xlsx?|docx?|txt|rtf|csv|exe|key|pp(s|t|tx)|7z|pkg|rar|gz|zip|avi|mov|mp4|mpeg|wmv|midi|mp3|wav|wma|dmg|iso|msi)$/i;
  const clicked = (e: MouseEvent): void => {
    const link = (e.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    if (e.button < 2 && link && file.test(link.pathname)) {
      window.klar?.("File Download", { props: { url: link.origin + link.pathname } });
    }
  };
  addEventListener("click", clicked);
  addEventListener("auxclick", clicked);
})();
