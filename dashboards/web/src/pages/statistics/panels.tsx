// The four panels of what visitors did and had.
import type { Scope } from ".";
import { valueName } from "../../format";
import { Panel, type Tab } from "./panel";
import { panelNames as names, text } from "../../strings";

interface Props {
  scope: Scope;
  visitors: number | undefined;
}

const sources: Tab[] = [
  { label: names.sources, dimension: "visit:source" },
  { label: names.channels, dimension: "visit:channel" },
  { label: names.campaigns, dimension: "visit:utm_campaign", without: ["", "(not set)"] },
];

const pages: Tab[] = [
  { label: names.topPages, dimension: "event:page" },
  { label: names.entryPages, dimension: "visit:entry_page" },
];

const locations: Tab[] = [
  { label: names.countries, dimension: "visit:country" },
  { label: names.providers, dimension: "visit:provider", crossable: false },
];

export const Sources = (p: Props) => <Panel name="sources" title={names.sources} tabs={sources} {...p} />;
export const Pages = (p: Props) => <Panel name="pages" title={names.pages} tabs={pages} {...p} />;
export const Locations = (p: Props) => <Panel name="locations" title={names.locations} tabs={locations} {...p} />;

/** Once filtered by a browser or system, its tab goes one level down, to the versions. */
export function Devices({ scope, visitors }: Props) {
  const versions = (label: string, dimension: string): Tab => {
    const one = scope.filters.find((f) => f.dimension === dimension && f.op === "is");
    if (!one) return { label, dimension };
    return { label: text.versionsOf(valueName(dimension, one.value)), dimension: `${dimension}_version` };
  };
  const tabs = [
    versions(names.browsers, "visit:browser"),
    versions(names.systems, "visit:os"),
    { label: names.sizes, dimension: "visit:device" },
  ];
  return <Panel name="devices" title={names.devices} tabs={tabs} scope={scope} visitors={visitors} />;
}
