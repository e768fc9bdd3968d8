// A component that is fetched when it is first shown; until then nothing stands in its place.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazy<P>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [Known, setKnown] = useState(() => known);
    useEffect(() => {
      if (!known) void load().then((m) => setKnown(() => (known = m.default)));
    }, []);
    return Known ? <Known {...(props as P & {})} /> : null;
  };
}
