import { accountAssertion, assertionLife } from '../../oauth/account-assertion.ts';
import type { AssertionAlgorithm } from '../../oauth/sign-assertion.ts';
import type { RequestSigner, SignerInput } from './request-signer.ts';

/** An assertion is replaced so many milliseconds before it expires. */
const earlier = 300_000;

/** Sends an assertion signed with a service account's key as a bearer token (RFC 7523). One that is exchanged for a token is not sent by a signer. */
export const serviceAccount: RequestSigner = {
  id: 'service-account',
  fields: {
    issuer: { secret: false },
    subject: { required: false, secret: false },
    keyId: { required: false, secret: false },
    privateKey: {},
  },
  options: ['algorithm', 'audience'],
  async prepare(input) {
    const token = accountAssertion(partsOf(input), input.at);
    return { fields: { token }, secrets: [token], expiresAt: input.at + assertionLife * 1_000 - earlier };
  },
  sign: (_request, { fields }) => ({ headers: [['authorization', `Bearer ${fields['token'] ?? ''}`]] }),
};

function partsOf({ fields, options }: SignerInput) {
  const { issuer = '', subject, keyId, privateKey = '' } = fields;
  const { algorithm, audience = '', scope } = options;
  return { algorithm: parseAlgorithm(algorithm), audience, scope, issuer, subject, keyId, privateKey };
}

/** The connector's definition was checked when the hub was made. */
const parseAlgorithm = (text: string | undefined) => text as AssertionAlgorithm;
