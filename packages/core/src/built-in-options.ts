import { checkEmail, type EmailOptions } from './actions/email/email-options.ts';
import type { NotifyUser } from './actions/notify-user-action.ts';
import type { HostFunctions } from './connector/host-function.ts';
import type { ScriptRunner } from './contracts/script-runner.ts';

/** What the built-in actions are made of; what is absent is not configured. */
export interface ResolvedBuiltIns {
  readonly functions: HostFunctions;
  readonly email: EmailOptions | undefined;
  readonly notifyUser: NotifyUser | undefined;
  readonly scripts: ScriptRunner | undefined;
}

/** Looks at what can be looked at now. Throws `invalid_argument`. */
export function resolveBuiltIns(
  options: { readonly [Name in keyof ResolvedBuiltIns]?: ResolvedBuiltIns[Name] | undefined },
): ResolvedBuiltIns {
  const { functions = {}, email, notifyUser, scripts } = options;
  return { functions, email: email && checkEmail(email), notifyUser, scripts };
}
