import type { ResourceKind } from './resource-kind.ts';

/** Longest name of a resource, UTF-16 units. */
const longestName = 300;

/**
 * The one writing of a resource's name by which names are compared; `undefined` for what is no name of the kind. Only the letters A to Z are
 * folded: a Kelvin sign is no k, and a name in another normal form of Unicode is another name.
 */
export function canonicalResource({ pattern, letters = 'exact' }: ResourceKind, name: unknown): string | undefined {
  const text = typeof name === 'number' && Number.isSafeInteger(name) ? String(name) : name;
  if (typeof text !== 'string' || text.length > longestName) return undefined;
  const folded = folds[letters](text);
  return wholeOf(pattern).test(folded) ? folded : undefined;
}

const folds: Readonly<Record<NonNullable<ResourceKind['letters']>, (text: string) => string>> = {
  exact: (text) => text,
  lower: (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  upper: (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()),
};

/** A regular expression that fits a whole text or not at all. */
export function wholeOf(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}
