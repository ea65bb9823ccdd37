import type { ScopeNeed } from './action-definition.ts';

/** A scope with its reason; a plain name gets one from the title of what needs it. */
export function describeScope(scope: string | ScopeNeed, title: string): ScopeNeed {
  return typeof scope === 'string' ? { scope, reason: `Needed to: ${title}` } : { scope: scope.scope, reason: scope.reason };
}
