import type { ConfigurationCache } from '../../configuration/create-configuration-cache.ts';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { HubEvent } from '../../event/hub-event.ts';
import { type CompiledRules, type KeptOut, rulesOf } from './registration-rules.ts';

/** An event at a registration. */
export interface RoutedEvent {
  readonly tenant: string;
  readonly registration: string;
  readonly deliveryId: string;
  /** As it came, before anything is made of it. */
  readonly event: () => HubEvent;
}

/** Thrown inside the hub to keep an event out by the rules of its registration; nobody outside sees it. */
export class KeptOutEvent extends Error {
  readonly why: KeptOut;

  constructor(why: KeptOut) {
    super();
    this.why = why;
  }
}

/** Thrown inside the hub where an event was made ready by other rules than those that hold at its commit: it is made ready anew. */
export class RulesChanged extends Error {}

/**
 * Looks, under the very revision with which an event is going to be committed, that it was made ready by the rules of its registration, and that they
 * let it in. What is kept out does not come again: only rules that hold now say so.
 */
export async function requireRouted(
  cache: Pick<ConfigurationCache, 'current'>,
  configuration: TenantConfiguration,
  { routed, used }: { readonly routed: RoutedEvent; readonly used: CompiledRules | undefined },
): Promise<void> {
  const rules = rulesOf(configuration, routed.registration);
  if (rules?.rules !== used?.rules) throw new RulesChanged();
  const why = rules?.keepsOut(routed.event(), routed.deliveryId);
  if (why === undefined) return;
  const current = rulesOf(await cache.current(routed.tenant), routed.registration);
  if (current?.rules !== rules?.rules) throw new RulesChanged();
  throw new KeptOutEvent(why);
}

/** What the rules make of an event's data; `undefined`: it stays. Throws what they fail with, where they hold now. */
export async function transformedText(
  cache: Pick<ConfigurationCache, 'current'>,
  routed: RoutedEvent,
  used: CompiledRules,
): Promise<string | undefined> {
  try {
    return used.transform(routed.event());
  } catch (error) {
    if (rulesOf(await cache.current(routed.tenant), routed.registration)?.rules !== used.rules) throw new RulesChanged();
    throw error;
  }
}
