import type { Timer } from '../clock/clock.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import { hubScope } from '../contracts/configuration-store.ts';
import { failureOf } from '../errors/failure-of.ts';
import type { NoticeName, Notices } from '../notices/notices.ts';
import type { AlertParts } from './alert-parts.ts';
import type { AlertSignal } from './alert-signal.ts';
import { alertPlace, type CompiledAlertRule, compiledAlertRules, subjectOf, watches } from './compiled-alert-rules.ts';
import { noticeSignals } from './notice-signals.ts';
import { type Sighting, weighSighting } from './weigh-sighting.ts';

/** Where notices are observed. */
export interface ObservedBoard {
  on<Name extends NoticeName>(name: Name, listener: (notice: Notices[Name]) => unknown): () => void;
}

/** Collects what the hub notices in this process, and holds it against the rules of alerts. */
export interface AlertCollector {
  observe(board: ObservedBoard): void;
  /** Weighs what was seen. Never rejects. */
  flush(): Promise<void>;
  /** Begins no more by itself. */
  stop(): void;
}

/** Milliseconds between two looks at trouble: the first is weighed at once, the rest of a storm together. */
const flushEveryMs = 1_000;

/** Milliseconds until what went well is held against the rules, where nothing else is: it makes nobody wait. */
const wellEveryMs = 10_000;

/** Different things that are held at once; what comes beyond is told to the log alone. */
const mostHeld = 5_000;

/** Sightings weighed side by side. */
const atOnce = 20;

/** Seconds for which a sighting that cannot be counted is tried again. */
const mostTries = 60;

/** A share can fall below what is enough, or rise above it, only in rules with a share. */
const hasShare = ({ definition }: CompiledAlertRule): boolean => 'share' in definition.threshold;

interface Held {
  readonly signal: AlertSignal;
  readonly count: number;
}

interface Open extends Sighting {
  readonly tries: number;
}

