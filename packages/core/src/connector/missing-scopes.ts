import type { ScopeNeed } from './action-definition.ts';
import type { AnyDefinition } from './connector-definition.ts';

/** Scopes as their author wrote them, by name alone. */
export function scopeNames(scopes: readonly (string | ScopeNeed)[] | undefined): readonly string[] {
  return (scopes ?? []).map((scope) => (typeof scope === 'string' ? scope : scope.scope));
}

/** Which of the needed scopes are not granted, those that a granted one includes counted in. What is granted is unknown: none is missing. */
export function missingScopes(
  { impliedScopes = {} }: Pick<AnyDefinition, 'impliedScopes'>,
  needed: readonly string[],
  granted: readonly string[] | null | undefined,
): readonly string[] {
  if (granted === null || granted === undefined) return [];
  const held = new Set<string>();
  const open = [...granted];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    if (held.has(scope)) continue;
    held.add(scope);
    if (Object.hasOwn(impliedScopes, scope)) open.push(...(impliedScopes[scope] ?? []));
  }
  return [...new Set(needed)].filter((scope) => !held.has(scope));
}
