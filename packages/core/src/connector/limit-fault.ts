import type { LimitDeclaration } from '../contracts/limit-declaration.ts';

const nameShape = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const pathShape = /^\/[A-Za-z0-9._~:@{}/-]{0,300}$/;
const kinds = ['connection', 'connector', 'method'];

/** Most limits of one connector, and of one connection. */
const most = 50;

/** Shortest and longest window, milliseconds. */
const shortest = 100;
const longest = 2_678_400_000;

/** What is wrong with a list of limits; `undefined` where nothing is. */
export function limitsFault(limits: unknown): string | undefined {
  if (!Array.isArray(limits) || limits.length > most) return `its limits are no list of at most ${most}`;
  const faults = limits.map((limit) => limitFault(limit));
  const names = limits.map((limit) => limit?.name);
  return (
    faults.find((fault) => fault !== undefined) ?? (new Set(names).size === names.length ? undefined : 'two of its limits have one name')
  );
}

function limitFault(limit: unknown): string | undefined {
  if (typeof limit !== 'object' || limit === null) return 'a limit is no object';
  // Read as unknown values; each is checked below.
  const { name, per, requests, windowMs, paths } = limit as Partial<Record<keyof LimitDeclaration, unknown>>;
  if (typeof name !== 'string' || !nameShape.test(name))
    return 'a limit has no name of lower-case letters, digits, dots, hyphens and underscores, at most 64';
  if (per !== undefined && !kinds.includes(String(per))) return `the limit ${name} is per something else than ${kinds.join(', ')}`;
  if (!isWhole(requests, 1, 1e9)) return `the requests of the limit ${name} are no whole number above zero`;
  if (!isWhole(windowMs, shortest, longest)) return `the windowMs of the limit ${name} are no whole number from ${shortest} to ${longest}`;
  const isPaths =
    paths === undefined ||
    (Array.isArray(paths) && paths.length > 0 && paths.every((path) => typeof path === 'string' && pathShape.test(path)));
  return isPaths ? undefined : `the paths of the limit ${name} are no list of paths with a leading slash and {} for each value`;
}

function isWhole(value: unknown, least: number, largest: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= largest;
}
