import type { CompiledAutomation } from '../automation/compile-automation.ts';
import type { TenantConfiguration } from '../configuration/tenant-configuration.ts';
import type { SubscriberRecord } from '../contracts/configuration-records.ts';
import { matchesPattern } from '../event/matches-pattern.ts';
import type { BrokenAutomation } from './broken-automation.ts';
import type { CompiledEndpoints } from './compiled-endpoints.ts';
import type { TenantRules } from './tenant-rules.ts';
import type { TypeRules } from './type-rules.ts';

/** A tenant's automations, subscribers and endpoints, ready to match. Built once per revision. */
export type CompiledTenant = CompiledAutomations & CompiledEndpoints;

/** Its automations and the subscribers. */
export interface CompiledAutomations {
  /** Enabled automations that start on this type, in order of their ids. */
  automationsFor(type: string): readonly CompiledAutomation[];
  /** Enabled ones that start on this type and cannot be read. */
  brokenFor(type: string): readonly BrokenAutomation[];
  /** Enabled ones that start on this type, indexed; good until another configuration of the tenant is asked. */
  rulesFor(type: string): TypeRules | undefined;
  /** One that can be read, enabled or not. */
  automation(id: string): CompiledAutomation | undefined;
  broken(id: string): BrokenAutomation | undefined;
  isEnabled(id: string): boolean;
  /** Some automation, enabled or not, waits for events of this type: runs of it may be open. */
  awaits(type: string): boolean;
  subscribersFor(type: string): readonly SubscriberRecord[];
  hasSubscriber(name: string): boolean;
}

const none: readonly never[] = [];

/** Most event types whose subscribers are remembered; beyond it they are worked out each time. */
const rememberedTypes = 1_000;

/** A tenant's automations as this configuration has them. The rules follow whichever configuration is asked, nearly always the same. */
export function compileTenant(configuration: TenantConfiguration, rules: TenantRules): CompiledAutomations {
  const now = (): TenantRules => {
    rules.follow(configuration.automations);
    return rules;
  };
  now();
  return {
    automationsFor: (type) => now().byType.get(type)?.automations() ?? none,
    brokenFor: (type) => now().byType.get(type)?.broken() ?? none,
    rulesFor: (type) => now().byType.get(type),
    automation: (id) => now().ready.get(id),
    broken: (id) => now().broken.get(id),
    isEnabled: (id) => now().enabled.has(id),
    awaits: (event) => now().awaited.has(event),
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
