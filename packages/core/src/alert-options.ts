import { PatchbayError } from './errors/patchbay-error.ts';
import type { ChannelRoom } from './notifications/alert-parts.ts';
import type { AlertChannelFunction } from './notifications/create-host-channel-executor.ts';

/** How alerts are told. */
export interface AlertOptions {
  /**
   * Functions of the host that tell somebody, by a name of 1 to 100 letters, digits, dots, hyphens and underscores: rules name them as `{ host: 'pager' }`.
   * Give the same ones in every process that is started. @default none
   */
  readonly channels?: Readonly<Record<string, AlertChannelFunction>>;
  /**
   * How often one channel of one tenant tells within so many milliseconds, over all processes; what comes beyond waits, and is not told where it is over by
   * then. @default 60 within an hour
   */
  readonly mostPerChannel?: ChannelRoom;
  /** Days for which the history of alerts is kept, 1 to 3,650. @default 90 */
  readonly historyDays?: number;
}

/** Options of alerts with every default filled in. */
export interface ResolvedAlertOptions {
  readonly channels: ReadonlyMap<string, AlertChannelFunction>;
  readonly room: ChannelRoom;
  readonly historyDays: number;
}

const nameShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

const known: readonly string[] = ['channels', 'mostPerChannel', 'historyDays'];

/** Fills in the defaults. Throws `invalid_argument` naming what is wrong. */
export function resolveAlerts(options: AlertOptions = {}): ResolvedAlertOptions {
  const extra = Object.keys(options).find((name) => !known.includes(name));
  if (extra !== undefined) throw invalid(`There is no option alerts.${extra.slice(0, 100)}. The options: ${known.join(', ')}.`);
  const { channels = {}, mostPerChannel = { count: 60, windowMs: 3_600_000 }, historyDays = 90 } = options;
  for (const [name, call] of Object.entries(channels)) {
    if (!nameShape.test(name)) throw invalid('The name of an alert channel is 1 to 100 letters, digits, dots, hyphens and underscores.');
    if (typeof call !== 'function') throw invalid(`The alert channel ${name} is not a function. Pass one that tells somebody.`);
  }
  const { count, windowMs } = mostPerChannel;
  if (!isWithin(count, 1, 1_000) || !isWithin(windowMs, 1_000, 86_400_000))
    throw invalid('The option alerts.mostPerChannel is { count, windowMs }: 1 to 1000 within 1000 to 86400000 milliseconds.');
  if (!isWithin(historyDays, 1, 3_650)) throw invalid('The option alerts.historyDays is a whole number from 1 to 3650.');
  return { channels: new Map(Object.entries(channels)), room: { count, windowMs }, historyDays };
}

const isWithin = (figure: unknown, least: number, most: number): boolean =>
  typeof figure === 'number' && Number.isInteger(figure) && figure >= least && figure <= most;

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
