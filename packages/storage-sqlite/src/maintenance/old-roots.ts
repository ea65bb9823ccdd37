import { optionalText, type Row, text } from '../sql/row.ts';
import type { Session } from '../sql/session.ts';

/** The root of a tree: an event, or a call that has none. */
export interface Root {
  readonly tenant: string;
  readonly root: string;
}

/** Comes before every root: no tenant is less than the empty text. */
export const firstRoot: Root = { tenant: '', root: '' };

const rootsIn = (table: string, column: string): string =>
  `select distinct ${column} as root from ${table} where tenant = ? and ${column} > ? and ${column} < ? order by ${column} limit ?`;

const places = [rootsIn('events', 'id'), rootsIn('dispatches', 'root'), rootsIn('runs', 'root')];

const smallestIn = (table: string): string => `select min(tenant) as tenant from ${table} where tenant > ?`;

const tenants = ['events', 'dispatches', 'runs'].map(smallestIn);

const nextTenant = (session: Session, after: string): string | null => {
  const found = tenants.flatMap((sql) => session.all(sql, after)).map((row: Row) => optionalText(row, 'tenant'));
  return found.filter((tenant) => tenant !== null).sort(byBytes)[0] ?? null;
};

/** As SQLite orders text: by its bytes. */
const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

/** Ids below which everything is older than this many days. An id begins with its time, and is written in small letters. */
function idBefore(now: number, days: number): string {
  const digits = Math.max(0, Math.floor(now - days * 86_400_000))
    .toString(16)
    .padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** Which roots, and how many at most; tenants that have none count as well. */
export interface OldRootsRequest {
  readonly after: Root;
  readonly now: number;
  readonly days: number;
  readonly limit: number;
}

/** Roots behind a place that are older, in order, and the place to go on from; `null` at the end. */
export function oldRoots(
  session: Session,
  { after, now, days, limit }: OldRootsRequest,
): { readonly roots: readonly Root[]; readonly next: Root | null } {
  const cutoff = idBefore(now, days);
  const roots: Root[] = [];
  let place: Root = after;
  for (let looks = limit; looks > 0; ) {
    const { tenant } = place;
    const found = places.flatMap((sql) => session.all(sql, tenant, place.root, cutoff, looks)).map((row) => text(row, 'root'));
    const oldest = [...new Set(found)].sort(byBytes).slice(0, looks);
    roots.push(...oldest.map((root) => ({ tenant, root })));
    looks -= Math.max(1, oldest.length);
    const last = roots.at(-1);
    if (looks <= 0 && last?.tenant === tenant) return { roots, next: last };
    const following = nextTenant(session, tenant);
    if (following === null) return { roots, next: null };
    place = { tenant: following, root: '' };
  }
  return { roots, next: place };
}
