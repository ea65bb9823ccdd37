import { parseWith } from '../connector/parse-with.ts';
import type { DispatchRecord } from '../contracts/dispatch-records.ts';
import type { Json } from '../json/json.ts';
import { actionOf, majorOfHandler } from './dispatch-view.ts';
import type { TenantScope } from './tenant-services.ts';

/** Throws `invalid_argument` for an output that the dispatch's action could not have given: later steps read it. */
export async function checkOutput(
  { registry }: Pick<TenantScope, 'registry'>,
  record: DispatchRecord,
  output: Json | undefined,
): Promise<void> {
  const action = actionOf(record);
  const [connector = '', name = ''] = action?.split('.') ?? [];
  const schema = registry.builtIn.find(action ?? '')?.output ?? registry.find(connector, majorOfHandler(record))?.actions[name]?.output;
  // Of an action that is gone nobody knows what it gave.
  if (!schema || output === undefined) return;
  await parseWith(schema, output, {
    code: 'invalid_argument',
    what: `The output of ${action}`,
    advice: 'Nothing was changed. Give what the action would have answered, or none where no later step reads it.',
  });
}
