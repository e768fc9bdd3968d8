// The settings of one site, as they were answered last.
import { useState } from "preact/hooks";
import type { Site } from "../../api";
import { useLoaded } from "../../load";
import { change, fetchSettings, Refused, type Change, type Settings, type Tagged } from "./api";

export interface SiteSettings {
  data: Settings | undefined;
  error: string | undefined;
  retry: () => void;
  /** Changes something and takes the answer for what is shown; an attempt only tells whether that could be. */
  change: (c: Omit<Change, "site" | "tag">) => Promise<void>;
}

export function useSettings(site: Site | undefined): SiteSettings {
  const loaded = useLoaded(site?.id ?? null, fetchSettings);
  const [changed, setChanged] = useState<Tagged>();
  const now = changed ?? loaded.data;
  return {
    data: now?.settings,
    error: now ? undefined : loaded.error,
    retry: () => {
      setChanged(undefined);
      loaded.retry();
    },
    change: async (c) => {
      const id = site?.id ?? "";
      try {
        const after = await change({ ...c, site: id, tag: now?.tag ?? "" });
        if (!c.attempt) setChanged(after);
      } catch (e) {
        // Somebody else was faster: what they made is shown, beside what is being typed.
        if (e instanceof Refused && e.status === 412) setChanged(await fetchSettings(id));
        throw e;
      }
    },
  };
}
