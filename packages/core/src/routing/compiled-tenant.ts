import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { readDefinition } from '../automation/read-definition.ts';
import { eventTypeOf } from '../automation/trigger-event.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { SubscriberRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type ErrorRecord, toErrorRecord } from '../errors/error-record.ts';
import { matchesPattern } from '../event/matches-pattern.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { CompiledEndpoints } from './compiled-endpoints.ts';

/** A stored automation that this process cannot read, such as one written by a newer version. It must not keep the others from running. */
export interface BrokenAutomation {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly error: ErrorRecord;
}

/** A tenant's automations, subscribers and endpoints, ready to match. Built once per revision. */
export type CompiledTenant = CompiledAutomations & CompiledEndpoints;

/** Its automations and the subscribers. */
export interface CompiledAutomations {
  /** Enabled automations that start on this type, in order of their ids. */
  automationsFor(type: string): readonly CompiledAutomation[];
  /** Enabled ones that start on this type and cannot be read. */
  brokenFor(type: string): readonly BrokenAutomation[];
  /** One that can be read, enabled or not. */
  automation(id: string): CompiledAutomation | undefined;
  broken(id: string): BrokenAutomation | undefined;
  isEnabled(id: string): boolean;
  /** Some automation, enabled or not, waits for events of this type: runs of it may be open. */
  awaits(type: string): boolean;
  subscribersFor(type: string): readonly SubscriberRecord[];
  hasSubscriber(name: string): boolean;
}

/** Automations compiled so far, by tenant, id and version: a version never changes, so neither does what it compiles to. */
export type CompiledVersions = Map<string, CompiledAutomation | BrokenAutomation>;

const none: readonly never[] = [];

/** Most event types whose subscribers are remembered; beyond it they are worked out each time. */
const rememberedTypes = 1_000;

/** Compiles a tenant's automations. */
export function compileTenant(configuration: TenantConfiguration, versions: CompiledVersions): CompiledAutomations {
  const ready = new Map<string, CompiledAutomation>();
  const broken = new Map<string, BrokenAutomation>();
  const readyByType = new Map<string, CompiledAutomation[]>();
  const brokenByType = new Map<string, BrokenAutomation[]>();
  const enabled = new Set<string>();
  const awaited = new Set<string>();
  for (const row of configuration.automations) {
    const compiled = remembered(versions, configuration.tenant, row);
    const type = triggerType(row);
    if (row.value.enabled) enabled.add(row.id);
    if ('error' in compiled) {
      broken.set(row.id, compiled);
      if (row.value.enabled && type !== undefined) append(brokenByType, type, compiled);
    } else {
      ready.set(row.id, compiled);
      for (const awaits of compiled.awaits) awaited.add(awaits);
      if (row.value.enabled && type !== undefined) append(readyByType, type, compiled);
    }
  }
  return {
    automationsFor: (type) => readyByType.get(type) ?? none,
    brokenFor: (type) => brokenByType.get(type) ?? none,
    automation: (id) => ready.get(id),
    broken: (id) => broken.get(id),
    isEnabled: (id) => enabled.has(id),
    awaits: (event) => awaited.has(event),
    ...subscribersOf(configuration.subscribers),
  };
}

function subscribersOf(subscribers: readonly SubscriberRecord[]): Pick<CompiledAutomations, 'subscribersFor' | 'hasSubscriber'> {
  const known = new Map<string, readonly SubscriberRecord[]>();
  return {
    hasSubscriber: (name) => subscribers.some((subscriber) => subscriber.name === name),
    subscribersFor(type) {
      const remembered = known.get(type);
      if (remembered) return remembered;
      const matching = subscribers.filter((subscriber) => matchesPattern(subscriber.pattern, type));
      if (known.size < rememberedTypes) known.set(type, matching);
      return matching;
    },
  };
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

/** The type of event that a stored definition starts on, read without trusting its shape. */
function triggerType({ value: { definition } }: Row<'automation'>): string | undefined {
  return isJsonObject(definition) ? eventTypeOf(definition['trigger']) : undefined;
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
