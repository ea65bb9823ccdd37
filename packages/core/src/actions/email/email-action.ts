import type { Clock } from '../../clock/clock.ts';
import type { BuiltInAction } from '../../connector/built-in-action.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import { soundError } from '../../errors/sound-error.ts';
import type { Network } from '../../net/create-network.ts';
import { outcomeOfResult } from '../outcome-of-result.ts';
import { type EmailInput, emailInput, emailOutput } from './email-input.ts';
import { type EmailOptions, type ResolvedTransport, resolveSender, resolveTransport } from './email-options.ts';
import type { Mailbox } from './mailbox.ts';

/** What sending mail needs. */
export interface EmailActionOptions {
  readonly email: EmailOptions;
  readonly network: Pick<Network, 'connect'>;
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
}

/** `email.send`: one mail through the host's mail server. Nobody can ask a mail server whether it has a mail, so the class is `unsafe`. */
export function emailAction({ email, network, clock }: EmailActionOptions): BuiltInAction {
  return {
    name: 'email.send',
    title: 'Send email',
    description: "Sends one mail through the host's mail server.",
    idempotency: 'unsafe',
    timeoutMs: 90_000,
    input: emailInput,
    output: emailOutput,
    async run({ tenant, input, key, signal, deadline, dispatch }) {
      const { from, transport } = await senderOf(email, tenant);
      // Loaded with the first mail: most hubs send none.
      const [{ composeMessage }, { submitMail }] = await Promise.all([import('./compose-message.ts'), import('./submit-mail.ts')]);
      // Parsed by the schema of this very action.
      const mail = await composeMessage(input as EmailInput, { from, key: key.value, at: dispatch.createdAt });
      const isTooLate = (): boolean => signal.aborted || clock.monotonic() >= deadline();
      const { accepted, rejected, serverId } = await submitMail({ network, transport, mail, clock, signal, isTooLate });
      const warnings = rejected.length > 0 ? [`The mail server refused ${rejected.length} of the recipients and took the others.`] : [];
      const output = { messageId: mail.messageId, accepted, rejected: [...rejected] };
      return outcomeOfResult({ output, warnings }, { requestId: () => serverId });
    },
  };
}

/** What the host says of this tenant. Whatever goes wrong with that, nothing has been sent. */
async function senderOf(
  { from, transport }: EmailOptions,
  tenant: string,
): Promise<{ readonly from: Mailbox; readonly transport: ResolvedTransport }> {
  try {
    return {
      from: resolveSender(typeof from === 'function' ? await from(tenant) : from),
      transport: resolveTransport(typeof transport === 'function' ? await transport(tenant) : transport),
    };
  } catch (thrown) {
    const error = soundError(thrown);
    const isKnown = isPatchbayError(error);
    throw new PatchbayError({
      code: isKnown ? error.code : 'not_ready',
      message: isKnown ? error.message : "The host's function for the mail server of this tenant threw. Mend it; the mail is tried again.",
      retryable: isKnown ? error.retryable : true,
      sent: 'no',
    });
  }
}
