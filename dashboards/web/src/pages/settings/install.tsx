// What has to be put into a site's pages, or into its server, to be copied from here.
import { useState } from "preact/hooks";
import { Copy } from "./fields";
import { partNames, text } from "./strings";

const escaped = (s: string): string => s.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** The format of docs/deploy/nginx.conf, which has all that Klar reads. */
const logFormat = `log_format klar escape=json '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","request":"$request",'
  '"status":"$status","body_bytes_sent":"$body_bytes_sent","http_referer":"$http_referer",'
  '"http_user_agent":"$http_user_agent","host":"$host","http_accept_language":"$http_accept_language",'
  '"http_sec_gpc":"$http_sec_gpc","http_dnt":"$http_dnt"}';
access_log /var/log/nginx/access.log klar;`;

export function Install({ site }: { site: string }) {
  const [parts, setParts] = useState<string[]>([]);
  const script = ["script", ...Object.keys(partNames).filter((p) => parts.includes(p))].join(".");
  const snippet = `<script defer data-domain="${escaped(site)}" src="${location.origin}/js/${script}.js"></script>`;
  return (
    <section class="card section" aria-label={text.install}>
      <div class="section-head"><div><h2>{text.install}</h2><p class="muted">{text.installHint}</p></div></div>
      <h3>{text.tracker}</h3>
      <fieldset class="choice parts">
        <legend>{text.trackerParts}</legend>
        {Object.entries(partNames).map(([part, name]) => (
          <label key={part}>
            <input type="checkbox" checked={parts.includes(part)} onChange={(e) => setParts(e.currentTarget.checked ? [...parts, part] : parts.filter((p) => p !== part))} />
            {name}
          </label>
        ))}
      </fieldset>
      <Copy label={text.tracker} value={snippet} />
      <h3>{text.logFormat}</h3>
      <p class="muted">{text.logFormatHint}</p>
      <Copy label={text.logFormat} value={logFormat} />
    </section>
  );
}
