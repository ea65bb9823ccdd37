import type { StateStore } from '../contracts/state-store.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import { suppressionStates } from './alert-names.ts';
import type { AlertSeverity } from './alert-rule.ts';
import type { AlertFacts } from './alert-state.ts';

/** What a suppression keeps back: alerts for which every field that is named fits. */
export interface SuppressionMatch {
  /** Name of a rule. */
  readonly rule?: string;
  readonly severity?: AlertSeverity;
  readonly connector?: string;
  /** Ids. */
  readonly connection?: string;
  readonly automation?: string;
  readonly endpoint?: string;
  /** Of the operator's alone. */
  readonly tenant?: string;
}

/** A time in which nobody is told of some alerts, such as while a service is being maintained. Milliseconds since 1970. */
export interface Suppression {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly match: SuppressionMatch;
  readonly reason: string;
}

const fields = ['rule', 'severity', 'connector', 'connection', 'automation', 'endpoint', 'tenant'] as const;

/** The suppression as it is stored. */
export const writeSuppression = ({ from, until, match, reason }: Suppression): Json => ({ from, until, match: { ...match }, reason });

/** All suppressions of a scope, those that are over among them until they are tidied away. */
export async function readSuppressions(states: Pick<StateStore, 'list'>, scope: string): Promise<readonly Suppression[]> {
  const found: Suppression[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<StateStore['list']>> = await states.list(scope, suppressionStates, { cursor, limit: 500 });
    for (const { name, value } of page.entries) {
      if (!isJsonObject(value)) continue;
      const { match } = value;
      const named = isJsonObject(match) ? match : {};
      found.push({
        id: name.slice(suppressionStates.length),
        from: Number(value['from']),
        until: Number(value['until']),
        match: Object.fromEntries(fields.flatMap((field) => (typeof named[field] === 'string' ? [[field, named[field]]] : []))),
        reason: String(value['reason']),
      });
    }
    cursor = page.cursor;
    if (cursor === null) return found;
  }
}

/** True where it keeps back an alert at this time. */
export function keepsBack({ from, until, match }: Suppression, facts: AlertFacts, now: number): boolean {
  return from <= now && now < until && fields.every((field) => match[field] === undefined || match[field] === facts[field]);
}
