/** Names that lead from data to the host's prototypes. */
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for `__proto__`, `constructor` and `prototype`: data under them reads as absent and is never written. */
export function isForbiddenName(name: string): boolean {
  return forbiddenNames.has(name);
}
