import { type ConnectorHttp, isPatchbayError } from '@patchbay/core';
import type { ContentCall, ContentDocument, ContentPage } from '@patchbay/core/host';
import { z } from 'zod';

/** GitHub's largest page. */
const largestPage = 100;

/** Where one repository is read from. */
export interface ContentPlace {
  readonly owner: string;
  readonly repo: string;
  /** What was changed at or after this time, ISO 8601 in seconds; undefined for everything. */
  readonly since: string | undefined;
  readonly page: number;
}

/** How a listing is read that goes from what was changed first to what was changed last. */
export interface PlaceReading<Item> {
  readonly list: (http: ConnectorHttp, place: ContentPlace) => Promise<readonly Item[]>;
  readonly show: (item: Item, container: string) => ContentDocument;
  readonly changedAt: (item: Item) => string;
}

/** Seconds since 1970 by repository, up to which it was read, and where a round stands: the next repository, and its page where the last was full. */
const cursorShape = z
  .object({ read: z.record(z.string(), z.number()), next: z.string().nullable(), page: z.number().int().positive() })
  .catch({ read: {}, next: null, page: 1 });

/** What of the query every listing takes. */
export const atPlace = ({ since, page }: ContentPlace) => ({ since, page, per_page: largestPage });

/**
 * Reads one page of one repository; a round is over when each was read to its end. Times are GitHub's own and in seconds, so what was changed in the last
 * second that was read comes again.
 */
export async function readPlaces<Item>(call: ContentCall, reading: PlaceReading<Item>): Promise<ContentPage> {
  const containers = [...call.containers].sort();
  const cursor = cursorShape.parse(call.cursor);
  const container = containers.find((each) => each === cursor.next) ?? containers[0];
  if (container === undefined) return { documents: [], cursor: null };
  const page = container === cursor.next ? cursor.page : 1;
  const items = await itemsOf(call.http, { ...placeOf(container), since: timeOf(cursor.read[container]), page }, reading);
  const newest = Math.max(cursor.read[container] ?? 0, ...items.map((item) => Math.floor(Date.parse(reading.changedAt(item)) / 1_000)));
  const isFull = items.length >= largestPage;
  // A page that is full and all of one second is followed by the next one of the same; any other by what was changed after it.
  const isOneSecond = isFull && newest === (cursor.read[container] ?? 0);
  const after = containers[containers.indexOf(container) + 1] ?? null;
  const read = Object.fromEntries([...kept(cursor.read, containers), [container, newest]].filter(([, time]) => time !== 0));
  return {
    documents: items.map((item) => reading.show(item, container)),
    cursor: { read, next: isFull ? container : after, page: isOneSecond ? page + 1 : 1 },
    more: isFull || after !== null,
  };
}

/** Of repositories that are not read any more nothing is kept. */
const kept = (read: Readonly<Record<string, number>>, containers: readonly string[]): (readonly [string, number])[] =>
  Object.entries(read).filter(([name]) => containers.includes(name));

function placeOf(container: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = container.split('/');
  return { owner, repo };
}

const timeOf = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`;

/** A repository that is gone, or has no issues, holds up no other: its documents go when all is read again. */
async function itemsOf<Item>(http: ConnectorHttp, place: ContentPlace, { list }: PlaceReading<Item>): Promise<readonly Item[]> {
  try {
    return await list(http, place);
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'provider_not_found') return [];
    throw error;
  }
}
