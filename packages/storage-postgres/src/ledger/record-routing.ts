import type { RoutingPage } from '@patchbay/core/adapter';
import type { ClientBase } from 'pg';
import type { Database, Statement } from '../database/database.ts';
import { flag, number, optionalNumber } from '../row.ts';
import { batchTable, batchValues } from '../sql/columns.ts';
import { keysOfNew, partsByOrder, underKeys } from './ordering-keys.ts';
import { bisect, partsWithoutRepeats } from './per-item.ts';
import { pageColumns, pageName, routingStatement, routingValues } from './routing-statement.ts';

/** Where pages are written: by themselves, or in the transaction that has locked their ordering keys. */
interface Recording {
  readonly database: Database;
  readonly client?: ClientBase;
}

type RoutingVerdict = { readonly status: 'done' | 'fenced' | 'stale' };

/** What is known of the pages that were not written: the fence of the mark, where it is still there, and the page that was written last. */
const recall: Statement = {
  name: 'recall_routing',
  text: (schema) => `
select i.position, m.fence, coalesce(e.last_page = ${pageName('i')}, false) as repeated
from ${batchTable(pageColumns, { first: 1, alias: 'i', ordinal: 'position' })}
left join lateral (select x.fence from ${schema}.event_marks x where x.tenant = i.tenant and x.root = i.root limit 1) m on true
left join lateral (select y.last_page from ${schema}.events y where y.tenant = i.tenant and y.id = i.root limit 1) e on true`,
};

async function recalledVerdicts(
  { database, client }: Recording,
  pages: readonly RoutingPage[],
): Promise<ReadonlyMap<number, RoutingVerdict>> {
  const rows = await database.query(recall, batchValues(pageColumns, pages), client);
  return new Map(
    rows.map((row): [number, RoutingVerdict] => {
      const index = number(row, 'position') - 1;
      const fence = optionalNumber(row, 'fence');
      if (fence !== null && fence !== pages[index]?.fence) return [index, { status: 'fenced' }];
      if (flag(row, 'repeated')) return [index, { status: 'done' }];
      return [index, { status: fence === null ? 'fenced' : 'stale' }];
    }),
  );
}

async function recordBatch(recording: Recording, pages: readonly RoutingPage[]): Promise<readonly RoutingVerdict[]> {
  const rows = await recording.database.query(routingStatement, routingValues(pages), recording.client);
  const written = new Set(rows.map((row) => number(row, 'position') - 1));
  const missed = pages.flatMap((page, index) => (written.has(index) ? [] : [{ page, index }]));
  const recalled =
    missed.length === 0
      ? new Map<number, RoutingVerdict>()
      : await recalledVerdicts(
          recording,
          missed.map(({ page }) => page),
        );
  const verdicts = pages.map((): RoutingVerdict => ({ status: 'done' }));
  for (const [place, { index }] of missed.entries()) verdicts[index] = recalled.get(place) ?? { status: 'fenced' };
  return verdicts;
}

/** Writes pages; where something of them has an ordering key, alone with those. */
function recordPages(database: Database, pages: readonly RoutingPage[]): Promise<readonly RoutingVerdict[]> {
  const names = keysOfNew(pages.flatMap(({ dispatches }) => dispatches));
  if (names.length === 0) return recordBatch({ database }, pages);
  return underKeys(database, names, (client) => recordBatch({ database, client }, pages));
}

/** Writes pages of plans: one round trip per 64 pages, one more where something was not as a page expected. */
export async function recordRouting(database: Database, pages: readonly RoutingPage[]): Promise<readonly RoutingVerdict[]> {
  const verdicts: RoutingVerdict[] = [];
  const parts = partsWithoutRepeats(pages, (page) => [JSON.stringify([page.tenant, page.root])]);
  for (const part of parts.flatMap((one) => partsByOrder(one, (index) => pages[index]?.dispatches ?? []))) {
    const batch = part.flatMap((index) => pages[index] ?? []);
    const results = await bisect(batch, (some) => recordPages(database, some));
    for (const [place, index] of part.entries()) {
      const verdict = results[place];
      if (verdict !== undefined) verdicts[index] = verdict;
    }
  }
  return verdicts;
}
