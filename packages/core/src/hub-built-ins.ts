import { type BuiltInExecutorOptions, createBuiltInExecutor } from './actions/built-in/create-built-in-executor.ts';
import { hostFunctionAction } from './actions/built-in/host-function-action.ts';
import { emailAction } from './actions/email/email-action.ts';
import { notifyUserAction } from './actions/notify-user-action.ts';
import { runScriptAction } from './actions/scripts/run-script-action.ts';
import type { BuiltInAction } from './connector/built-in-action.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import type { Network } from './net/create-network.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { type WebhookActionOptions, webhookAction } from './webhooks/outbound/webhook-action.ts';

/** What built-in actions are bound to. */
export interface HubBuiltInsOptions extends BuiltInExecutorOptions, Pick<ResolvedOptions, 'builtIns'> {
  readonly registry: Pick<ConnectorRegistry, 'builtIn'>;
  readonly network: Network;
  readonly delivering: WebhookActionOptions;
  /** Those of built-in actions join them. */
  readonly executors: Map<string, Executor>;
}

/** Gives the hub the built-in actions that its host has configured: what automations may name, and what executes it. */
export function addBuiltIns(options: HubBuiltInsOptions): void {
  const { registry, executors } = options;
  for (const action of configured(options)) {
    registry.builtIn.add(action);
    const executor = createBuiltInExecutor(action, options);
    executors.set(executor.handler, executor);
  }
}

function configured({ builtIns, delivering, network, clock }: HubBuiltInsOptions): readonly BuiltInAction[] {
  const { functions, email, notifyUser, scripts } = builtIns;
  return [
    webhookAction(delivering),
    ...(email ? [emailAction({ email, network, clock })] : []),
    ...(notifyUser ? [notifyUserAction(notifyUser)] : []),
    ...(scripts ? [runScriptAction({ scripts, clock })] : []),
    ...Object.entries(functions).map(([name, definition]) => hostFunctionAction(name, definition)),
  ];
}
