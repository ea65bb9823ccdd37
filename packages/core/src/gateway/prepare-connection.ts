import type { Credential } from '../connector/auth-method.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { ClientIdentity } from '../net/network-request.ts';
import { attachmentOf } from './attach-credential.ts';
import { connectionPlace } from './connection-place.ts';
import type { GatewayOptions, SessionOptions } from './gateway-options.ts';
import type { PreparedConnection } from './prepared-connection.ts';
import { secretForms, secretTextForms } from './secret-forms.ts';
import { secretTarget } from './secret-target.ts';
import { chooseSigning, secretFields } from './signing/choose-signing.ts';
import { type ConnectionSigning, connectionSigning, type SigningOptions } from './signing/connection-signing.ts';
import { pinnedVersion } from './versions/pinned-version.ts';

/** Works out origin, attachment and secret forms once per opened credential. Throws `egress_refused`, `credential_missing` and `configuration_invalid`. */
export function prepareConnection(gateway: GatewayOptions, session: SessionOptions): PreparedConnection {
  const { prepared, signers } = gateway;
  const { connection, definition, credential } = session;
  const known = prepared.get(credential);
  if (known && known.connection === connection && known.definition === definition) return known;
  const { settings } = connection.value;
  const signing = chooseSigning({ signers, auth: definition.auth, settings }, credential);
  const { origin, basePath } = connectionPlace(definition, credential, settings);
  const pin = pinnedVersion(definition.apiVersion, settings);
  const made: PreparedConnection = {
    connection,
    definition,
    origin,
    basePath: `${basePath}${pin.path}`,
    fixedHeaders: { ...definition.headers, ...pin.headers },
    fixedQuery: pin.query,
    attachment: attachmentOf(definition.auth, credential),
    secretTarget: secretTarget(definition.auth, credential, origin),
    identity: identityOf(credential, origin),
    // What is signed with outlives a change of the connection's name or owner.
    signing: signing === null ? null : (signingAgain(known?.signing, signing) ?? connectionSigning(gateway, signing)),
    forms: [...secretForms(credential), ...secretTextForms(signing === null ? [] : secretFields(signing))],
  };
  prepared.set(credential, made);
  return made;
}

function signingAgain(known: ConnectionSigning | null | undefined, wanted: SigningOptions): ConnectionSigning | undefined {
  const { signer, options } = known?.by ?? {};
  return known && signer === wanted.signer && canonicalJson({ ...options }) === canonicalJson({ ...wanted.options }) ? known : undefined;
}

/** Without TLS there is nobody to show the certificate to, and the request would go without a credential. */
function identityOf(credential: Credential, origin: string): ClientIdentity | undefined {
  if (credential.type !== 'mutual_tls') return undefined;
  if (origin.startsWith('https:')) return { certificate: credential.certificate, privateKey: credential.privateKey };
  throw new PatchbayError({
    code: 'egress_refused',
    message: 'A client certificate can be shown over https alone, and the origin is plain http. Correct the connector or its options.',
    sent: 'no',
  });
}
