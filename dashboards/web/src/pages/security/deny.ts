import type { Offender } from "./offenders";

/** Whether a text is a network as nginx takes it: nothing else may get into a list that somebody pastes. */
const isNetwork = (net: string) => /^[0-9a-f.:]+\/\d{1,3}$/i.test(net);

/** Lines for nginx that deny the networks, with what they would hit besides. */
export function denyList(networks: Offender[], head: string, line: (n: Offender) => string): string {
  return `${head}\n${networks.filter((n) => isNetwork(n.net)).map((n) => `deny ${n.net}; # ${line(n)}\n`).join("")}`;
}
