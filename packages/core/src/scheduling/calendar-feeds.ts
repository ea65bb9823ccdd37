import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StateEntry, StateStore } from '../contracts/state-store.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Network } from '../net/create-network.ts';
import { longestCalendar, readCalendar, readFrom } from './read-calendar.ts';

/** Days of a feed as they were read last; `fault` says why a newer look failed, or why there is none at all. */
export interface FeedDays {
  readonly days: readonly string[] | null;
  readonly fault: ErrorRecord | null;
  /** This very look has failed. */
  readonly hasFailedNow: boolean;
}

/** iCalendar feeds, read through the guarded network and kept. */
export interface CalendarFeeds {
  /**
   * The days of a feed at a time of the store's, for who looks back to `since`; asks the feed where what is kept is old, or does not reach as far back. Never
   * rejects for what the feed does.
   */
  daysOf(tenant: string, url: string, times: { readonly now: number; readonly since: number }): Promise<FeedDays>;
  /** The days as they were read last; asks nobody. */
  keptDays(tenant: string, url: string): Promise<FeedDays>;
}

/** What reading feeds needs. */
export interface CalendarFeedsOptions {
  readonly network: Pick<Network, 'request'>;
  readonly states: Pick<StateStore, 'read' | 'write'>;
  readonly userAgent: string;
}

/** Milliseconds for which a feed is not read again; after a failure. */
const readAgainMs = 12 * 3_600_000;
const tryAgainMs = 15 * 60_000;

/** Milliseconds for one look. */
const timeoutMs = 20_000;

const keptShape = z.object({
  days: z.array(z.string()).nullable(),
  readAt: z.number(),
  /** What is before it was not read; `null`: what is 40 days before it was read. */
  from: z.number().nullable().default(null),
  triedAt: z.number(),
  fault: z.object({ code: z.string(), message: z.string() }).nullable(),
});

type Kept = z.infer<typeof keptShape>;

const never: Kept = { days: null, readAt: 0, from: null, triedAt: 0, fault: null };

/** Makes feeds. What was read last serves on while a feed is away; one that was never read has no days, and nobody guesses them. */
export function createCalendarFeeds(options: CalendarFeedsOptions): CalendarFeeds {
  const { states } = options;
  return {
    async daysOf(tenant, url, { now, since }) {
      const name = feedName(url);
      const entry = await states.read(tenant, name);
      const kept = keptOf(entry);
      const reachesBack = (of: Kept): boolean => of.days === null || fromOf(of) <= readFrom(now, since);
      const isFresh = now - kept.readAt < readAgainMs || now - kept.triedAt < tryAgainMs;
      if (entry !== null && isFresh && reachesBack(kept)) return { days: kept.days, fault: kept.fault, hasFailedNow: false };
      const looked = await look(options, { url, now, since, kept });
      // Whoever else has looked meanwhile has found the same.
      await states.write([{ tenant, name, expect: entry?.version ?? 'absent', value: looked }]);
      const { fault } = looked;
      // Of days that are before all that was read, nobody guesses either.
      return { days: reachesBack(looked) ? looked.days : null, fault, hasFailedNow: fault !== null };
    },
    async keptDays(tenant, url) {
      const { days, fault } = keptOf(await states.read(tenant, feedName(url)));
      return { days, fault, hasFailedNow: false };
    },
  };
}

const fromOf = ({ readAt, from }: Kept): number => from ?? readFrom(readAt, readAt);

/** An address may hold a secret, so no name does. */
const feedName = (url: string): string => `calendar:${createHash('sha256').update(url).digest('base64url')}`;

function keptOf(entry: StateEntry | null): Kept {
  const parsed = keptShape.safeParse(entry?.value);
  return parsed.success ? parsed.data : never;
}

async function look(
  options: CalendarFeedsOptions,
  { url, now, since, kept }: { readonly url: string; readonly now: number; readonly since: number; readonly kept: Kept },
): Promise<Kept> {
  try {
    const days = [...readCalendar(await textOf(options, url), now, since)];
    return { days, readAt: now, from: readFrom(now, since), triedAt: now, fault: null };
  } catch (error) {
    const { code, message } = toErrorRecord(error);
    return { ...kept, triedAt: now, fault: { code, message } };
  }
}

async function textOf({ network, userAgent }: CalendarFeedsOptions, url: string): Promise<string> {
  const { origin, pathname, search } = new URL(url);
  const answer = await network.request({
    origin,
    path: `${pathname}${search}`,
    method: 'GET',
    headers: ['accept', 'text/calendar, text/plain;q=0.5', 'user-agent', userAgent],
    maxResponseBytes: longestCalendar,
    timeouts: { totalMs: timeoutMs },
  });
  if (answer.status !== 200)
    throw new PatchbayError({
      code: 'provider_unavailable',
      message: `The calendar's address answered ${answer.status}. Look whether it still holds; redirections are not followed.`,
    });
  return new TextDecoder().decode(answer.body);
}
