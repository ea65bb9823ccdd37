import { expect, it } from 'vitest';
import type { Json } from '../../../json/json.ts';
import { soapFault } from './soap-fault.ts';

const older = (faultcode: Json): Json => ({ Fault: { faultcode, faultstring: 'words' } });
const newer = (value: string, subcode?: Json): Json => ({ Fault: { Code: { Value: value, ...(subcode ? { Subcode: subcode } : {}) } } });

it.each([
  [older('soap:Client'), { code: 'provider_rejected', sent: 'no', providerCode: 'soap:Client' }],
  [older('Client.Authentication'), { code: 'authentication_failed', sent: 'no' }],
  [older('SOAP-ENV:Server'), { code: 'provider_error', sent: 'maybe', retryable: true }],
  [older('soap:VersionMismatch'), { code: 'provider_rejected', sent: 'no' }],
  [
    older({ '@type': 'x', '#text': ' soap:MustUnderstand ' }),
    { code: 'provider_rejected', sent: 'no', providerCode: 'soap:MustUnderstand' },
  ],
  [older('wsse:FailedAuthentication'), { code: 'authentication_failed', sent: 'no' }],
  [newer('env:Sender'), { code: 'provider_rejected', sent: 'no' }],
  [
    newer('env:Sender', { Value: 'wsse:InvalidSecurityToken' }),
    { code: 'authentication_failed', providerCode: 'wsse:InvalidSecurityToken' },
  ],
  [
    newer('env:Receiver', { Value: 'm:Timeout', Subcode: { Value: 'm:Late' } }),
    { code: 'provider_error', sent: 'maybe', providerCode: 'm:Late' },
  ],
  [older('m:Odd'), { code: 'provider_error', sent: 'maybe', providerCode: 'm:Odd' }],
  [{ Fault: '' }, { code: 'provider_error', sent: 'maybe' }],
  [{ Fault: { faultcode: ['a', 'b'] } }, { code: 'provider_error', sent: 'maybe' }],
])('reads %j', (body, meaning) => {
  expect(soapFault(body)).toMatchObject(meaning);
});

it('finds none where there is none', () => {
  for (const body of [{}, { GetResponse: '' }, 'text', null, undefined]) expect(soapFault(body)).toBeUndefined();
});

it('repeats none of the words of a fault', () => {
  expect(JSON.stringify(soapFault(older('soap:Client')))).not.toContain('words');
});
