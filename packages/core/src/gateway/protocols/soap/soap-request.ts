import type { RequestPath } from '../../../connector/path.ts';
import type { Schema } from '../../../connector/schema.ts';
import type { SoapOptions } from '../../../connector/soap-options.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import type { RawRequest } from '../../raw-request.ts';
import { soapEnvelope } from './soap-envelope.ts';
import { soapProtocol } from './soap-protocol.ts';

// An address, so nothing of it needs to be escaped in a quoted string of a header.
const actionShape = /^[\x21\x23-\x5b\x5d-\x7e]{0,1000}$/;

/** The request of one operation. Throws `invalid_argument` for an action that is no address, and `invalid_input` for what XML cannot hold. */
export function soapRequest<S extends Schema>(path: RequestPath, options: SoapOptions<S>): RawRequest {
  const { action, version = '1.1', effect = 'write', headers, parameters, lists = [] } = options;
  if (!actionShape.test(action)) {
    throw new PatchbayError({
      code: 'invalid_argument',
      message: 'The action of a SOAP request is an address: printable ASCII without spaces and quotes. Correct it.',
      sent: 'no',
    });
  }
  const isOld = version === '1.1';
  return {
    method: 'POST',
    path,
    effect,
    protocol: soapProtocol(lists),
    headers: { ...headers, ...(isOld ? { soapaction: `"${action}"` } : {}) },
    body: {
      contentType: isOld ? 'text/xml; charset=utf-8' : `application/soap+xml; charset=utf-8; action="${action}"`,
      text: soapEnvelope(options),
    },
    ...(parameters === undefined ? {} : { query: parameters }),
  };
}
