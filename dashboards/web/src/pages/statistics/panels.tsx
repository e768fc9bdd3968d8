// The four panels of what visitors did and had.
import { valueName } from "../../format";
import { dimensionNames, panelNames as names, text } from "../../strings";
import { hostDimensions, useSeveralHosts } from "./hosts";
import { Panel } from "./panel";
import type { Scope } from "./scope";
import type { Tab } from "./tabs";

interface Props {
  scope: Scope;
  visitors: number | undefined;
}

const visits = ["visits", "bounce_rate", "visit_duration"];
const crossed = ["visits", "pageviews", "bounce_rate", "visit_duration"];
const noCampaign = ["", "(not set)"];

const campaign = (id: string): Tab => ({
  id, label: dimensionNames[`visit:${id}`] ?? id, dimension: `visit:${id}`, menu: names.campaigns, columns: visits, without: noCampaign,
});

const sources: Tab[] = [
  { id: "sources", label: names.sources, dimension: "visit:source", columns: visits },
  { id: "channels", label: names.channels, dimension: "visit:channel", columns: visits },
  { id: "referrers", label: names.referrers, dimension: "visit:referrer", columns: visits },
  ...["utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term"].map(campaign),
];

const locations: Tab[] = [
  { id: "map", label: names.map, title: names.countries, dimension: "visit:country", crossed, map: true },
  { id: "countries", label: names.countries, dimension: "visit:country", crossed },
  { id: "regions", label: names.regions, dimension: "visit:region" },
  { id: "cities", label: names.cities, dimension: "visit:city" },
  { id: "providers", label: names.providers, dimension: "visit:provider", filters: false },
];

export const Sources = (p: Props) => <Panel name="sources" title={names.sources} tabs={sources} {...p} />;
export const Locations = (p: Props) => <Panel name="locations" title={names.locations} tabs={locations} {...p} />;

const hosts: Tab[] = [
  { id: "hosts", label: names.allHosts, title: names.hosts, dimension: hostDimensions[0], menu: names.hosts, columns: ["visits", "pageviews"] },
  { id: "entry-hosts", label: names.entryHosts, dimension: hostDimensions[1], menu: names.hosts, columns: visits },
  { id: "exit-hosts", label: names.exitHosts, dimension: hostDimensions[2], menu: names.hosts, columns: visits },
];

export function Pages({ scope, visitors }: Props) {
  const tabs: Tab[] = [
    { id: "top", label: names.topPages, dimension: "event:page", columns: ["pageviews", "bounce_rate", "time_on_page", "scroll_depth", "exit_rate"] },
    { id: "entry", label: names.entryPages, dimension: "visit:entry_page", columns: visits },
    { id: "exit", label: names.exitPages, dimension: "visit:exit_page", columns: ["exits", "exit_rate", "bounce_rate", "visit_duration"] },
  ];
  if (scope.site.groups?.length) tabs.push({ id: "groups", label: names.groups, dimension: "event:group", columns: ["visits", "pageviews"] });
  if (useSeveralHosts(scope) ?? hosts.some((t) => t.id === scope.view.tabs["pages"])) tabs.push(...hosts);
  return <Panel name="pages" title={names.pages} tabs={tabs} scope={scope} visitors={visitors} />;
}

/** Once filtered by a browser or system, its tab goes one level down, to the versions. */
export function Devices({ scope, visitors }: Props) {
  const versions = (id: string, label: string, dimension: string): Tab => {
    const one = scope.filters.find((f) => f.dimension === dimension && f.op === "is" && f.values.length === 1);
    if (!one) return { id, label, dimension, crossed };
    return { id, label: text.versionsOf(valueName(dimension, one.values[0] ?? "")), dimension: `${dimension}_version`, crossed };
  };
  const tabs: Tab[] = [
    versions("browsers", names.browsers, "visit:browser"),
    versions("systems", names.systems, "visit:os"),
    { id: "classes", label: names.sizes, dimension: "visit:device", crossed },
    { id: "screens", label: names.screens, dimension: "visit:screen", filters: false },
    { id: "languages", label: names.languages, dimension: "visit:language", filters: false },
  ];
  return <Panel name="devices" title={names.devices} tabs={tabs} scope={scope} visitors={visitors} />;
}
