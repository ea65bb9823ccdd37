import { z } from 'zod';
import { schemeFault } from '../../../connector/signature/scheme-fault.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import { isJsonObject } from '../../../json/is-json-object.ts';
import { type ReceiverDefinition, receiverShape } from './receiver-definition.ts';

/**
 * A definition that was checked, without what it does not know. Throws `invalid_argument` that names the place: also for none of scheme and
 * `dangerouslyUnverified`, and for both.
 */
export function parseReceiver(value: unknown): ReceiverDefinition {
  const parsed = receiverShape.safeParse(value);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error).slice(0, 1_000));
  const { scheme, dangerouslyUnverified, format = 'json', deliveryId } = parsed.data;
  if ((scheme === undefined) === (dangerouslyUnverified === undefined))
    throw invalid('it has a scheme by which requests are verified, or dangerouslyUnverified with the reason why not, and not both');
  const fault = scheme === undefined ? undefined : schemeFault(scheme);
  if (fault !== undefined) throw invalid(fault);
  // Its body is stored as it came, and the secret would be in it.
  if (format === 'cloudevents' && isJsonObject(scheme) && scheme['kind'] === 'body-token')
    throw invalid('a token in the body is none that senders of CloudEvents know');
  if (format === 'json' && deliveryId === undefined)
    throw invalid("it says where the delivery id is (deliveryId), or 'body' where the sender has none");
  // The fault above has looked at all of it.
  return dropUndefined(parsed.data) as ReceiverDefinition;
}

function dropUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function invalid(fault: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message: `The receiver cannot be put: ${fault}. Correct it.` });
}
