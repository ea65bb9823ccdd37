import type { EmailInput } from '../actions/email/email-input.ts';
import type { NotifyInput } from '../actions/notify-user-action.ts';
import type { ScriptInput } from '../actions/scripts/run-script-action.ts';
import type { HostFunctions } from '../connector/host-function.ts';
import type { SchemaInput } from '../connector/schema.ts';
import type { Json } from '../json/json.ts';
import type { WebhookInput } from '../webhooks/outbound/webhook-input.ts';

/** Inputs of the built-in actions by name; the host's functions have those of their schemas. */
export interface BuiltInInputs {
  readonly 'email.send': EmailInput;
  readonly 'notify.user': NotifyInput;
  readonly 'script.run': ScriptInput;
  readonly 'webhook.send': WebhookInput;
}

/** Name of any built-in action that the hub may have. */
export type BuiltInName<F extends HostFunctions> =
  | (keyof BuiltInInputs & string)
  | (string extends keyof F ? `host.${string}` : `host.${keyof F & string}`);

/** Input of a built-in action by its name. */
export type BuiltInInput<F extends HostFunctions, Name extends string> = Name extends keyof BuiltInInputs
  ? BuiltInInputs[Name]
  : string extends keyof F
    ? Json
    : Name extends `host.${infer Function}`
      ? Function extends keyof F
        ? SchemaInput<F[Function]['input']>
        : never
      : never;
