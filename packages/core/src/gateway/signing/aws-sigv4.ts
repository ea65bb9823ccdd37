import { PatchbayError } from '../../errors/patchbay-error.ts';
import { awsSignature } from './aws-signature.ts';
import type { RequestSigner, SignerAnswer, SignerCall, SignerInput, SigningMaterial } from './request-signer.ts';

/** What {@link awsSigV4} can be given. */
export interface AwsSigV4Options {
  /** Origin of the Security Token Service. @default 'https://sts.{region}.amazonaws.com' */
  readonly stsOrigin?: string;
  /** Seconds for which an assumed role is asked for; AWS takes 900 to 43,200. @default 3,600 */
  readonly roleSeconds?: number;
}

/** An assumed role is replaced so many milliseconds before it expires, so that no request is under way with it then. */
const earlier = 300_000;

/**
 * AWS Signature Version 4. A connector names it with the options `region` and `service`; a credential has `accessKeyId` and `secretAccessKey`,
 * and `sessionToken`, or `roleArn` with an optional `externalId` where a role is to be assumed.
 */
export function awsSigV4({ stsOrigin, roleSeconds = 3_600 }: AwsSigV4Options = {}): RequestSigner {
  return {
    id: 'aws-sigv4',
    fields: {
      accessKeyId: { secret: false },
      secretAccessKey: {},
      sessionToken: { required: false },
      roleArn: { required: false, secret: false },
      externalId: { required: false },
    },
    options: ['region', 'service'],
    async prepare(input, call) {
      if (input.fields['roleArn'] === undefined) return { fields: input.fields, expiresAt: null };
      const origin = stsOrigin ?? `https://sts.${input.options['region']}.amazonaws.com`;
      return roleOf(await call(assumeRole(input, { origin, roleSeconds })));
    },
    sign(request, input) {
      const { service = '' } = input.options;
      const isObjectStore = service === 's3';
      const how = { normalizePath: !isObjectStore, encodePathAgain: !isObjectStore, signBody: isObjectStore };
      const headers = awsSignature(request, { ...signingOf(input), service, ...how });
      const authorization = headers.find(([name]) => name === 'authorization')?.[1] ?? '';
      return { headers, secrets: [authorization.slice(authorization.lastIndexOf('=') + 1)] };
    },
  };
}

function signingOf({ fields, options }: SignerInput) {
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = fields;
  return { accessKeyId, secretAccessKey, sessionToken, region: options['region'] ?? '' };
}

/** AWS STS API Reference, AssumeRole; version 2011-06-15. */
function assumeRole(input: SignerInput, { origin, roleSeconds }: { readonly origin: string; readonly roleSeconds: number }): SignerCall {
  const { roleArn = '', externalId } = input.fields;
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'patchbay',
    DurationSeconds: String(roleSeconds),
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
  }).toString();
  const headers: [string, string][] = [['content-type', 'application/x-www-form-urlencoded; charset=utf-8']];
  const request = { method: 'POST', origin, target: '/', headers, body: Buffer.from(body, 'utf8'), at: input.at };
  const how = { service: 'sts', normalizePath: true, encodePathAgain: true, signBody: false };
  return { origin, path: '/', headers: [...headers, ...awsSignature(request, { ...signingOf(input), ...how })], body };
}

function roleOf({ status, body }: SignerAnswer): SigningMaterial {
  const textOf = (name: string): string => new RegExp(`<${name}>([A-Za-z0-9+/=:.-]{1,8192})</${name}>`).exec(body)?.[1] ?? '';
  const fields = {
    accessKeyId: textOf('AccessKeyId'),
    secretAccessKey: textOf('SecretAccessKey'),
    sessionToken: textOf('SessionToken'),
  };
  const expiresAt = Date.parse(textOf('Expiration'));
  const isWhole = Object.values(fields).every((text) => text !== '') && !Number.isNaN(expiresAt);
  if (status === 200 && isWhole) {
    return { fields, secrets: [fields.secretAccessKey, fields.sessionToken], expiresAt: expiresAt - earlier };
  }
  const isRefusal = status === 400 || status === 401 || status === 403;
  throw new PatchbayError({
    code: isRefusal ? 'authentication_failed' : 'provider_unavailable',
    message: isRefusal
      ? `AWS did not let the role be assumed (${textOf('Code') || status}). Correct the role's trust policy, or put the connection again.`
      : `AWS's token service answered ${status} in place of a role. Try again later.`,
    retryable: !isRefusal,
    sent: 'no',
  });
}
