import type { Clock } from '../../clock/clock.ts';
import { isPatchbayError, PatchbayError } from '../../errors/patchbay-error.ts';
import type { Network } from '../../net/create-network.ts';
import type { NetworkRequest } from '../../net/network-request.ts';
import { isUpload } from '../../net/upload-source.ts';
import { withAttached } from '../request-headers.ts';
import { secretTextForms } from '../secret-forms.ts';
import type { RequestSigner, SignerAnswer, SignerCall, SigningMaterial } from './request-signer.ts';

/** A request with its signature, and the texts that its answer is scrubbed of beside the credential's own. */
export interface SignedRequest {
  readonly request: NetworkRequest;
  readonly forms: readonly string[];
}

/** Signs the requests of one opened credential. */
export interface ConnectionSigning {
  readonly by: SigningOptions;
  sign(request: NetworkRequest): Promise<SignedRequest>;
}

/** Largest answer to a signer's own call, bytes. */
const largestAnswer = 65_536;

/** Milliseconds for such a call. */
const longestCall = 10_000;

/** What signing is made of: `fields` of the credential, `options` of the auth method with the settings in their places. */
export interface SigningOptions {
  readonly signer: RequestSigner;
  readonly fields: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

interface SigningWorld {
  readonly network: Pick<Network, 'request'>;
  readonly clock: Pick<Clock, 'now'>;
}

interface Held {
  readonly material: SigningMaterial;
  readonly forms: readonly string[];
}

/**
 * Binds a signer to a credential. What it signs with is got once for all who ask at a time, and again when it has expired; a failure is not
 * kept. The signer sees a copy of the finished request, so it can add headers and change nothing.
 */
export function connectionSigning(gateway: SigningWorld, signing: SigningOptions): ConnectionSigning {
  const { signer, fields, options } = signing;
  const { clock } = gateway;
  let held: Promise<Held> | undefined;
  const prepare = async (call: (request: SignerCall) => Promise<SignerAnswer>): Promise<Held> => {
    const material = (await signer.prepare?.({ fields, options, at: clock.now() }, call)) ?? { fields, expiresAt: null };
    return { material, forms: secretTextForms(material.secrets ?? []) };
  };
  const material = async (): Promise<Held> => {
    const last = held;
    const known = await last?.catch(() => undefined);
    if (known && (known.material.expiresAt === null || known.material.expiresAt > clock.now())) return known;
    // Whoever waited for the same one may have begun the next already.
    if (held === last) held = prepare((call) => send(gateway, call));
    return held ?? material();
  };
  return {
    by: signing,
    async sign(request) {
      const { body = '' } = request;
      if (isUpload(body)) throw unreadable();
      try {
        const { material: current, forms } = await material();
        const at = clock.now();
        const copy = {
          method: request.method,
          origin: request.origin,
          target: request.path,
          headers: pairsOf(request.headers),
          body: Buffer.from(body),
          at,
        };
        const { headers, secrets = [] } = signer.sign(copy, { fields: current.fields, options, at });
        return {
          request: { ...request, headers: withAttached(request.headers, headers) },
          forms: [...forms, ...secretTextForms(secrets)],
        };
      } catch (error) {
        // The cause of a foreign error may quote what it failed on.
        if (isPatchbayError(error) && error.sent === 'no') throw error;
        throw isPatchbayError(error) ? unsent(error) : failed(signer.id);
      }
    },
  };
}

// It serves all who wait for it, so it ends by its own time and not with the request of the first.
async function send({ network }: SigningWorld, call: SignerCall): Promise<SignerAnswer> {
  const { status, body } = await network.request({
    origin: call.origin,
    path: call.path,
    method: 'POST',
    headers: call.headers.flat(),
    body: call.body,
    timeouts: { totalMs: longestCall },
    maxResponseBytes: largestAnswer,
  });
  return { status, body: Buffer.from(body).toString('utf8') };
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] satisfies [string, string]] : []));
}

/** A call of the signer's may have reached its service; the request that it was for has not left. */
function unsent(error: PatchbayError): PatchbayError {
  const { code, message, retryable, details } = error;
  return new PatchbayError({ code, message, retryable, details, sent: 'no' });
}

function failed(id: string): PatchbayError {
  return new PatchbayError({
    code: 'credential_missing',
    message: `The signer ${id} could not sign the request, so nothing was sent. Check the credential and put the connection again.`,
    sent: 'no',
  });
}

function unreadable(): PatchbayError {
  return new PatchbayError({
    code: 'unsupported',
    message: 'A signature is made of the whole body, and this one is a stream. Pass it as bytes.',
    sent: 'no',
  });
}
