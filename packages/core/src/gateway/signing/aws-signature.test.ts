import { describe, expect, it } from 'vitest';
import s3 from './__fixtures__/aws-s3-examples.json' with { type: 'json' };
import suite from './__fixtures__/aws-suite.json' with { type: 'json' };
import { awsSignature } from './aws-signature.ts';

interface PublishedCase {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly string[])[];
  readonly body: string;
  readonly sessionToken?: string;
  readonly signature: string;
}

interface Published {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
  readonly origin: string;
  readonly at: string;
}

type How = { readonly normalizePath: boolean; readonly encodePathAgain: boolean; readonly signBody: boolean };

function authorizationOf(published: Published, { method, target, headers, body, sessionToken }: PublishedCase, how: How): string {
  const { origin, at, accessKeyId, secretAccessKey, region, service } = published;
  const request = {
    method,
    origin,
    target,
    headers: headers.map(([name = '', value = '']): [string, string] => [name, value]),
    body: Buffer.from(body),
    at: Date.parse(at),
  };
  const added = awsSignature(request, { accessKeyId, secretAccessKey, sessionToken, region, service, ...how });
  return Object.fromEntries(added)['authorization'] ?? '';
}

describe('awsSignature', () => {
  it.each(suite.cases)('signs $name as AWS publishes it', (published) => {
    const how = { normalizePath: published.normalizePath, encodePathAgain: true, signBody: published.signBody };
    expect(authorizationOf(suite, published, how)).toMatch(new RegExp(`Signature=${published.signature}$`));
  });

  it.each(s3.cases)('signs the request $name to S3 as its reference does', (published) => {
    const how = { normalizePath: false, encodePathAgain: false, signBody: true };
    expect(authorizationOf(s3, published, how)).toMatch(new RegExp(`Signature=${published.signature}$`));
  });

  it('gives another signature for any other request', () => {
    const [first] = suite.cases;
    if (first === undefined) throw new Error('The suite is empty.');
    const how = { normalizePath: true, encodePathAgain: true, signBody: false };
    const changed = [
      { ...first, method: 'PUT' },
      { ...first, target: '/x' },
      { ...first, target: '/?x' },
      { ...first, body: 'x' },
      { ...first, headers: [['my-header1', 'x']] },
    ];
    const all = [first, ...changed].map((each) => authorizationOf(suite, each, how).split('Signature=')[1]);
    expect(new Set(all).size).toBe(all.length);
  });
});
