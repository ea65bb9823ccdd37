import type { ActionContext, HubOptions, IdempotencyClass } from '@patchbay/core';
import type { DepotOptions } from './depot-connector.ts';
import type { DepotStage } from './depot-stage.ts';

/** What an action's code is given. */
export type ActionTools = Pick<ActionContext<unknown>, 'http' | 'key'>;

/** What differs from call to call. */
export interface ActionCallOptions {
  readonly changes?: DepotOptions['changes'];
  readonly hub?: Partial<HubOptions<[], Record<never, never>>>;
  /** Class of the action. @default 'read' */
  readonly idempotency?: IdempotencyClass;
}

/** Runs a piece of code once in an action of a hub of its own, and gives what it gave or throws what it threw. */
export async function callInAction<Result>(
  stage: DepotStage,
  use: (tools: ActionTools) => Promise<Result>,
  { changes = {}, hub = {}, idempotency = 'read' }: ActionCallOptions = {},
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  // Handled where it is awaited, which may be later.
  promise.catch(() => undefined);
  const { test, call } = await stage.hub(
    {
      changes,
      run: async (tools) => {
        const used = use(tools);
        used.then(resolve, reject);
        await used;
        return null;
      },
    },
    hub,
  );
  await call(idempotency);
  await test.hub.work();
  return promise;
}
