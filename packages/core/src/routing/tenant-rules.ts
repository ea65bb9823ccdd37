import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { readDefinition } from '../automation/read-definition.ts';
import { eventTypesOf } from '../automation/trigger-event.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { toErrorRecord } from '../errors/error-record.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { BrokenAutomation } from './broken-automation.ts';
import { type TypeRules, typeRules } from './type-rules.ts';

/** Automations compiled so far, by tenant, id and version: a version never changes, so neither does what it compiles to. */
export type CompiledVersions = Map<string, CompiledAutomation | BrokenAutomation>;

/** A tenant's automations, compiled and indexed. */
export interface TenantRules {
  readonly ready: ReadonlyMap<string, CompiledAutomation>;
  readonly broken: ReadonlyMap<string, BrokenAutomation>;
  readonly enabled: ReadonlySet<string>;
  /** Those that are enabled, by the type of event that they start on. */
  readonly byType: ReadonlyMap<string, TypeRules>;
  /** Types of events that runs may wait for, with how many automations wait for each, enabled or not. */
  readonly awaited: ReadonlyMap<string, number>;
  /**
   * Makes it what these rows (in order of id) say. Costs what is new in them, besides one look at each: a rule that is changed among
   * 10,000 builds nothing of the others anew.
   */
  follow(rows: readonly Row<'automation'>[]): void;
}

/** A tenant's automations, none yet. */
export function tenantRules(tenant: string, versions: () => CompiledVersions): TenantRules {
  const ready = new Map<string, CompiledAutomation>();
  const broken = new Map<string, BrokenAutomation>();
  const enabled = new Set<string>();
  const byType = new Map<string, TypeRules>();
  const awaited = new Map<string, number>();
  let known: readonly Row<'automation'>[] = [];

  const countAwaited = (id: string, by: 1 | -1): void => {
    for (const type of ready.get(id)?.awaits ?? []) {
      const count = (awaited.get(type) ?? 0) + by;
      if (count > 0) awaited.set(type, count);
      else awaited.delete(type);
    }
  };

  const takeAway = (row: Row<'automation'>): void => {
    countAwaited(row.id, -1);
    ready.delete(row.id);
    broken.delete(row.id);
    enabled.delete(row.id);
    for (const type of triggerTypes(row)) {
      const rules = byType.get(type);
      rules?.remove(row.id);
      if (rules?.isEmpty()) byType.delete(type);
    }
  };

  const put = (row: Row<'automation'>): void => {
    const compiled = remembered(versions(), tenant, row);
    if ('error' in compiled) broken.set(row.id, compiled);
    else ready.set(row.id, compiled);
    countAwaited(row.id, 1);
    if (!row.value.enabled) return;
    enabled.add(row.id);
    for (const type of triggerTypes(row)) {
      const rules = byType.get(type) ?? typeRules();
      byType.set(type, rules);
      if ('error' in compiled) rules.putBroken(compiled);
      else rules.put(compiled);
    }
  };

  return {
    ready,
    broken,
    enabled,
    byType,
    awaited,
    follow(rows) {
      if (rows === known) return;
      const { gone, come } = difference(known, rows);
      gone.forEach(takeAway);
      come.forEach(put);
      known = rows;
    },
  };
}

type Rows = readonly Row<'automation'>[];

/** What is in one list and not in the other; both are in order of id. A row that has changed is in both answers. */
function difference(before: Rows, after: Rows): { readonly gone: Rows; readonly come: Rows } {
  const gone: Row<'automation'>[] = [];
  const come: Row<'automation'>[] = [];
  let at = 0;
  for (const row of after) {
    let old = before[at];
    while (old !== undefined && old.id < row.id) {
      gone.push(old);
      at += 1;
      old = before[at];
    }
    if (old?.id === row.id) {
      at += 1;
      if (isSame(old, row)) continue;
      gone.push(old);
    }
    come.push(row);
  }
  gone.push(...before.slice(at));
  return { gone, come };
}

function isSame(one: Row<'automation'>, other: Row<'automation'>): boolean {
  return (
    one === other ||
    (one.version === other.version && one.value.version === other.value.version && one.value.enabled === other.value.enabled)
  );
}

function remembered(versions: CompiledVersions, tenant: string, row: Row<'automation'>): CompiledAutomation | BrokenAutomation {
  const { name, version, definition } = row.value;
  const key = `${tenant}\u0000${row.id}@${version}`;
  const known = versions.get(key);
  if (known) return known;
  const compiled = compileOrBreak({ id: row.id, name, version }, definition);
  versions.set(key, compiled);
  return compiled;
}

function compileOrBreak(of: Omit<BrokenAutomation, 'error'>, definition: unknown): CompiledAutomation | BrokenAutomation {
  try {
    return compileAutomation({ ...of, definition: readDefinition(definition) });
  } catch (error) {
    return { ...of, error: toErrorRecord(error) };
  }
}

/** The types of events that a stored definition starts on, read without trusting its shape. */
const triggerTypes = ({ value: { definition } }: Row<'automation'>): readonly string[] =>
  isJsonObject(definition) ? eventTypesOf(definition['trigger']) : [];
