// Visitors by country on a map of the world: the darker, the more. The list beside it says the same in words.
import world from "virtual:world";
import { useState } from "preact/hooks";
import { exact, valueName } from "../../format";
import type { Item } from "../../list";
import { text } from "../../strings";

interface Props {
  items: Item[];
  choose: ((country: string) => void) | undefined;
}

export default function WorldMap({ items, choose }: Props) {
  const [over, setOver] = useState<string>();
  const figures = new Map(items.map((i) => [i.value, i.figure]));
  const most = Math.max(1, ...Object.keys(world.countries).map((c) => figures.get(c) ?? 0));
  const figure = over === undefined ? undefined : figures.get(over);
  // Steps of the square root: beside one large country the small ones still differ.
  const depth = (n: number) => 0.18 + 0.82 * Math.sqrt(n / most);
  return (
    <div class="map">
      <svg viewBox={world.viewBox} role="img" aria-label={text.map}>
        {Object.entries(world.countries).map(([country, d]) => {
          const n = figures.get(country);
          if (!n) return <path key={country} d={d} onPointerEnter={() => setOver(country || undefined)} onPointerLeave={() => setOver(undefined)} />;
          return (
            <path
              key={country}
              d={d}
              class="counted"
              data-country={country}
              style={{ "--depth": `${Math.round(100 * depth(n))}%` }}
              onPointerEnter={() => setOver(country)}
              onPointerLeave={() => setOver(undefined)}
              onClick={() => choose?.(country)}
            />
          );
        })}
      </svg>
      <p class="map-said" aria-hidden="true">
        {over !== undefined && <>{valueName("visit:country", over)} <b>{exact("visitors", figure ?? 0)}</b></>}
      </p>
    </div>
  );
}
