import type { Place } from '../../rules/rule.ts';
import type { IntakeItem, IntakeOptions } from '../items.ts';
import { collectFindings } from '../report.ts';
import type { Table } from '../table.ts';
import type { TableEvent } from '../table-events.ts';
import { dialectOf, typeOfTable } from './kind.ts';
import { recordBuilder } from './records.ts';
import type { RecordBuilder, RecordItem } from './records.ts';

/** Turns the rows of object tables into records: our own layout and ENA's templates alike. */
export async function* readObjectTables(
  events: AsyncIterable<TableEvent>,
  place: Place,
  options: IntakeOptions,
): AsyncGenerator<IntakeItem> {
  const { report, drain } = collectFindings();
  let builder: RecordBuilder | undefined;
  let known = 0;
  let tables = 0;
  const begin = (table: Table): RecordBuilder | undefined => {
    tables++;
    const type = typeOfTable(table);
    if (type === undefined) {
      if (table.place.sheet !== undefined) report('GW3013', table.place, { params: { sheet: table.place.sheet } });
      return undefined;
    }
    known++;
    return recordBuilder(table, type, dialectOf(table), options, report);
  };
  function* give(item: RecordItem | undefined): Generator<IntakeItem> {
    for (const finding of drain()) yield { finding };
    if (item) yield item;
  }
  for await (const event of events) {
    if ('table' in event) {
      yield* give(builder?.end());
      builder = begin(event.table);
      yield* give(undefined);
    } else if ('row' in event) {
      if (builder) yield* give(builder.add(event.row));
    } else {
      yield event;
    }
  }
  yield* give(builder?.end());
  if (tables > 0 && known === 0) {
    report('GW3012', place);
    yield* give(undefined);
  }
}
