import { isJsonObject } from '../../json/is-json-object.ts';
import type { Json, JsonObject } from '../../json/json.ts';

/** Part of a quota in the hands of one process until a time; what is not used by then is everybody's again. */
export interface Slice {
  readonly count: number;
  readonly until: number;
}

/** What all processes share of one limit. Times are milliseconds since 1970 on the store's clock. */
export interface QuotaState {
  readonly limit: number;
  readonly windowMs: number | null;
  /** Nobody has told the length of the window: it is the longest time that was left of one. */
  readonly isLearned: boolean;
  /** Of a limit that the provider tells: what no process has taken. */
  readonly remaining: number;
  /** End of the window that the provider tells; `null` where there is none. */
  readonly resetsAt: number | null;
  /** The window may end as early as that: an answer was on its way for a while. Of a guess: when the window before has ended. `null`: as `resetsAt` says. */
  readonly endsFrom: number | null;
  /** The end is our guess: the next answer's word replaces it. */
  readonly isGuess: boolean;
  /** Of a guess that is used up: when one more request may find out how it stands. `null`: nobody has to. */
  readonly asksAt: number | null;
  /** Taken so near the end of the window that it may count for the next one. */
  readonly late: number;
  /** Of a declared limit: when requests were made and how many, oldest first. */
  readonly used: readonly (readonly [at: number, count: number])[];
  /** Slices by the process that holds them. */
  readonly slices: Readonly<Record<string, Slice>>;
  /** The provider wants nothing before. */
  readonly closedUntil: number | null;
}

/** Nothing known, nothing taken. */
export const noQuota: QuotaState = {
  limit: 0,
  windowMs: null,
  isLearned: false,
  remaining: 0,
  resetsAt: null,
  endsFrom: null,
  isGuess: false,
  asksAt: null,
  late: 0,
  used: [],
  slices: {},
  closedUntil: null,
};

/** As it is stored. What is empty is left out. */
export function quotaToJson(state: QuotaState): JsonObject {
  const slices = Object.entries(state.slices);
  return {
    limit: state.limit,
    ...(state.windowMs === null ? {} : { windowMs: state.windowMs }),
    ...(state.isLearned ? { isLearned: true } : {}),
    ...(state.remaining === 0 ? {} : { remaining: state.remaining }),
    ...(state.resetsAt === null ? {} : { resetsAt: state.resetsAt }),
    ...(state.endsFrom === null ? {} : { endsFrom: state.endsFrom }),
    ...(state.isGuess ? { isGuess: true } : {}),
    ...(state.asksAt === null ? {} : { asksAt: state.asksAt }),
    ...(state.late === 0 ? {} : { late: state.late }),
    ...(state.used.length === 0 ? {} : { used: state.used.map(([at, count]) => [at, count]) }),
    ...(slices.length === 0 ? {} : { slices: Object.fromEntries(slices.map(([name, slice]) => [name, [slice.count, slice.until]])) }),
    ...(state.closedUntil === null ? {} : { closedUntil: state.closedUntil }),
  };
}

/** Reads what was stored, also by another version; what is not understood counts as nothing taken. */
export function readQuota(value: Json | undefined): QuotaState {
  if (!isJsonObject(value)) return noQuota;
  const used = Array.isArray(value['used']) ? value['used'] : [];
  return {
    limit: figure(value['limit']) ?? 0,
    windowMs: figure(value['windowMs']) ?? null,
    isLearned: value['isLearned'] === true,
    remaining: figure(value['remaining']) ?? 0,
    resetsAt: figure(value['resetsAt']) ?? null,
    endsFrom: figure(value['endsFrom']) ?? null,
    isGuess: value['isGuess'] === true,
    asksAt: figure(value['asksAt']) ?? null,
    late: figure(value['late']) ?? 0,
    used: used.flatMap((entry) => pair(entry) ?? []),
    slices: readSlices(value['slices']),
    closedUntil: figure(value['closedUntil']) ?? null,
  };
}

function readSlices(value: Json | undefined): QuotaState['slices'] {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) => {
      const [found] = pair(entry) ?? [];
      return found === undefined ? [] : [[name, { count: found[0], until: found[1] }]];
    }),
  );
}

function pair(value: Json | undefined): [readonly [number, number]] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first, second] = [figure(value[0]), figure(value[1])];
  return first === undefined || second === undefined ? undefined : [[first, second]];
}

function figure(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
