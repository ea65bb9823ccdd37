import { type CompiledAutomation, compileAutomation } from '../automation/compile-automation.ts';
import { parseAutomation } from '../automation/parse-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { SubscriberRecord } from '../contracts/configuration-store.ts';
import { matchesPattern } from '../event/matches-pattern.ts';

/** A tenant's automations and subscribers, ready to match. Built once per revision. */
export interface CompiledTenant {
  /** Enabled automations that start on this type, in order of their ids. */
  automationsFor(type: string): readonly CompiledAutomation[];
  automation(id: string): CompiledAutomation | undefined;
  subscribersFor(type: string): readonly SubscriberRecord[];
}

/** Automations compiled so far, by id and version: a version never changes, so neither does what it compiles to. */
export type CompiledVersions = Map<string, CompiledAutomation>;

const none: readonly CompiledAutomation[] = [];

/** Most event types whose subscribers are remembered; beyond it they are worked out each time. */
const rememberedTypes = 1_000;

/** Compiles what a tenant has configured. */
export function compileTenant(configuration: TenantConfiguration, versions: CompiledVersions): CompiledTenant {
  const byType = new Map<string, CompiledAutomation[]>();
  const byId = new Map<string, CompiledAutomation>();
  for (const row of configuration.automations) {
    const { name, version, enabled, definition } = row.value;
    const compiled = remembered(versions, `${row.id}@${version}`, () =>
      compileAutomation({ id: row.id, name, version, definition: parseAutomation(definition) }),
    );
    byId.set(row.id, compiled);
    const { trigger } = compiled.definition;
    if (!enabled || !('event' in trigger)) continue;
    const list = byType.get(trigger.event);
    if (list) list.push(compiled);
    else byType.set(trigger.event, [compiled]);
  }
  const subscribers = new Map<string, readonly SubscriberRecord[]>();
  return {
    automationsFor: (type) => byType.get(type) ?? none,
    automation: (id) => byId.get(id),
    subscribersFor(type) {
      const known = subscribers.get(type);
      if (known) return known;
      const matching = configuration.subscribers.filter((subscriber) => matchesPattern(subscriber.pattern, type));
      if (subscribers.size < rememberedTypes) subscribers.set(type, matching);
      return matching;
    },
  };
}

function remembered(versions: CompiledVersions, key: string, compile: () => CompiledAutomation): CompiledAutomation {
  const known = versions.get(key);
  if (known) return known;
  const compiled = compile();
  versions.set(key, compiled);
  return compiled;
}