/** Makes the collector. A process that dies loses at most what it has seen within the last second. */
export function createAlertCollector(parts: AlertParts): AlertCollector {
  const { clock, cache, memory, logger } = parts;
  let held = new Map<string, Held>();
  let open = new Map<string, Open>();
  let timer: { readonly dueAt: number; readonly timer: Timer } | undefined;
  let lastFlushAt = Number.NEGATIVE_INFINITY;
  let flushing: Promise<void> = Promise.resolve();
  let isStopped = false;
  let isFull = false;

  const wake = (afterMs: number): void => {
    const dueAt = clock.monotonic() + afterMs;
    if (isStopped || (timer && timer.dueAt <= dueAt)) return;
    timer?.timer.cancel();
    timer = { dueAt, timer: clock.setTimer(() => void flush(), afterMs) };
  };

  const take = (signal: AlertSignal): void => {
    // What went well is of interest to rules with a share, and, where it is news, to those that wait for it.
    const isPlain = signal.says === 'well' && isEveryCall(signal);
    if (isPlain && !sharedBy(signal)) return;
    keep(signal, 1);
    wake(signal.says === 'well' ? wellEveryMs : Math.max(0, lastFlushAt + flushEveryMs - clock.monotonic()));
  };

  /** Only from what is known here already: a call that went well is no reason to ask the store. */
  const sharedBy = ({ tenant, name }: AlertSignal): boolean =>
    [tenant, hubScope].some((scope) => {
      const configuration = cache.peek(scope);
      return (
        configuration !== undefined &&
        compiledAlertRules(configuration, memory).some((rule) => hasShare(rule) && rule.definition.on.includes(name))
      );
    });

  const sightingsOf = async (all: readonly Held[]): Promise<readonly Sighting[]> => {
    const found: Sighting[] = [];
    const hub = await cache.recent(hubScope, flushEveryMs);
    for (const [tenant, entries] of Map.groupBy(all, ({ signal }) => signal.tenant)) {
      const own = await cache.recent(tenant, flushEveryMs);
      for (const { signal, count } of entries) {
        const whole = withConnector(signal, own);
        for (const rules of [own, hub]) {
          for (const rule of compiledAlertRules(rules, memory))
            if (watches(rule, whole, own) && (whole.says === 'trouble' || hasShare(rule) || !isEveryCall(whole)))
              found.push(sightingOf({ scope: rules.tenant, rule, signal: whole, count }));
        }
      }
    }
    return found;
  };

  const add = (sighting: Sighting, tries = 0): void => {
    const key = JSON.stringify(alertPlace(sighting.scope, sighting.rule, { tenant: sighting.signal.tenant, subject: sighting.subject }));
    const known = open.get(key);
    if (!known && open.size >= mostHeld) return;
    const signal = sighting.trouble > 0 || !known ? sighting.signal : known.signal;
    const counts = { trouble: sighting.trouble + (known?.trouble ?? 0), well: sighting.well + (known?.well ?? 0) };
    // Of what came for one thing the last word counts, when it is put beside what waits from before too.
    const endsWell = known && tries > 0 ? known.endsWell : sighting.endsWell;
    open.set(key, { ...sighting, signal, ...counts, endsWell, tries });
  };

  const weigh = async (sighting: Open): Promise<void> => {
    try {
      const weighed = await weighSighting(parts, sighting);
      if (weighed === 'retry' && sighting.tries < mostTries) add(sighting, sighting.tries + 1);
      if (weighed === 'look') add({ ...sighting, trouble: 0, well: 0 });
    } catch (error) {
      if (sighting.tries < mostTries) add(sighting, sighting.tries + 1);
      if (sighting.tries === 0) logger.warn('an alert could not be weighed; it is tried again', failureOf(error));
    }
  };

  const flushOnce = async (): Promise<void> => {
    lastFlushAt = clock.monotonic();
    const all = [...held.values()];
    held = new Map();
    isFull = false;
    try {
      if (all.length > 0) for (const sighting of await sightingsOf(all)) add(sighting);
    } catch (error) {
      for (const { signal, count } of all) keep(signal, count);
      logger.warn('rules of alerts could not be read; what was seen is kept', failureOf(error));
    }
    const sightings = [...open.values()];
    open = new Map();
    for (let first = 0; first < sightings.length; first += atOnce) await Promise.all(sightings.slice(first, first + atOnce).map(weigh));
    if (open.size + held.size > 0) wake(flushEveryMs);
  };

  const keep = (signal: AlertSignal, count: number): void => {
    const { tenant, name, says, subject, automation, code } = signal;
    const key = JSON.stringify([tenant, name, says, subject.kind, subject.id, automation, code]);
    const known = held.get(key);
    if (!known && held.size >= mostHeld) {
      if (!isFull) logger.warn('more trouble than alerts can hold; the rest of this second is not weighed', { signal: name });
      isFull = true;
      return;
    }
    // The order is that of the last word of each.
    held.delete(key);
    held.set(key, { signal, count: count + (known?.count ?? 0) });
  };

  const flush = (): Promise<void> => {
    timer?.timer.cancel();
    timer = undefined;
    flushing = flushing.then(flushOnce);
    return flushing;
  };

  const observeNotice = <Name extends NoticeName>(board: ObservedBoard, name: Name): void => {
    const read = noticeSignals[name];
    if (read) board.on(name, (notice) => read(notice).forEach(take));
  };

  return {
    flush,
    stop() {
      isStopped = true;
      timer?.timer.cancel();
    },
    observe(board) {
      for (const name of noticeNames) observeNotice(board, name);
    },
  };
}

const noticeNames = Object.keys(noticeSignals) as NoticeName[];

/** Signals that come with every call, whatever became of it. */
const isEveryCall = ({ name }: AlertSignal): boolean =>
  name === 'action.executed' || name === 'subscriber.called' || name === 'run.finished';

/** Dispatches know their connection, and the tenant's configuration knows the connector of that. */
function withConnector(signal: AlertSignal, configuration: TenantConfiguration): AlertSignal {
  if (signal.connector !== null || signal.connection === null) return signal;
  return { ...signal, connector: configuration.connection(signal.connection)?.value.connector ?? null };
}

function sightingOf(found: {
  readonly scope: string;
  readonly rule: CompiledAlertRule;
  readonly signal: AlertSignal;
  readonly count: number;
}): Sighting {
  const { scope, rule, signal, count } = found;
  const counts = signal.says === 'trouble' ? { trouble: count, well: 0 } : { trouble: 0, well: count };
  return { scope, rule, subject: subjectOf(rule, signal), signal, ...counts, endsWell: signal.says === 'well' };
}
