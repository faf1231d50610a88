import type { Dataset } from '../dataset/read.ts';
import { updateTree, type Growing, type UpdateDiff } from '../placement/update.ts';
import type { Sample } from '../placement/sample.ts';
import { readDate, type DateRange } from '../timetree/dates.ts';
import type { Tree } from '../tree/tree.ts';
import { treeRules } from '../rules/tree.ts';
import { VirusProblem } from '../rules/problem.ts';

/** A genome of a batch with what its table says of when and where it was taken. */
export interface Taken {
  readonly name: string;
  readonly sample: Sample;
  /** First and last day, YYYY-MM-DD. */
  readonly from?: string;
  readonly to?: string;
  readonly place?: string;
}

/** The growing tree of a data set before the first batch. Throws {@link treeRules.state} when the data set has no tree. */
export function treeOf(dataset: Dataset): Growing {
  const { tree } = dataset;
  if (!tree) throw new VirusProblem(treeRules.state, { state: dataset.id });
  const dated = tree.attributes.get('num_date');
  const whole = dated?.kind === 'quantity' && !dated.numbers.some((year) => Number.isNaN(year));
  return { tree, ...(whole && { date: dated.numbers }) };
}

/** Places and dates a batch on a tree of a data set and notes its places: the one way in which server and command line make a state. */
export async function addBatch(
  before: Growing,
  dataset: Dataset,
  batch: readonly Taken[],
): Promise<Growing & { readonly diff: UpdateDiff }> {
  const taken = new Map(batch.map((one) => [one.name, one]));
  const grown = await updateTree(
    before,
    batch.map(({ sample }) => sample),
    {
      masks: dataset.masks,
      clade: 'clade_membership',
      dateOf: (name) => rangeOf(taken.get(name)),
      ...(dataset.clock && { perYear: dataset.clock.rate * dataset.reference.genome.length }),
    },
  );
  placeNew(grown.tree, grown.diff, (name) => taken.get(name)?.place);
  return grown;
}

function rangeOf(one: Taken | undefined): DateRange | undefined {
  const [from, to] = [readDate(one?.from ?? ''), readDate(one?.to ?? '')];
  return from && to && { from: from.from, to: to.to };
}

/** New leaves stand where their table says. The list of places is a copy: the tree before has its own. */
function placeNew(tree: Tree, diff: UpdateDiff, placeOf: (name: string) => string | undefined): void {
  const country = tree.attributes.get('country');
  if (country?.kind !== 'category') return;
  const added = new Set(diff.added.map(({ name }) => name));
  const [codes, values] = [country.codes.slice(), [...country.values]];
  for (let node = 0; node < codes.length; node++) {
    const name = tree.size[node] === 1 ? tree.names.at(node) : '';
    if (!added.has(name)) continue;
    const place = placeOf(name);
    const known = place === undefined ? -1 : values.indexOf(place);
    codes[node] = place === undefined || known >= 0 ? known : values.push(place) - 1;
  }
  tree.attributes.set('country', { kind: 'category', codes, values });
}
