import type { Json } from '../json/json.ts';
import { automationRow, toAutomation } from './automation-view.ts';
import { requireStarts, type StartedRun, startAutomation } from './start-automation.ts';
import type { TenantScope } from './tenant-services.ts';

/** Runs an automation with a manual trigger, with the given data as its event's. */
export async function runAutomation(
  scope: TenantScope,
  reference: string,
  data: Json,
  { idempotencyKey }: { readonly idempotencyKey?: string },
): Promise<StartedRun> {
  const automation = toAutomation(await automationRow(scope, reference));
  const type = 'manual.requested';
  requireStarts(automation, type);
  return startAutomation(scope, { automation, type, data, what: 'The data of the run', idempotencyKey });
}
