import { path } from '@patchbay/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callInAction } from './call-in-action.ts';
import { type DepotStage, depotStage, token } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const envelope = (body: string, version = 'http://schemas.xmlsoap.org/soap/envelope/') =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="${version}"><e:Header/><e:Body>${body}</e:Body></e:Envelope>`;
const price = z.object({ GetPriceResponse: z.object({ Price: z.coerce.number() }) });
const answered = envelope('<m:GetPriceResponse xmlns:m="urn:stock"><m:Price>1.90</m:Price></m:GetPriceResponse>');

const getPrice = (version: '1.1' | '1.2' = '1.1', item = 'Apples & <pears>') =>
  callInAction(stage, ({ http }) =>
    http.soap(path`/stock`, {
      action: 'urn:stock/GetPrice',
      version,
      effect: 'read',
      namespaces: { m: 'urn:stock' },
      body: { 'm:GetPrice': { 'm:Item': item } },
      response: price,
    }),
  );

describe('http.soap', () => {
  it('sends an envelope of version 1.1 and gives what the body of the answer holds', async () => {
    stage.answer(() => ({ text: answered, headers: { 'content-type': 'text/xml' } }));
    expect(await getPrice()).toEqual({ GetPriceResponse: { Price: 1.9 } });
    const [sent] = stage.provider.requests;
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/v1/stock',
      headers: { soapaction: '"urn:stock/GetPrice"', 'content-type': 'text/xml; charset=utf-8' },
    });
    expect(sent?.body).toContain('<m:GetPrice><m:Item>Apples &amp; &lt;pears&gt;</m:Item></m:GetPrice>');
  });

  it('sends an envelope of version 1.2, which names its action in the content type', async () => {
    stage.answer(() => ({ text: answered }));
    await getPrice('1.2');
    expect(stage.provider.requests[0]?.headers).toMatchObject({
      'content-type': 'application/soap+xml; charset=utf-8; action="urn:stock/GetPrice"',
    });
    expect(stage.provider.requests[0]?.headers).not.toHaveProperty('soapaction');
  });

  it.each([
    ['soap:Client', { code: 'provider_rejected', sent: 'no' }],
    ['soap:Server', { code: 'provider_error', sent: 'maybe', retryable: true }],
    ['wsse:FailedAuthentication', { code: 'authentication_failed', sent: 'no' }],
  ])('takes a fault %s for an error, whatever its status is', async (code, meaning) => {
    for (const status of [200, 500]) {
      stage.answer(() => ({
        status,
        text: envelope(`<e:Fault><faultcode>${code}</faultcode><faultstring>private words</faultstring></e:Fault>`),
      }));
      const error = await getPrice().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ ...meaning, details: { status, providerCode: code } });
      expect(JSON.stringify(error)).not.toContain('private words');
    }
  });

  it('takes the credential out of an answer however XML spells it', async () => {
    const references = Array.from(token, (sign, index) =>
      index % 2 === 0 ? `&#${sign.charCodeAt(0)};` : `&#x00${sign.charCodeAt(0).toString(16)};`,
    );
    const spelled = references.join('');
    const call = () =>
      callInAction(stage, ({ http }) =>
        http.soap(path`/stock`, { action: 'urn:a', effect: 'read', body: {}, response: z.object({ Echo: z.json() }) }),
      );
    stage.answer(() => ({ text: envelope(`<Echo sent="Bearer ${spelled}"><You>${spelled}</You><You>ada</You></Echo>`) }));
    expect(await call()).toEqual({ Echo: { '@sent': 'Bearer [withheld]', You: ['[withheld]', 'ada'] } });
    stage.answer(() => ({ status: 500, text: envelope(`<e:Fault><faultcode>soap:${spelled}</faultcode></e:Fault>`) }));
    await expect(call()).rejects.toMatchObject({ details: { providerCode: 'soap:[withheld]' } });
  });

  it.each([
    ['a document type with an entity', `<!DOCTYPE x [<!ENTITY a "b">]>${answered}`],
    ['no envelope', '<a/>'],
    ['JSON', '{"GetPriceResponse":{"Price":"1"}}'],
    ['an envelope without a body', '<e:Envelope xmlns:e="urn:e"/>'],
  ])('takes an answer with %s for one that cannot be understood', async (_what, text) => {
    stage.answer(() => ({ text }));
    await expect(getPrice()).rejects.toMatchObject({ code: 'response_invalid' });
  });

  it('sends nothing that XML cannot hold', async () => {
    await expect(getPrice('1.1', 'a\u0000b')).rejects.toMatchObject({ code: 'invalid_input', sent: 'no' });
    const action = 'urn:x"\r\nx-evil: 1';
    const odd = callInAction(stage, ({ http }) => http.soap(path`/stock`, { action, body: {}, response: price }));
    await expect(odd).rejects.toMatchObject({ code: 'invalid_argument', sent: 'no' });
    expect(stage.provider.requests).toEqual([]);
  });

  it('takes an operation for a write unless it says that it reads', async () => {
    stage.answer(() => ({ text: answered, effect: true }));
    const options = { action: 'urn:a', body: {}, response: price };
    await callInAction(
      stage,
      async ({ http, key }) => {
        await http.soap(path`/stock`, { ...options, effect: 'read' });
        await http.soap(path`/stock`, options);
        await expect(http.soap(path`/stock`, options)).rejects.toMatchObject({ code: 'invalid_argument' });
        await http.soap(path`/stock`, { ...options, key: key.child('second') });
      },
      { idempotency: 'unsafe' },
    );
    expect(stage.provider.requests).toHaveLength(3);
  });
});
