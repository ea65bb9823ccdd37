import { type ActionExecutorOptions, createActionExecutor } from './actions/create-action-executor.ts';
import type { ConnectorRegistry } from './connector/create-registry.ts';
import type { Executor } from './contracts/executor.ts';
import { actionHandler } from './routing/plan-step.ts';

/** What executes the actions of each connector, by handler; subscribers join them. */
export function actionExecutors(
  registry: ConnectorRegistry,
  options: Omit<ActionExecutorOptions, 'handler' | 'connector'>,
): Map<string, Executor> {
  return new Map(
    registry.list().map((connector): [string, Executor] => {
      const handler = actionHandler(connector.id, connector.definition.version);
      return [handler, createActionExecutor({ ...options, handler, connector })];
    }),
  );
}
