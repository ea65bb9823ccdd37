import type { HubEvent } from '../event/hub-event.ts';
import type { FuelUse } from '../expression/frame.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';
import { type CompiledCondition, compileCondition } from '../rules/compile-condition.ts';
import { reasonOf } from '../rules/reason-of.ts';
import { within } from './automation-error.ts';
import type { RecordRule } from './record-trigger.ts';

/** What an event has to say, beyond its type, to start an automation. */
export interface CompiledRecordTrigger {
  /** The condition of `matches`; `null` for the other kinds. */
  readonly condition: CompiledCondition | null;
  /** Adds what it used to `use`. */
  readonly starts: (event: HubEvent, use?: FuelUse) => boolean;
  /** Why it does not start on an event of its type, in one sentence. */
  readonly reason: (event: HubEvent) => string;
}

/** What may have happened to a record where a rule starts, by its kind. */
const kinds: Readonly<Record<RecordRule['on'], readonly string[]>> = {
  created: ['created'],
  updated: ['updated'],
  deleted: ['deleted'],
  field_changed: ['updated'],
  matches: ['created', 'updated'],
  enters_view: ['created', 'updated'],
};

/** Types of the events that a stored rule looks at, read without trusting its shape. */
export function recordEventsOf({ type, on }: { readonly [Name in 'type' | 'on']?: unknown }): readonly string[] {
  const [, ofKind = []] = Object.entries(kinds).find(([kind]) => kind === on) ?? [];
  return typeof type === 'string' ? ofKind.map((kind) => `record.${type}.${kind}`) : [];
}

/** Compiles a rule. Pure. Throws `automation_invalid` naming the place of a condition that does not compile. */
export function compileRecordTrigger(rule: RecordRule): CompiledRecordTrigger {
  switch (rule.on) {
    case 'field_changed':
      return names(rule.fields, 'changed', (changed) => `None of ${rule.fields.join(', ')} changed, but ${changed}.`);
    case 'enters_view':
      return names([rule.view], 'entered', (entered) => `It has not entered the view ${rule.view}; it has entered ${entered}.`);
    case 'matches':
      return matches(within('trigger.record.condition', () => compileCondition(rule.condition, { roots: ['record'] })));
    default:
      return { condition: null, starts: () => true, reason: () => 'It starts on every event of its type.' };
  }
}

function names(wanted: readonly string[], member: 'changed' | 'entered', reason: (found: string) => string): CompiledRecordTrigger {
  const found = (event: HubEvent): readonly Json[] => listOf(dataOf(event)[member]);
  return {
    condition: null,
    starts: (event) => found(event).some((name) => wanted.some((each) => each === name)),
    reason: (event) => reason(found(event).join(', ') || 'nothing'),
  };
}

function matches(condition: CompiledCondition): CompiledRecordTrigger {
  const holds = (record: Json | undefined, use?: FuelUse): boolean => isJsonObject(record) && condition.test({ record }, use);
  return {
    condition,
    starts(event, use) {
      const { before, after } = dataOf(event);
      return holds(after, use) && !holds(before, use);
    },
    reason(event) {
      const { before, after } = dataOf(event);
      if (holds(before) && holds(after)) return 'Its condition held before the change already.';
      return isJsonObject(after) ? reasonOf(condition.explain({ record: after })) : 'The record is gone.';
    },
  };
}

function dataOf({ data }: HubEvent): JsonObject {
  return isJsonObject(data) ? data : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
