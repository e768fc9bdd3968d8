// The names under which bots look for themselves in robots.txt, by what they are for.

export const kinds = ["crawler", "search", "assistant", "seo"] as const;
export type Kind = (typeof kinds)[number];

/** The class of each kind in the Stats API. */
export const classOf: Record<Kind, string> = { crawler: "AI crawler", search: "AI search", assistant: "AI assistant", seo: "SEO" };

/** Names after their makers' pages. Google-Extended and Applebot-Extended fetch nothing: they say what may be learnt from. */
const known: Record<Kind, string[]> = {
  crawler: [
    "GPTBot", "ClaudeBot", "anthropic-ai", "CCBot", "Google-Extended", "Applebot-Extended", "Bytespider", "Amazonbot", "cohere-ai",
    "Diffbot", "FacebookBot", "meta-externalagent", "omgili", "AI2Bot", "Timpibot", "ImagesiftBot", "PanguBot",
  ],
  search: ["OAI-SearchBot", "Claude-SearchBot", "PerplexityBot", "Amzn-SearchBot", "DuckAssistBot", "YouBot", "meta-webindexer"],
  assistant: ["ChatGPT-User", "Claude-User", "Perplexity-User", "MistralAI-User", "meta-externalfetcher"],
  seo: ["AhrefsBot", "SemrushBot", "MJ12bot", "DotBot", "DataForSeoBot", "BLEXBot", "serpstatbot"],
};

/** A name that can stand in a line of robots.txt. */
const isToken = (name: string) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(name);

/** The lines that turn away the chosen kinds, with those that were seen beside the known ones. */
export function robots(chosen: Kind[], seen: Record<Kind, string[]>, comment: (kind: Kind) => string): string {
  return chosen
    .map((kind) => {
      const names = [...new Set([...known[kind], ...seen[kind].filter(isToken)])].sort((a, b) => a.localeCompare(b));
      return `${comment(kind)}\n${names.map((n) => `User-agent: ${n}\n`).join("")}Disallow: /\n`;
    })
    .join("\n");
}
