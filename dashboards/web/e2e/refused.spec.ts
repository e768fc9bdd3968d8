// What Klar refuses is said in the reader's words. These tests read the reasons from Klar's sources: one that is new there
// needs words here.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { inGerman } from "../src/pages/settings/reasons-de";
import { kindOf } from "../src/refused";

const root = new URL("../../../", import.meta.url);
const source = (file: string): string => readFileSync(new URL(file, root), "utf8");
const sources = (folder: string, begins: string): string[] =>
  readdirSync(new URL(folder, root)).filter((f) => f.startsWith(begins) && f.endsWith(".go") && !f.endsWith("_test.go")).map((f) => source(folder + f));

/** A message as its format makes it. */
const filled = (format: string): string => JSON.parse(`"${format}"`).replace(/%w: |: %w/g, "").replace(/%q/g, '"x"').replace(/%d/g, "7").replace(/%s/g, "visit:region");

const reasonsIn = (go: string): string[] =>
  [...go.matchAll(/(?:errors\.New|fmt\.Errorf|c\.fail\([^"]*"?[^"]*"?,|Refuse\([^,]*,) ?\(?"((?:[^"\\]|\\.)*)"/g)].map((m) => filled(m[1] ?? ""));

test("every reason that a form can be refused for is known in German", () => {
  const forms = [source("anonymize/goal/goal.go"), source("cmd/klar/config_goals.go"), source("cmd/klar/config_segments.go"), source("cmd/klar/config_period.go"), source("cmd/klar/config_reports.go").replace(/func \(c \*config\) check(Mail|Webhooks)[^]*?\n}\n|func \(c \*config\) openReceivers[^]*/g, ""), source("dashboards/settings/settings.go")];
  const reasons = forms.flatMap(reasonsIn);
  // What stands in the file alone, and what only passes on another reason.
  const filed = /^there are two segments 7$|is no number from 1|^step 7|^%w$/;
  expect(reasons.length).toBeGreaterThan(25);
  expect(reasons.filter((r) => !filed.test(r) && inGerman(r) === undefined)).toEqual([]);
  expect(inGerman(`funnels of the site "a": "Order": "Thanks" is not a goal of the site`)).toBe(`Trichter "Order": "Thanks" ist kein Ziel der Website.`);
  expect(inGerman("something new")).toBeUndefined();
});

test("every refusal of a question that the store gives is of a known kind", () => {
  const refusals = sources("storage/", "query").flatMap((go) => [...go.matchAll(/Refuse\([^\n]*?, "((?:[^"\\]|\\.)+)"/g)].map((m) => filled(m[1] ?? "")));
  // What the page does not ask for.
  const never = /^visit:region$|one of the two ranges|needs visit:region as a dimension/;
  expect(refusals.length).toBeGreaterThan(25);
  expect(refusals.filter((r) => !never.test(r) && kindOf(r).kind === "other")).toEqual([]);
  expect(kindOf(`filters[0][2][0]: "((" is not a regular expression (RE2): missing )`)).toMatchObject({ kind: "expression", value: "((" });
  expect(kindOf("dimensions[0]: visit:city cannot be crossed with event:goal")).toMatchObject({ kind: "together", dimensions: ["visit:city", "event:goal"] });
});
