// For the site's owner: paragraphs to copy, and a switch for the site's own pages.
import { useState } from "preact/hooks";
import { CopyButton } from "../../copy";
import { language as own, languages, type Language } from "../../language";
import { waysOf, type Facts, type SiteFacts, type Ways } from "./facts";
import { asHTML, asText, bases, notice, type Basis } from "./notice";
import { snippet } from "./snippet";
import { text } from "./strings";

const wayNames = ["log", "script", "pixel", "server"] as const;

export function Generator({ facts, site }: { facts: Facts; site: SiteFacts }) {
  const [language, setLanguage] = useState<Language>(own);
  const [basis, setBasis] = useState<Basis>("open");
  const [ways, setWays] = useState<Ways>(() => waysOf(site));
  const sections = notice(facts, site, ways, basis, language);
  const some = wayNames.some((w) => ways[w]);
  const code = snippet(text.snippetLabel);
  return (
    <section class="card words" aria-labelledby="notice">
      <h2 id="notice">{text.notice}</h2>
      <p>{text.noticeLead}</p>
      <div class="choices">
        <label>{text.noticeLanguage}
          <select class="control" value={language} onChange={(e) => setLanguage(e.currentTarget.value as Language)}>
            {Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}
          </select>
        </label>
        <label>{text.noticeBasis}
          <select class="control" value={basis} onChange={(e) => setBasis(e.currentTarget.value as Basis)}>
            {bases.map((b) => <option key={b} value={b}>{text.basis[b]}</option>)}
          </select>
        </label>
        <fieldset>
          <legend>{text.noticeWays}</legend>
          {wayNames.map((w) => (
            <label key={w}><input type="checkbox" checked={ways[w]} onChange={(e) => setWays({ ...ways, [w]: e.currentTarget.checked })} />{text.noticeWay[w]}</label>
          ))}
        </fieldset>
      </div>
      {some ? (
        <>
          <article class="preview" lang={language} aria-label={text.preview} tabIndex={0}>
            {sections.map((s) => (
              <div key={s.heading}><h3>{s.heading}</h3>{s.paragraphs.map((p, i) => <p key={i}>{gaps(p)}</p>)}</div>
            ))}
          </article>
          <p class="buttons">
            <CopyButton value={() => asText(sections, language)}>{text.copyText}</CopyButton>
            <CopyButton value={() => asHTML(sections, language)} quiet>{text.copyHTML}</CopyButton>
          </p>
        </>
      ) : (
        <p class="note">{text.noticeNone}</p>
      )}
      {ways.script && (
        <>
          <h3>{text.snippet}</h3>
          <p>{text.snippetLead}</p>
          <pre class="preview" tabIndex={0} aria-label={text.snippet}>{code}</pre>
          <p class="buttons"><CopyButton value={() => code} quiet>{text.copy}</CopyButton></p>
        </>
      )}
    </section>
  );
}

/** A paragraph in which what is to be filled in stands out. */
function gaps(paragraph: string) {
  return paragraph.split(/(\[[^\]]*\])/).map((part, i) => (part.startsWith("[") ? <mark key={i}>{part}</mark> : part));
}
