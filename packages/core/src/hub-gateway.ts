import type { ConnectorRegistry } from './connector/create-registry.ts';
import { forgetAnswers } from './forget-answers.ts';
import { createResponseCache } from './gateway/cache/response-cache.ts';
import type { CallGuard } from './gateway/call-guard.ts';
import type { GatewayOptions } from './gateway/gateway-options.ts';
import { type ConnectorWatch, createConnectorWatch } from './gateway/resilience/create-connector-watch.ts';
import { createRetryBudget } from './gateway/resilience/retry-budget.ts';
import { createSafeRetries } from './gateway/resilience/safe-retries.ts';
import { createDeprecationWatch } from './gateway/versions/deprecation-watch.ts';
import { type GatewayGuards, gatewayGuards } from './gateway-guards.ts';
import { createNetwork, type Network } from './net/create-network.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Notify } from './notices/notices.ts';
import { originPorts } from './origin-ports.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** The way to the services, and what stands before it. */
export interface HubGateway extends Pick<GatewayGuards, 'breakers' | 'limits' | 'flush'> {
  readonly network: Network;
  readonly gateway: GatewayOptions & { readonly watch: ConnectorWatch };
}

/** What it is made of. */
export interface HubGatewayParts {
  readonly registry: ConnectorRegistry;
  readonly board: Pick<NoticeBoard, 'on'>;
  /** Told of each request, those that are refused included. */
  readonly observing: readonly CallGuard[];
  /** The host's, by connector. */
  readonly transforms: GatewayOptions['transforms'] | undefined;
}

/** Makes it. */
export function hubGateway(
  common: ResolvedOptions & { readonly holder: string; readonly notify: Notify },
  { registry, board, observing, transforms }: HubGatewayParts,
): HubGateway {
  const { clock, notify, retry, proxy, kept, dangerouslyAllowPrivateNetworks, loopbackOnly, maximumResponseBytes, signers } = common;
  const extraPorts = originPorts(registry.list());
  const network = createNetwork({ ...kept, clock, proxy, dangerouslyAllowPrivateNetworks, loopbackOnly, extraPorts });
  const { guards, breakers, limits, flush } = gatewayGuards(common, [...observing, createDeprecationWatch({ clock, notify })]);
  const retries = createSafeRetries({ ...common, budget: createRetryBudget(), quickRetries: retry.quickRetries });
  const watch = createConnectorWatch({ clock, notify });
  const responseCache = createResponseCache(common.responseCacheBytes);
  forgetAnswers(board, responseCache);
  const gateway = {
    network,
    clock,
    notify,
    maximumResponseBytes,
    signers,
    guards,
    retries,
    watch,
    responseCache,
    ...(transforms ? { transforms } : {}),
    prepared: new WeakMap(),
  };
  return { network, gateway, breakers, limits, flush };
}
