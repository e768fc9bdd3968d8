// A list of values with their figures, the bar behind each row as long as its share of the first one.
import { dimensionName, exact, percent, rowHint, share, smallGroups, valueName } from "./format";
import { Hint } from "./states";
import { text } from "./strings";

export interface Item {
  value: string;
  figure: number;
  /** Stands in place of the share. */
  percent?: number;
}

interface Props {
  dimension: string;
  metric: string;
  /** Heading of the figures. */
  heading: string;
  items: Item[];
  /** What the shares are of; undefined shows none. */
  total: number | undefined;
  /** Filters by a value; undefined makes plain rows. */
  choose: ((value: string) => void) | undefined;
}

export function List({ dimension, metric, heading, items, total, choose }: Props) {
  const most = Math.max(1, ...items.map((i) => i.figure));
  return (
    <>
      <div class="list-head" aria-hidden="true">
        <span>{dimensionName(dimension)}</span>
        <span>{heading}</span>
      </div>
      <ol class="list">
        {items.map((item) => (
          <Row key={item.value} {...{ dimension, metric, item, total, choose }} width={item.figure / most} />
        ))}
      </ol>
    </>
  );
}

interface RowProps extends Pick<Props, "dimension" | "metric" | "total" | "choose"> {
  item: Item;
  width: number;
}

function Row({ dimension, metric, item, total, choose, width }: RowProps) {
  const name = valueName(dimension, item.value);
  const small = item.value === smallGroups;
  const hint = rowHint(dimension, item.value);
  const code = dimension === "visit:country" && /^[A-Z]{2}$/.test(item.value) ? item.value : undefined;
  const label = (
    <span class="name">
      {code && <span class="code" aria-hidden="true">{code}</span>}
      <span class={small ? "text small-groups" : "text"}>{name}</span>
    </span>
  );
  return (
    <li class="row">
      <span class="bar" style={{ "--part": width }} />
      {choose && !small ? (
        <button type="button" class="label" title={text.filterBy(name)} onClick={() => choose(item.value)}>{label}</button>
      ) : (
        <span class="label" title={name}>{label}</span>
      )}
      {hint && <Hint label={name}>{hint}</Hint>}
      {item.percent !== undefined ? (
        <span class="share always">{percent(item.percent)}</span>
      ) : (
        total !== undefined && <span class="share">{share(item.figure, total)}</span>
      )}
      <span class="number">{exact(metric, item.figure)}</span>
    </li>
  );
}
