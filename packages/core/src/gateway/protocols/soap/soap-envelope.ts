import type { Schema } from '../../../connector/schema.ts';
import type { SoapOptions } from '../../../connector/soap-options.ts';
import { PatchbayError } from '../../../errors/patchbay-error.ts';
import { checkXmlName, escapeXml, writeXml } from './write-xml.ts';

/** A version of SOAP. */
export type SoapVersion = NonNullable<SoapOptions<Schema>['version']>;

const envelopes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

const instance = 'http://www.w3.org/2001/XMLSchema-instance';
const reserved: ReadonlySet<string> = new Set(['soap', 'xsi', 'xml', 'xmlns']);

/** The text of an envelope. Throws `invalid_input` for what XML cannot hold, and for a prefix that is SOAP's own. */
export function soapEnvelope({ version = '1.1', namespaces = {}, header, body }: Omit<SoapOptions<Schema>, 'action' | 'response'>): string {
  const declared = Object.entries(namespaces).map(([prefix, address]) => declarationOf(prefix, address));
  const names = [` xmlns:soap="${envelopes[version]}"`, ` xmlns:xsi="${instance}"`, ...declared].join('');
  const headed = header === undefined ? '' : `<soap:Header>${writeXml(header)}</soap:Header>`;
  return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope${names}>${headed}<soap:Body>${writeXml(body)}</soap:Body></soap:Envelope>`;
}

function declarationOf(prefix: string, address: string): string {
  if (prefix === '') return ` xmlns="${escapeXml(address)}"`;
  if (reserved.has(prefix) || prefix.includes(':')) {
    throw new PatchbayError({
      code: 'invalid_input',
      message: `The prefix ${prefix.slice(0, 50)} cannot be declared: it is one of ${[...reserved].join(', ')} or has a colon. Choose another.`,
      sent: 'no',
    });
  }
  checkXmlName(prefix);
  return ` xmlns:${prefix}="${escapeXml(address)}"`;
}
