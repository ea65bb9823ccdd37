import { checkFormData } from '../automation/form-data.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Json } from '../json/json.ts';
import { automationRow, toAutomation } from './automation-view.ts';
import { isName } from './check-text.ts';
import { recordAct } from './record-act.ts';
import { requireStarts, type StartedRun, startAutomation } from './start-automation.ts';
import type { TenantScope } from './tenant-services.ts';

/** Who presses a button. */
export interface PressOptions {
  /** The person of the host's app. @default who acts through the handle, where that is a person */
  readonly user?: string;
  /** The same key with the same person and data is one press, for 30 days. @default each call is one */
  readonly idempotencyKey?: string;
}

/** Presses the button of an automation: its event says who did and what was filled in. */
export async function pressButton(scope: TenantScope, reference: string, data: Json, options: PressOptions): Promise<StartedRun> {
  const automation = toAutomation(await automationRow(scope, reference));
  const type = 'button.pressed';
  requireStarts(automation, type);
  const pressedBy = personOf(scope, options);
  const { trigger } = automation.definition;
  const schema = 'button' in trigger ? trigger.button.input : undefined;
  const checked = checkFormData(schema ?? { type: 'object', properties: {} }, data);
  if ('faults' in checked) {
    const faults = checked.faults.map(({ field, message }) => `${field === '' ? '(root)' : field}: ${message}`).join('; ');
    throw new PatchbayError({
      code: 'invalid_event',
      message: `The button ${automation.name} does not take this: ${faults}. Nothing was started.`,
      details: { faults: checked.faults.map(({ field, message }) => ({ field, message })) },
    });
  }
  await recordAct(scope, { action: 'automation.press', object: { type: 'automation', id: automation.id }, details: { user: pressedBy } });
  const what = 'What was filled in';
  return startAutomation(scope, {
    automation,
    type,
    data: { pressedBy, input: checked.data },
    what,
    idempotencyKey: options.idempotencyKey,
  });
}

/** Nobody presses a button unseen. */
function personOf({ recorder }: TenantScope, { user }: PressOptions): string {
  const named = user ?? (recorder.actor.kind === 'host' ? undefined : recorder.actor.id);
  if (isName(named)) return named;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: 'A button is pressed by somebody. Name the person: automations.press(name, data, { user }), or use a handle of the person.',
  });
}
